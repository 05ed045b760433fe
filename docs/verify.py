#!/usr/bin/env python3
"""Verify a sealed result with nothing but Python 3.8 or newer: python3 verify.py result.json [published SHA-256]

It shares no line with the platform. docs/verify.md explains the format. Prints one line; exit 0 all fits, 1 something
does not (named), 2 the file cannot be read.
"""

import hashlib
import json
import sys
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from fractions import Fraction

ORDER = ["head", "terms", "area", "unit", "version", "ruling", "entry", "ladder", "draw"]
MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"


NONSENSE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)


class Misfit(Exception):
    """The first thing that does not fit."""


class Unreadable(Exception):
    """No bundle."""


def must(holds, what):
    if not holds:
        raise Misfit(what)


# --- from the file to its lines, digests looked at on the way ---------------------------------------------------------


def canonical(record):
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def records_of(lines, published):
    """Each record with its line number. The digest of all of them is looked at when the last one has been given."""
    rest = iter(lines)
    try:
        opening = json.loads(next(rest, "") + "]}")
        stated, is_ours = opening["digest"], opening["format"] == "quality-contest-result"
    except (ValueError, KeyError, TypeError):
        raise Unreadable("the first line is not that of a bundle")
    if not is_ours:
        raise Unreadable("this is not a bundle of a contest")
    whole, is_closed = hashlib.sha256(), False
    for number, line in enumerate(rest, 2):
        line = line.rstrip("\r\n")
        if is_closed:
            must(not line, "line %d: nothing may follow the end" % number)
        elif line == "]}":
            is_closed = True
        else:
            line = line[:-1] if line.endswith(",") else line
            try:
                plain, exact = json.loads(line), json.loads(line, parse_float=Fraction)
            except ValueError:
                raise Unreadable("line %d is no JSON" % number)
            must(isinstance(plain, dict) and "record" in plain, "line %d is no record" % number)
            must(canonical(plain) == line, "line %d is not written as it must be" % number)
            whole.update((line + "\n").encode("utf-8"))
            yield number, exact
            check = plain.pop("check", None)
            must(
                sha256(canonical(plain))[:16] == check, "line %d: its own check does not fit: %s" % (number, line[:60])
            )
    if not is_closed:
        raise Unreadable("the file is cut off")
    must(whole.hexdigest() == stated, "the digest in the file is not that of its lines")
    must(published in (None, stated), "this is not the bundle that was published (%s)" % stated)


# --- what counts of an entry ------------------------------------------------------------------------------------------


def counting(attempts, counts):
    """The attempts that count, as the terms say; empty ones and those set aside never do."""
    valid = [a for a in attempts if a["answered"] > 0 and not a["set_aside"]]
    valid.sort(key=lambda a: (a["started_at"], a["ended_at"]))

    def best(some):
        return min(some, key=lambda a: (-a["score"], a["elapsed_ms"], a["ended_at"]))

    if not valid or counts == "mean":
        return valid
    if counts == "last":
        return [valid[-1]]
    if counts == "best":
        return [best(valid)]
    days = defaultdict(list)
    for attempt in valid:
        days[attempt["day"]].append(attempt)
    return [best(day) for day in days.values()]


def result_of(entry, counts):
    """Score, elapsed (both exact) and the moment of finishing; None for an entry that takes no part."""
    chosen = counting(entry["attempts"], counts)
    must(all(a["counts"] == any(a is c for c in chosen) for a in entry["attempts"]), "which attempts count is wrong")
    if not chosen:
        return None
    divisor = len(chosen) if counts == "mean" else 1
    score = Fraction(sum(a["score"] for a in chosen)) / divisor
    elapsed = Fraction(sum(a["elapsed_ms"] for a in chosen)) / divisor
    return score, elapsed, max(a["ended_at"] for a in chosen)


def rounded(value):
    """Half up, to two decimals."""
    return Fraction((value * 200 + 1) // 2, 100)


def day_of(moment, zone):
    """The day on which a moment falls in the contest's zone; None where this Python cannot say."""
    utc = datetime.strptime(moment, MOMENT).replace(tzinfo=timezone.utc)
    if zone == "Asia/Shanghai":
        return (utc + timedelta(hours=8)).date().isoformat()
    try:
        from zoneinfo import ZoneInfo
    except ImportError:
        return None
    return utc.astimezone(ZoneInfo(zone)).date().isoformat()


# --- ladders of units and streets -------------------------------------------------------------------------------------


def row_of(place, scores_or_none, rule):
    scores = [score for score in scores_or_none if score is not None]
    return {
        "code": place["code"], "headcount": place["headcount"], "rank": None, "scores": scores,
        "is_ranked": place["headcount"] >= rule["least_headcount"],
        "entries": len(scores_or_none), "participants": len(scores), "nonzero": sum(s > 0 for s in scores),
        "total": Fraction(sum(scores)), "mean": Fraction(sum(scores)) / len(scores) if scores else Fraction(0),
    }  # fmt: skip


def in_order(rows, rule, full):
    """The rows of one ladder with score and rank; those below the least headcount last and without a rank."""
    ranked = [row for row in rows if row["is_ranked"]]
    below = sorted((row for row in rows if not row["is_ranked"]), key=lambda row: row["code"])
    for group in (ranked, below):
        for row in group:
            weighted = [(m, measure(row, m["measure"], group, full, m)) for m in rule["measures"]]
            row["measures"] = {m["measure"]: value for m, value in weighted}
            weights = sum(Fraction(m["weight"]) for m in rule["measures"])
            row["score"] = sum(Fraction(m["weight"]) * value for m, value in weighted) / weights
            ties = [tie_value(row, name, group, full) for name in rule["ties"]]
            row["order"] = [-row["score"], *(-value for value in ties)]
    ranked.sort(key=lambda row: (row["order"], row["code"]))
    for number, row in enumerate(ranked):
        is_equal = number > 0 and ranked[number - 1]["order"] == row["order"]
        row["rank"] = ranked[number - 1]["rank"] if is_equal else number + 1
    return ranked + below


def tie_value(row, name, group, full):
    """A measure in the chain of ties: the weighted one where it is weighted."""
    if name in row["measures"]:
        return row["measures"][name]
    return Fraction(0) if name in ("excellent_rate", "best_n") else measure(row, name, group, full, {})


def amount(row, name):
    if name == "entries_per_head":
        return Fraction(row["entries"], row["headcount"]) if row["headcount"] else Fraction(0)
    return Fraction(row["total" if name == "total_score" else name])


def measure(row, name, group, full, weighted):
    """One measure, brought to 0–100."""
    if name == "participation_rate":
        return (
            100 * min(Fraction(1), Fraction(row["participants"], row["headcount"])) if row["headcount"] else Fraction(0)
        )
    if name == "mean_score":
        part, whole = row["mean"], full
    elif name == "excellent_rate":
        part, whole = sum(s >= weighted.get("mark", 0) for s in row["scores"]), row["participants"]
    elif name == "best_n":
        n = weighted.get("n", 1)
        part, whole = sum(sorted(row["scores"], reverse=True)[:n]), n * full
    else:
        part, whole = amount(row, name), max(amount(other, name) for other in group)
    return Fraction(part) / whole * 100 if whole else Fraction(0)


# --- the whole --------------------------------------------------------------------------------------------------------


def verify(lines, published=None):
    """Takes the lines of result.json; the head. Raises Misfit, Unreadable."""
    found = defaultdict(list)  # the records of each kind; of entries what the ladders need
    state = {"stage": 0, "rank": 0, "last": None, "codes": set()}
    for number, record in records_of(lines, published):
        kind = record["record"]
        try:
            must(kind in ORDER and (kind == "head") == (not found), "unknown, or it stands in the wrong place")
            enter(ORDER.index(kind), found, state)
            if kind == "entry":
                found["entry"].append(entry_result(record, state, len(found["entry"]) + 1))
            else:
                found[kind].append(record)
            if kind == "ladder":
                same_row(record, next(state["rows"], None))
            if kind == "draw":
                draw_fits(record["draw"], found["head"][0], state["codes"])
        except Misfit as misfit:
            raise Misfit("line %d (%s): %s" % (number, record.get("entry") or record.get("code") or kind, misfit))
        except NONSENSE as error:
            raise Misfit("line %d (%s): it cannot be understood: %r" % (number, kind, error))
    must(found["head"], "the bundle is empty")
    try:
        enter(len(ORDER), found, state)
        must(next(state["rows"], None) is None, "a ladder lacks rows")
        for kind, count in found["head"][0]["counts"].items():
            must(len(found[kind]) == count, "%d records of kind %s instead of %s" % (len(found[kind]), kind, count))
    except NONSENSE as error:
        raise Misfit("the ladders cannot be worked out: %r" % error)
    return found["head"][0]


def enter(stage, found, state):
    """On to the records of a kind: what follows from those before is worked out now."""
    must(stage >= state["stage"], "it stands in the wrong place")
    if state["stage"] < ORDER.index("entry") <= stage:
        state["terms"], state["aside"] = before_entries(found)
    if state["stage"] < ORDER.index("ladder") <= stage:
        state["rows"] = ladders(found, state["terms"])
    state["stage"] = stage


def before_entries(found):
    """The terms in force, and what is set aside: (entry, period, number), or (entry,) for all of an entry."""
    head, last = found["head"][0], found["terms"][-1]
    must(sha256(last["value"]) == last["sha256"] == head["terms"], "the terms do not fit their digest")
    pool = "\n".join(
        "%d:%s" % (v["version"], v["digest"]) for v in sorted(found["version"], key=lambda v: v["version"])
    )
    must(sha256(pool) == head["pool"], "the pool does not fit its digest")
    for kind in ("area", "unit"):
        must(len({p["code"] for p in found[kind]}) == len(found[kind]), "a code of kind %s stands twice" % kind)
    must(
        [r["number"] for r in found["ruling"]] == list(range(1, len(found["ruling"]) + 1)),
        "rulings are not numbered on",
    )
    undone, aside = {r["undoes"] for r in found["ruling"]}, set()
    for ruling in found["ruling"]:
        about = ruling["about"]
        if ruling["kind"] == "set_aside" and ruling["undoes"] is None and ruling["number"] not in undone:
            whole = "attempt" not in about
            aside.add((about["entry"],) if whole else (about["entry"], about["period"], about["attempt"]))
    return json.loads(last["value"], parse_float=Fraction)["terms"], aside


def entry_result(entry, state, place):
    """What the ladders need of an entry. ``state`` holds the rank so far and what this entry must come after."""
    code, terms, last = entry["entry"], state["terms"], state["last"]
    must(code not in state["codes"], "it stands twice")
    state["codes"].add(code)
    for attempt in entry["attempts"]:
        attempt_fits(code, attempt, terms, state["aside"])
    result = result_of(entry, terms["counts"])
    if result is None:
        order = (1, code)
        said = {entry["rank"], entry["score"], entry["exact"], entry["finished_at"]}
        must(said == {None}, "it takes no part and has neither score nor rank")
    else:
        score, elapsed, finished = result
        order = (0, -score, elapsed, finished, code)
        merit = order if terms["ties"] == "none" else order[:-1]
        if last is None or merit != last[: len(merit)]:
            state["rank"] = place
        must(
            entry["exact"] == {"score": str(score), "elapsed_ms": str(elapsed)},
            "recomputed score %s, elapsed %s" % (score, elapsed),
        )
        must(entry["score"] == rounded(score), "score %s, recomputed %s" % (entry["score"], score))
        must(entry["finished_at"] == finished, "finished at %s, recomputed %s" % (entry["finished_at"], finished))
        must(entry["rank"] == state["rank"], "rank %s, recomputed %s" % (entry["rank"], state["rank"]))
    must(last is None or last < order, "it stands in the wrong place")
    state["last"] = order
    return {"score": result and result[0], "street": entry["street"], "unit": entry["unit"]}


def attempt_fits(code, attempt, terms, aside):
    took = datetime.strptime(attempt["ended_at"], MOMENT) - datetime.strptime(attempt["started_at"], MOMENT)
    must(attempt["elapsed_ms"] == took // timedelta(milliseconds=1), "elapsed does not fit start and end")
    day = day_of(attempt["started_at"], terms["time_zone"])
    must(day in (None, attempt["day"]), "the day does not fit the start")
    is_aside = (code,) in aside or (code, attempt["period"], attempt["number"]) in aside
    must(attempt["set_aside"] == is_aside, "set aside or not: attempt and rulings do not agree")
    must(0 <= attempt["score"] <= attempt["full"] <= full_of(terms), "a score outside of what could be earned")


def full_of(terms):
    return sum(Fraction(line["points"]) * line["count"] for line in terms["plan"])


def ladders(found, terms):
    """Every row of both ladders as the records should say it."""
    places = {"unit": found["unit"], "street": [a for a in found["area"] if a["kind"] == "street"]}
    for by in ("unit", "street"):
        mine = defaultdict(list)
        for entry in found["entry"]:
            mine[entry[by]].append(entry["score"])
        codes = {place["code"] for place in places[by]}
        must(set(mine) <= codes | {None}, "an entry of a %s that is none of this contest" % by)
        rows = [row_of(place, mine[place["code"]], terms[by + "_ladder"]) for place in places[by]]
        for row in in_order(rows, terms[by + "_ladder"], full_of(terms)):
            yield dict(row, by=by)


def same_row(record, row):
    must(row is not None, "one row too many")
    must((record["by"], record["code"]) == (row["by"], row["code"]), "%s %s belongs here" % (row["by"], row["code"]))
    said = {
        key: record[key] for key in ("rank", "exact", "score", "participants", "nonzero", "entries", "mean", "total")
    }
    fits = {
        "rank": row["rank"], "exact": str(row["score"]), "score": rounded(row["score"]), "mean": rounded(row["mean"]),
        "participants": row["participants"], "nonzero": row["nonzero"], "entries": row["entries"],
        "total": str(row["total"]),
    }  # fmt: skip
    for key, value in fits.items():
        must(said[key] == value, "%s %s, recomputed %s" % (key, said[key], value))
    must(record["measures"] == {m: str(v) for m, v in row["measures"].items()}, "the measures do not fit")


def draw_fits(draw, head, codes):
    """The winners are entries of this contest; who should win, draw_check.py says where it lies beside this script."""
    must(draw["contest"] == head["contest"], "a draw of another contest")
    for tier in draw["tiers"]:
        must(set(tier["winners"]) <= codes, "a winner who is no entry of this contest")
    try:
        from draw_check import check
    except ImportError:
        print(
            "draw_check.py does not lie beside this script: the winners of draw %s were not drawn again"
            % draw["number"]
        )
        return
    wrong = check(draw)
    must(wrong is None, "draw %s: %s" % (draw["number"], wrong))


def main(arguments):
    if not 1 <= len(arguments) <= 2:
        print(__doc__)
        return 2
    published = arguments[1].lower() if len(arguments) == 2 else None
    try:
        with open(arguments[0], encoding="utf-8", newline="\n") as lines:
            head = verify(lines, published)
    except Misfit as misfit:
        print("%s: %s" % (arguments[0], misfit))
        return 1
    except (Unreadable, OSError, UnicodeDecodeError) as error:
        print("%s cannot be read: %s" % (arguments[0], error))
        return 2
    held = "it is the published one" if published else "whether it is the published one shows only its digest"
    print("%s: seal %d of %s, %d entries: all fits; %s." % (
        arguments[0], head["seal"], head["contest"], head["counts"]["entry"], held))  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
