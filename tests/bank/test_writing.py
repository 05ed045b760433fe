# ruff: noqa: E501  (samples stand as they come)
"""An exported bank imports again unchanged, and none of its cells is a formula."""

import shutil
import subprocess
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from question_bank.check import check_file
from question_bank.content import QuestionContent
from question_bank.kinds import QuestionKind
from question_bank.writing import bank_workbook, blank_workbook, headers

NASTY = ["=1+1", "+A1", "-1", "@x", "A. 红", "第一行\n第二行", "a；b", "a|||b", "𠮷", "_x0041_", "[1]", '["a"]', "12315", "1e5", "TRUE", "  ",
         "（A）", "__B__", "<b>&amp;</b>", "对", "答案：A", "2026-06-30", "0.10", "B", "'x", "#N/A", "x" * 2000]  # fmt: skip
text = (
    st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=30)
).map(lambda value: value.replace("\ufeff", "").strip() or "字")
optional = st.just("") | text
days = st.none() | st.dates(date(1999, 1, 1), date(2099, 1, 1))


@st.composite
def contents(draw: st.DrawFn) -> QuestionContent:
    kind = draw(st.sampled_from(QuestionKind))
    options: tuple[str, ...] = ()
    choices: frozenset[int] = frozenset()
    blanks: tuple[tuple[str, ...], ...] = ()
    answer = ""
    if kind.has_options:
        options = tuple(draw(st.lists(text, min_size=2, max_size=10)))
        most = 1 if kind is QuestionKind.SINGLE_CHOICE else len(options)
        choices = frozenset(draw(st.sets(st.integers(1, len(options)), min_size=1, max_size=most)))
    elif kind is QuestionKind.TRUE_FALSE:
        choices = frozenset({draw(st.sampled_from([1, 2]))})
    elif kind is QuestionKind.FILL_BLANK:
        blanks = tuple(map(tuple, draw(st.lists(st.lists(text, min_size=1, max_size=3), min_size=1, max_size=3))))
    else:
        answer = draw(optional)
    return QuestionContent(
        kind, draw(text), options, choices, blanks, answer, draw(optional), draw(optional), draw(optional), draw(optional),
        draw(days), draw(days),
    )  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(contents(), min_size=1, max_size=4, unique_by=lambda content: content.fingerprint))
def test_an_exported_bank_imports_again_unchanged(bank: list[QuestionContent]) -> None:
    report = check_file(bank_workbook(bank), "bank.xlsx")
    assert [question.content for question in report.questions] == bank
    assert (report.problems, report.duplicates) == ((), 0)


def test_no_cell_is_a_formula() -> None:
    content = QuestionContent(
        QuestionKind.TRUE_FALSE, "=1+1", choices=frozenset({1}), explanation="+x", source="@y", domain="-z"
    )
    for row in load_workbook(BytesIO(bank_workbook([content]))).active.iter_rows():
        assert all(cell.data_type in ("s", "n", "d") for cell in row)


def test_the_blank_workbook_has_the_headers_lists_and_no_questions() -> None:
    book = load_workbook(BytesIO(blank_workbook()))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == headers() == [
        "题型", "题干", *(f"选项{letter}" for letter in "ABCDEFGH"), "答案", "解析", "来源", "领域", "难度", "核对日期", "有效期至", "标签",
    ]  # fmt: skip
    assert sheet.freeze_panes == "A2"
    assert [rule.type for rule in sheet.data_validations.dataValidation] == ["list", "list"]
    assert [problem.code for problem in check_file(blank_workbook(), "blank.xlsx").problems] == ["no_questions"]


def test_the_blank_workbook_filled_in_is_read() -> None:
    book = load_workbook(BytesIO(blank_workbook()))
    book.worksheets[0].append(
        [
            "单选题",
            "哪个？",
            "A. 红",
            "B. 绿",
            *[""] * 6,
            "B",
            "因为",
            "某法",
            "产品/食品",
            "易",
            "2026-06-20",
            "2027/1/1",
        ]
    )
    stream = BytesIO()
    book.save(stream)
    report = check_file(stream.getvalue(), "blank.xlsx")
    assert [q.content for q in report.questions] == [
        QuestionContent(
            QuestionKind.SINGLE_CHOICE, "哪个？", ("红", "绿"), frozenset({2}), explanation="因为", source="某法", domain="产品/食品",
            difficulty="易", checked_on=date(2026, 6, 20), valid_until=date(2027, 1, 1),
        )
    ]  # fmt: skip


OFFICE = shutil.which("soffice")


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed here")
def test_a_workbook_saved_again_by_libreoffice_reads_the_same(tmp_path: Path) -> None:
    bank = [
        QuestionContent(QuestionKind.SINGLE_CHOICE, f"{number} {text}", (text, "甲", "乙"), frozenset({1}), source=text)
        for number, text in enumerate(text for text in NASTY if text.strip())
    ]
    bank += [
        QuestionContent(
            QuestionKind.MULTIPLE_CHOICE, "=1+1\n𠮷" + "字" * 1_990, tuple("甲乙丙丁戊己庚辛"), frozenset({1, 8})
        ),
        QuestionContent(QuestionKind.TRUE_FALSE, "+1", choices=frozenset({2}), checked_on=date(2026, 6, 20)),
        QuestionContent(QuestionKind.FILL_BLANK, "____和____", blanks=(("0.10", "1e5"), ("12315",))),
        QuestionContent(QuestionKind.SHORT_ANSWER, "为什么？", model_answer="因为\n\n所以", difficulty="难"),
    ]
    (tmp_path / "bank.xlsx").write_bytes(bank_workbook(bank))
    command = [
        str(OFFICE), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx",
        "--outdir", str(tmp_path / "again"), str(tmp_path / "bank.xlsx"),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    report = check_file((tmp_path / "again" / "bank.xlsx").read_bytes(), "bank.xlsx")
    assert ([question.content for question in report.questions], report.problems) == (bank, ())


def test_the_blank_workbook_explains_itself_and_shows_examples() -> None:
    notes = [str(cell.value or "") for (cell,) in load_workbook(BytesIO(blank_workbook()))["填写说明"].iter_rows()]
    assert any("下拉框" in note for note in notes)
    for kind in ("单选题", "多选题", "判断题", "填空题"):
        assert any(note.startswith(f"［{kind}］") for note in notes)
