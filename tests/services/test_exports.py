"""The judges' workbook says what the ladders say, as numbers, and no cell of it is a formula."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.cell import Cell
from python_calamine import CalamineWorkbook

from question_bank.database import db, transaction
from quiz.models import Attempt, Contest, Entry, Marking, Person, Ruling, Unit
from quiz.queries.standings import Within
from quiz.services import exports, sheets, standings
from tests.conftest import StillClock
from tests.contest_builders import FILL, MULTIPLE, TRUE_FALSE, a_bank, a_published, a_question, a_register
from tests.players import a_player, play

pytestmark = pytest.mark.usefixtures("context")

NASTY = ["=1+1", "+86 755", "-1", "@SUM(A1)", "\t=1+1", "_x0041_", '="a"', " 王 芳 ", "=cmd|' /C calc'!A0"]


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


def read(data: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(data))


def rows_of(data: bytes, sheet: str) -> list[dict[str, Any]]:
    header, *rows = read(data)[sheet].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def a_contest(now: datetime, **changes: Any) -> Contest:
    a_register()
    a_bank(now)
    return a_published(now, **changes)


def export(contest: Contest, now: datetime) -> bytes:
    return exports.judges_workbook(contest.id, now=now)


# --- the shape -------------------------------------------------------------------------------------------------------


def test_the_sheets_stand_in_their_order_with_the_headers_of_the_contract(now: datetime) -> None:
    contest = a_contest(now)
    play(contest, a_player(street="S1", now=now), now=now, right=[1, 2])
    workbook = read(export(contest, now))
    assert workbook.sheetnames == ["封面", "规程", "个人", "单位", "街道", "类别", "试题", "裁定", "抽奖"]
    places = ["名次", "编码", "名称", "应参加人数", "参与人数", "参与率", "平均成绩", "得分"]
    begins = {
        "封面": ["项目", "内容"],
        "规程": ["项目", "内容"],
        "个人": ["名次", "参赛编号", "姓名", "手机号", "街道", "单位", "得分", "用时（秒）", "交卷时间"],
        "单位": places,
        "街道": places,
        "类别": ["类别", *places],
        "试题": ["版本号", "题型", "领域", "难度", "题干", "选项A"],
        "裁定": ["编号", "时间", "裁定", "关于", "内容", "理由"],
    }
    for title, header in begins.items():
        found = [cell.value for cell in workbook[title][1]]
        assert found[: len(header)] == header
        assert len(set(found)) == len(found)


def test_headers_are_bold_and_stay_and_columns_are_wide_enough(now: datetime) -> None:
    contest = a_contest(now)
    play(contest, a_player(name="欧阳" * 6, street="S1", now=now), now=now, right=[1])
    for sheet in read(export(contest, now)):
        assert sheet.freeze_panes == "A2"
        assert all(cell.font.bold for cell in sheet[1])
    people = read(export(contest, now))["个人"]
    assert people.column_dimensions["C"].width >= 24
    assert people.column_dimensions["I"].width >= 19


def test_an_empty_contest_has_its_headers_and_every_unit_and_street(now: datetime) -> None:
    data = export(a_contest(now), now)
    assert rows_of(data, "个人") == rows_of(data, "试题") == []
    assert [(row["编码"], row["参与人数"], row["得分"]) for row in rows_of(data, "单位")] == [
        ("U1", 0, 0),
        ("U2", 0, 0),
    ]
    assert [row["编码"] for row in rows_of(data, "街道")] == ["S1"]


# --- persons, units, streets -----------------------------------------------------------------------------------------


def test_a_person_is_named_in_full_with_numbers_as_numbers_and_local_time(now: datetime) -> None:
    contest = a_contest(now)
    person = a_player("欧阳娜", unit="U2", now=now)
    attempt = play(contest, person, now=now, right=[1, 2], seconds=61.234)
    sheet = read(export(contest, now + timedelta(hours=1)))["个人"]
    cells: dict[str, Cell] = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    values = {name: cell.value for name, cell in cells.items()}
    assert values["名次"] == 1 and values["参赛编号"] == attempt.entry.entry_code
    assert (values["姓名"], values["手机号"], values["街道"], values["单位"]) == (
        "欧阳娜",
        person.phone,
        "东门街道",
        "东门小学",
    )
    assert values["得分"] == (attempt.score or 0) / 100 and values["用时（秒）"] == 61.234
    assert (values["交卷时间"] - datetime(2026, 6, 20, 9, 1, 1, 234000)) < timedelta(milliseconds=1)
    assert {cells[name].data_type for name in ("参赛编号", "姓名", "手机号", "街道", "单位")} == {"s"}
    assert {cells[name].data_type for name in ("名次", "得分", "用时（秒）")} == {"n"}
    assert cells["交卷时间"].is_date


def test_ranks_are_shared_and_the_order_is_that_of_the_ladder(now: datetime) -> None:
    contest = a_contest(now)
    for right, seconds in (([1, 2, 3], 60), ([1, 2, 3], 30), ([1, 2, 3], 60), ([1], 10)):
        play(contest, a_player(street="S1", now=now), now=now, right=right, seconds=seconds)
    assert [row["名次"] for row in rows_of(export(contest, now), "个人")] == [1, 2, 2, 4]


def test_a_deleted_person_keeps_the_masked_name_and_no_phone(now: datetime) -> None:
    contest = a_contest(now)
    for name in ("王小明", "李强"):
        play(contest, a_player(name, street="S1", now=now), now=now, right=[1])
    with transaction() as session:
        entries = {entry.masked_name: entry for entry in session.query(Entry)}
        entries["王**"].person_id = None
        left = session.get_one(Person, entries["李*"].person_id)
        left.name, left.phone, left.forgotten_at = left.masked_name, None, now
    found = {(row["姓名"], row["手机号"]) for row in rows_of(export(contest, now), "个人")}
    assert found == {("王**", None), ("李*", None)}


def test_units_and_streets_carry_their_rate_mean_and_score(now: datetime) -> None:
    contest = a_contest(now)
    scores = [
        play(contest, a_player(unit="U2", now=now), now=now, right=right).score or 0 for right in ([1, 2, 3], [1, 2])
    ]
    data = export(contest, now)
    unit = rows_of(data, "单位")[0]
    assert (unit["名次"], unit["编码"], unit["应参加人数"], unit["参与人数"], unit["类别"]) == (1, "U2", 60, 2, "学校")
    assert unit["参与率"] == pytest.approx(2 / 60) and unit["平均成绩"] == sum(scores) / 200
    assert unit["得分"] == pytest.approx((100 * 2 / 60 + sum(scores) / 2500 * 100) / 2, abs=0.005)
    cell = read(data)["单位"]["F2"]
    assert cell.number_format == "0.00%" and cell.data_type == "n"
    assert rows_of(data, "街道")[0]["参与人数"] == 2


def test_without_a_rank_the_cell_is_empty(now: datetime) -> None:
    rule = {"measures": [{"measure": "participation_rate", "weight": 1}], "least_headcount": 70, "ties": []}
    contest = a_contest(now, terms={"plan": [{"kind": "true_false", "count": 1, "points": 5}], "unit_ladder": rule})
    play(contest, a_player(unit="U2", now=now), now=now, right=[1])
    rows = {row["编码"]: row["名次"] for row in rows_of(export(contest, now), "单位")}
    assert rows == {"U1": 1, "U2": None}


def test_what_is_overdue_is_handed_in_first(now: datetime) -> None:
    contest = a_contest(now)
    play(contest, a_player(street="S1", now=now), now=now, right=[1], seconds=None)
    assert rows_of(export(contest, now), "个人") == []
    later = now + timedelta(seconds=1211)
    assert [row["用时（秒）"] for row in rows_of(export(contest, later), "个人")] == [1200]


def test_the_workbook_agrees_with_a_rebuild(now: datetime) -> None:
    contest = a_contest(now)
    for right in ([1], [1, 2], []):
        play(contest, a_player(street="S1", now=now), now=now, right=right)
    before = rows_of(export(contest, now), "个人")
    standings.rebuild(contest.id)
    assert rows_of(export(contest, now), "个人") == before and len(before) == 2


# --- terms -----------------------------------------------------------------------------------------------------------


def test_the_terms_stand_in_words_with_their_digests_and_history(now: datetime) -> None:
    contest = a_contest(now)
    rows = [(row["项目"], row["内容"]) for row in rows_of(export(contest, now), "规程")]
    items = dict(rows)
    assert items["竞赛"] == "质量知识竞赛" and items["规程 SHA-256"] == contest.terms.sha256
    assert contest.pool and items["抽题范围 SHA-256"] == contest.pool.digest
    assert any("参与率 × 50 %" in words for _item, words in rows)
    assert items["导出时间"] == "2026 年 6 月 20 日 9:00"
    assert sum(item.startswith("规程第") for item, _words in rows) == len(contest.terms_versions)


# --- cover, classes, rulings -----------------------------------------------------------------------------------------


def test_the_cover_says_what_it_is_by_which_rule_and_how_to_check_it(now: datetime) -> None:
    contest = a_contest(now)
    play(contest, a_player(street="S1", now=now), now=now, right=[1])
    rows = {row["项目"]: row["内容"] for row in rows_of(export(contest, now), "封面")}
    assert rows["竞赛"] == "质量知识竞赛" and rows["参与"] == "1 人；列入榜单的单位 2 个，街道 1 个"
    assert "参与率 × 50 %" in rows["单位怎样排名"] and rows["封存"].startswith("尚未封存")
    assert rows["规程 SHA-256"] == contest.terms.sha256 and "裁定" in rows["怎样核对"]


def test_units_are_ranked_apart_by_class(now: datetime) -> None:
    contest = a_contest(now)
    play(contest, a_player(unit="U2", now=now), now=now, right=[1])
    rows = [(row["类别"], row["名次"], row["编码"]) for row in rows_of(export(contest, now), "类别")]
    assert rows == [("学校", 1, "U2"), ("机关", 1, "U1")]


def test_every_ruling_stands_in_words_undone_ones_too(now: datetime) -> None:
    contest = a_contest(now)
    attempt = play(contest, a_player(street="S1", now=now), now=now, right=[1])
    code, version = attempt.entry.entry_code, attempt.paper.layout[0]["version"]
    with transaction() as session:
        made = {"contest_id": contest.id, "made_at": now}
        session.add(
            Ruling(kind="another_key", version_id=version, value={"choices": [1, 3]}, reason="教材有误", **made)
        )
        session.add(
            Ruling(kind="another_key", version_id=version, value={"blanks": [["甲", "乙"], ["丙"]]}, reason="", **made)
        )
        session.add(Ruling(kind="set_aside", attempt_id=attempt.id, value={}, reason="代答", **made))
        session.flush()
        session.add(Ruling(kind="undo", attempt_id=attempt.id, value={}, reason="查明是本人", undoes_id=3, **made))
        session.add(Ruling(kind="extra_time", value={"ms": 300_000}, reason="停电", **made))
        session.add(Ruling(kind="something_new", entry_id=attempt.entry_id, value={}, reason="", **made))
    rows = rows_of(export(contest, now), "裁定")
    assert [row["裁定"] for row in rows] == ["更正答案", "更正答案", "作废", "撤销裁定", "补时", "something_new"]
    assert [row["关于"] for row in rows] == [
        f"试题，版本号 {version}",
        f"试题，版本号 {version}",
        f"答卷：参赛编号 {code}，第 1 次",
        f"答卷：参赛编号 {code}，第 1 次",
        "整场竞赛",
        f"参赛编号 {code}",
    ]
    assert [row["内容"] for row in rows] == [
        "答案改为第 1、3 项（题库里的先后）",
        "答案改为 甲 或 乙；丙",
        None,
        f"撤销第 {rows[2]['编号']} 号",
        "5 分钟",
        None,
    ]
    assert [row["现在"] for row in rows][2] == f"已被第 {rows[3]['编号']} 号撤销"
    assert {row["作出人"] for row in rows} == {"命令行"} and rows[0]["时间"] == datetime(2026, 6, 20, 9, 0)


def test_progress_is_told_of_persons_and_of_questions(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "STEP", 2)
    contest = a_contest(now)
    for _ in range(3):
        play(contest, a_player(street="S1", now=now), now=now, right=[1])
    told: list[tuple[str, int, int]] = []
    exports.write_judges_workbook(contest.id, BytesIO(), now=now, told=lambda *how_far: told.append(how_far))
    assert told == [("写个人", 0, 3), ("写个人", 2, 3), ("写个人", 3, 3), ("数试题", 0, 3), ("数试题", 3, 3)]


# --- questions -------------------------------------------------------------------------------------------------------

PLAN = [{"kind": kind, "count": 1, "points": 5} for kind in ("single_choice", "multiple_choice", "true_false")]


def test_questions_are_counted_by_their_own_option_numbers(now: datetime) -> None:
    a_register()
    a_bank(now, a_question(), a_question(MULTIPLE), a_question(TRUE_FALSE), a_question(FILL))
    plan = [*PLAN, {"kind": "fill_blank", "count": 1, "points": 5}]
    contest = a_published(now, terms={"plan": plan, "mix_questions": False})
    play(contest, a_player(street="S1", now=now), now=now, right=[1, 2, 3, 4])
    play(contest, a_player(street="S1", now=now), now=now, right=[1], wrong=[2, 3, 4])
    play(contest, a_player(street="S1", now=now), now=now, wrong=[1])
    play(contest, a_player(street="S1", now=now), now=now, right=[1, 2, 3, 4], seconds=None)  # still answering
    rows = {row["题型"]: row for row in rows_of(export(contest, now), "试题")}
    single, multiple = rows["单选题"], rows["多选题"]
    assert (single["出现次数"], single["作答次数"], single["答对次数"]) == (3, 3, 2)
    assert single["正确率"] == pytest.approx(2 / 3)
    assert [single[f"选{a}人次"] for a in "ABCD"] == [2, 1, 0, 0]
    assert (single["选项A"], single["选项D"]) == ("甲", "以上都对") and "选项E" not in single
    assert (rows["判断题"]["选项A"], rows["判断题"]["选项C"], rows["判断题"]["选C人次"]) == ("对", None, None)
    assert (multiple["答案"], multiple["作答次数"], multiple["答对次数"]) == ("AB", 2, 1)
    assert [multiple[f"选{a}人次"] for a in "ABCD"] == [1, 1, 1, 0]
    assert (rows["判断题"]["答案"], rows["判断题"]["选A人次"], rows["判断题"]["选B人次"]) == ("对", 1, 1)
    assert (rows["填空题"]["答案"], rows["填空题"]["答对次数"], rows["填空题"]["选A人次"]) == ("12315", 1, None)
    assert single["来源"] == "《产品质量法》"


def test_an_attempt_set_aside_counts_for_no_question(now: datetime) -> None:
    contest = a_contest(now)
    attempt = play(contest, a_player(street="S1", now=now), now=now, right=[1, 2, 3])
    with transaction() as session:
        session.get_one(Attempt, attempt.id).is_set_aside = True
    rows = rows_of(export(contest, now), "试题")
    assert len(rows) == 3
    assert {(row["出现次数"], row["作答次数"], row["正确率"]) for row in rows} == {(0, 0, None)}


def test_the_last_marking_decides_what_is_right(now: datetime) -> None:
    contest = a_contest(now)
    attempt = play(contest, a_player(street="S1", now=now), now=now, wrong=[1, 2, 3])
    with transaction() as session:
        session.add(
            Marking(
                attempt_id=attempt.id, number=2, points=[500, 0, 0], worth=[500, 500, 0], score=500, full=1000,
                made_from="", made_at=now,
            )
        )  # fmt: skip
    rows = rows_of(export(contest, now), "试题")
    assert sorted((row["答对次数"], row["正确率"]) for row in rows if row["正确率"] is not None) == [(0, 0), (1, 1)]
    assert [row["作答次数"] for row in rows if row["正确率"] is None] == [1]


def test_many_attempts_are_read_in_parts(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quiz.queries.exports.ATTEMPTS_AT_ONCE", 2)
    contest = a_contest(now)
    for _ in range(5):
        play(contest, a_player(street="S1", now=now), now=now, right=[1, 2, 3])
    rows = rows_of(export(contest, now), "试题")
    assert sum(row["出现次数"] for row in rows) == sum(row["答对次数"] for row in rows) == 15


# --- no cell a formula -----------------------------------------------------------------------------------------------


def test_no_exported_cell_is_a_formula_and_every_text_comes_back_as_it_was(now: datetime) -> None:
    a_register()
    stems = [f"{text} {number}" for number, text in enumerate(NASTY)]
    questions = [a_question(stem=stem, options=(stem, "乙", "丙"), source=stem) for stem in stems]
    a_bank(now, *questions)
    with transaction() as session:
        for number, text in enumerate(NASTY):
            session.add(Unit(code=f"={number}", name=text, unit_class=text, headcount=10))
    plan = [{"kind": "single_choice", "count": len(NASTY), "points": 5}]
    contest = a_published(now, title="=1+1", terms={"plan": plan, "about": {"host": "=HYPERLINK(1)"}})
    for number, text in enumerate(NASTY):
        play(contest, a_player(text, unit=f"={number}", now=now), now=now, right=[1])
    data = export(contest, now)
    assert not [c.coordinate for sheet in read(data) for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    calamine = CalamineWorkbook.from_filelike(BytesIO(data))
    for sheet, column, nasty in [("个人", "姓名", NASTY), ("单位", "名称", NASTY), ("试题", "题干", stems)]:
        header, *rows = calamine.get_sheet_by_name(sheet).to_python()
        assert set(nasty) <= {row[header.index(column)] for row in rows}
    # openpyxl leaves Excel's own escape _x005F_ as it stands in the file
    assert set(NASTY) - {"_x0041_"} <= {row["姓名"] for row in rows_of(data, "个人")}
    assert {row["手机号"][:3] for row in rows_of(data, "个人")} == {"138"}


def test_what_xml_cannot_carry_is_left_out(now: datetime) -> None:
    contest = a_contest(now)
    play(contest, a_player("王\x07\x1f芳\ufffe", street="S1", now=now), now=now, right=[1])
    assert [row["姓名"] for row in rows_of(export(contest, now), "个人")] == ["王芳"]


def test_a_ladder_longer_than_a_sheet_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS_MEASURED", 2)
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    file = BytesIO()
    with sheets.ResultWorkbook(file) as workbook:
        workbook.add("个人", [sheets.Column("名次", sheets.WHOLE)], ((number,) for number in range(7)))
    found = {sheet.title: [row[0] for row in sheet.iter_rows(values_only=True)] for sheet in read(file.getvalue())}
    assert found == {"个人": ["名次", 0, 1, 2], "个人 2": ["名次", 3, 4, 5], "个人 3": ["名次", 6]}


# --- own people ------------------------------------------------------------------------------------------------------


def test_managers_get_their_own_people_with_ranks_within_and_no_phone(now: datetime) -> None:
    contest = a_contest(now)
    play(contest, a_player("赵一", street="S1", now=now), now=now, right=[1, 2, 3], seconds=10)
    own = a_player("钱二", unit="U2", now=now)
    play(contest, own, now=now, right=[1], seconds=99)
    file = BytesIO()
    exports.write_own_people(contest.id, Within(unit_id=own.unit_id), file, exports.Form.WORKBOOK, now=now)
    data = file.getvalue()
    assert read(data).sheetnames == ["个人"]
    assert [(row["名次"], row["姓名"]) for row in rows_of(data, "个人")] == [(1, "钱二")]
    assert "手机号" not in rows_of(data, "个人")[0]


def test_the_export_changes_nothing(now: datetime) -> None:
    contest = a_contest(now)
    play(contest, a_player(street="S1", now=now), now=now, right=[1])
    export(contest, now)
    assert not db.session.new and not db.session.dirty
    assert standings.verify(contest.id) is None
