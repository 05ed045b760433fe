"""The journey from a workbook to the exported leaderboard, driven by commands and requests as an outsider would."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.http.browser import PASSWORD, Browser
from tests.http.platforms import PLAN, QUESTIONS, Platform, a_phone

TITLE = "质量月竞赛"


def a_contest_by_command(platform: Platform, folder: Path, slug: str) -> None:
    value = {
        "slug": slug,
        "title": TITLE,
        "bank": "质量题库",
        "opens_at": "2020-01-01T00:00",
        "closes_at": "2099-01-01T00:00",
        "terms": {"plan": PLAN, "time_limit_s": 600},
    }
    path = folder / "contest.json"
    path.write_text(json.dumps(value))
    assert platform.server.flask("contest", "create", str(path)).split()[-1] == slug
    platform.server.flask("contest", "publish", slug)


def test_from_a_contest_in_json_to_the_exported_ladder(platform: Platform, tmp_path: Path) -> None:
    slug = f"journey-{a_phone()}"
    a_contest_by_command(platform, tmp_path, slug)

    anybody = Browser(platform.port)
    page = anybody.get(f"/contests/{slug}")
    assert page.status == 200 and TITLE in page.text
    signed_out = anybody.send("POST", f"/contests/{slug}/attempts", b"")
    assert (signed_out.status, signed_out.location) == (303, f"/sign-in?next=/contests/{slug}")

    person, phone = Browser(platform.port), a_phone()
    reply = person.register(phone, name="欧阳娜娜", kind="employee", unit="U2", next=f"/contests/{slug}")
    assert (reply.status, reply.location) == (303, f"/contests/{slug}")
    attempt = person.start(slug).location
    paper = person.json(attempt)
    assert paper["state"] == "open" and 0 < paper["remaining_ms"] <= 600_000
    for question in paper["questions"][:-1]:
        answer = [option["letter"] for option in question["options"] if option["text"] in ("甲", "对")]
        if question["kind"] == "multiple_choice":
            answer = [option["letter"] for option in question["options"] if option["text"] in ("甲", "乙")]
        saved = person.save(attempt, question["position"], answer, revision=0, device="d", seq=1)
        assert (saved.status, saved.json["saved"], saved.json["revision"]) == (200, True, 1)
    assert person.post(f"{attempt}/submit").location == f"{attempt}/result"
    result = person.json(f"{attempt}/result")
    assert (result["score"], result["full"], result["rank"]) == (25, 30, 1)

    ladder = anybody.json(f"/contests/{slug}/standings")
    (row,) = ladder["rows"]
    assert (row["name"], row["street"], row["unit"], row["score"]) == ("欧阳**", "东门街道", "东门小学", 25)
    assert row["elapsed_ms"] == result["elapsed_ms"]
    units = {row["code"]: row["participants"] for row in anybody.json(f"/contests/{slug}/standings?by=unit")["rows"]}
    assert units["U2"] == 1

    export = tmp_path / "results.xlsx"
    platform.server.flask("results", "export", slug, str(export))
    header, first, *rest = load_workbook(export)["个人"].iter_rows(values_only=True)
    assert header[:9] == ("名次", "参赛编号", "姓名", "手机号", "街道", "单位", "得分", "用时（秒）", "交卷时间")
    assert first[:7] == (1, result["entry_code"], "欧阳娜娜", phone, "东门街道", "东门小学", 25)
    assert rest == []
    assert "equal" in platform.server.flask("standings", "verify", slug)

    redrawn = json.loads(platform.server.flask("paper", "draw", slug, result["seed"]))
    assert [line["version"] for line in redrawn] == [question["version"] for question in result["questions"]]
    shown = json.loads(platform.server.flask("contest", "show", slug))
    assert drawn_by_an_outsider(shown, result["seed"]) == redrawn


def drawn_by_an_outsider(contest: dict[str, Any], seed: str) -> list[dict[str, Any]]:
    """Algorithm 1 from what ``contest show`` publishes, with nothing of ours."""

    def order(word: str, *parts: int) -> str:
        return sha256("|".join([word, seed, *map(str, parts)]).encode()).hexdigest()

    drawn: list[dict[str, Any]] = []
    for line in contest["terms"]["plan"]:
        fits = [v for v in contest["pool"]["versions"] if v["kind"] == line["kind"] and v not in drawn]
        drawn += sorted(fits, key=lambda v: order("paper", v["version"]))[: line["count"]]
    paper = []
    for version in sorted(drawn, key=lambda v: order("order", v["version"])):
        free = [n for n in range(1, version["options"] + 1) if n not in version["pinned"]]
        free.sort(key=lambda n, v=version["version"]: order("option", v, n))  # type: ignore[misc]  # mypy cannot type a lambda with defaults
        paper.append({"version": version["version"], "options": free + version["pinned"]})
    return paper


def test_a_quiz_without_javascript(platform: Platform) -> None:
    """Forms only: one question after the other, then the sheet, then the hand-in."""
    slug = platform.a_contest()
    person = platform.a_participant()
    where = person.post(f"/contests/{slug}/attempts").location
    attempt = where
    for position in range(1, QUESTIONS + 1):
        assert f"第 {position}/{QUESTIONS} 题" in person.get(where).text
        reply = person.post(f"{attempt}/answers/{position}", {"answer": "A", "present": "1", "revision": "0"})
        assert reply.status == 303
        where = reply.location
    assert where == f"{attempt}/sheet"
    assert person.get(where).status == 200
    assert person.post(f"{attempt}/submit").location == f"{attempt}/result"
    assert all(question["answer"] == ["A"] for question in person.json(f"{attempt}/result")["questions"])


def test_a_judge_sets_a_password_and_downloads_the_workbook(platform: Platform, tmp_path: Path) -> None:
    slug = platform.a_contest()
    account = f"judge{a_phone()}"
    link = platform.server.flask("staff", "add", "judge", account).split()[-1]
    path = link[link.index("/links/") :]
    judge = Browser(platform.port)
    assert judge.get(path).status == 200
    judge.fetch_token(path)
    reply = judge.post(path, {"password": PASSWORD})
    assert (reply.status, reply.location) == (303, "/sign-in")
    assert judge.get(path).status == 410
    judge.fetch_token("/sign-in")
    assert judge.post("/sign-in", {"account": account, "password": PASSWORD}).status == 303
    workbook = judge.get(f"/contests/{slug}/results.xlsx")
    assert workbook.status == 200
    file = tmp_path / "results.xlsx"
    file.write_bytes(workbook.body)
    assert {"规程", "个人", "单位", "街道", "试题"} <= set(load_workbook(file).sheetnames)
    assert platform.a_participant().get(f"/contests/{slug}/results.xlsx").status == 403


def test_a_body_without_a_length_is_never_taken_beyond_the_limit(platform: Platform) -> None:
    """A script that streams its save in chunks meets the same 16 KB."""
    slug = platform.a_contest()
    person = platform.a_participant()
    attempt = person.start(slug).location
    body = b'{"answer": [' + b'"A",' * 20_000 + b'"A"]}'
    pieces = [body[start : start + 4000] for start in range(0, len(body), 4000)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    reply = person.send(
        "PUT", f"{attempt}/answers/1", chunks + b"0\r\n\r\n", Transfer_Encoding="chunked", Accept="application/json",
        Sec_Fetch_Site="same-origin", Content_Type="application/json",
    )  # fmt: skip
    assert reply.status in (413, 422), reply.text
    assert reply.json["saved"] is False
    person.close()
    assert person.json(attempt)["questions"][0]["revision"] == 0


def test_the_server_answers_what_machines_ask(platform: Platform) -> None:
    machine = Browser(platform.port)
    assert machine.get("/healthz").status == machine.get("/readyz").status == 200
    assert machine.get("/metrics").text.startswith("# HELP")
