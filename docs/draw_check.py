"""Recompute a prize draw of 质量知识竞赛 from its public JSON. Standard library only: python3 draw_check.py DRAW.json

It reads nothing but the file and needs nothing of the platform. Exit 0: everything fits; 1: what does not is printed.
"""

import hashlib
import json
import sys


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def check(draw):
    lines = draw["list"]
    if sha256("".join(line + "\n" for line in lines)) != draw["list_sha256"]:
        return "the list is not the one whose digest was published"
    head, *rows = [line.split("|") for line in lines]
    if head[:3] != ["draw", draw["contest"], str(draw["number"])]:
        return "the list is that of another draw"
    by_rank = head[3] == "rank"
    tiers = [row for row in rows if row[0] == "tier"]
    entries = [(row[1], *map(int, row[2:])) for row in rows if row[0] == "entry"]  # code, rank, sum, counted
    if draw["drawn_at"] is None:
        return None
    if not by_rank:
        if sha256(draw["seed"]) != draw["seed_sha256"]:
            return "the seed is not the one whose digest was published"
        if not draw["fixed_at"] <= draw["announced_at"] < draw["public_at"] <= draw["drawn_at"]:
            return "the steps did not come in their order"
    taken, reach, held, now = set(), 0, set(), []
    if len(draw["tiers"]) != len(tiers):
        return "the tiers are not those of the list"
    for at, tier in enumerate(tiers):
        shown = draw["tiers"][at]
        name, prizes, substitutes, below, mark = tier[1], int(tier[2]), int(tier[3]), tier[5], int(tier[6])
        inside = [
            (code, rank)
            for code, rank, points, counted in entries
            if code not in taken and points >= mark * counted and (not below or points < int(below) * counted)
        ]
        if by_rank:
            reach += prizes
            winners, waiting = [code for code, rank in inside if rank <= reach], []
        else:
            parts = ["draw", draw["seed"], draw["public_number"], name]
            best = sorted((code for code, _rank in inside), key=lambda code: sha256("|".join([*parts, code])))
            winners, waiting = best[:prizes], best[prizes : prizes + substitutes]
        if (shown["name"], shown["drawn"], shown["substitutes"]) != (name, winners, waiting):
            return f"{name}: drawn are {' '.join(winners)}, then {' '.join(waiting)}"
        taken.update(winners)
        held.update(winners)
        now.append(list(winners))
    names = [tier[1] for tier in tiers]
    for change in draw["changes"]:
        at = names.index(change["tier"])
        following = [code for code in draw["tiers"][at]["substitutes"] if code not in held][:1]
        if change["entry_code"] not in now[at] or [change["substitute"]] != (following or [None]):
            return f"{change['tier']}: who left or who stepped in is wrong"
        now[at].remove(change["entry_code"])
        now[at] += following
        held.update(following)
    for at, winners in enumerate(now):
        if draw["tiers"][at]["winners"] != winners:
            return f"{names[at]}: the winners now are {' '.join(winners)}"
    return None


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        found = check(json.load(file))
    print(found or "everything fits")
    sys.exit(1 if found else 0)
