"""A bank as a workbook that reads back unchanged, and the blank workbook that organisers start from."""

import json
import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from types import MappingProxyType
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from question_bank.blanks import BLANKS, SYNONYMS, blanks_from
from question_bank.content import MOST_OPTIONS, QuestionContent, letter
from question_bank.kinds import QuestionKind
from question_bank.reading.stems import blanks_in
from question_bank.reading.workbooks import NOTES_SHEET, OWN_SHEET
from question_bank.tags import as_text
from question_bank.writing_pictures import Pictures, put_pictures

OPTIONS_OF_BLANK_WORKBOOK = 8
BLANK_SHEET = "题目"

_BEFORE, _AFTER = ["题型", "题干"], ["答案", "解析", "来源", "领域", "难度", "核对日期", "有效期至", "标签"]
_WIDTHS = {
    "题型": 10,
    "题干": 60,
    "答案": 14,
    "解析": 50,
    "来源": 36,
    "领域": 16,
    "难度": 8,
    "核对日期": 12,
    "有效期至": 12,
    "标签": 24,
}
_WIDTH = 22
_ROWS_WITH_LISTS = 2_000
_NOTES = [
    "一行一道题，从第 2 行写起。表头请不要改动；多余的列空着即可。",
    "题型：单选题、多选题、判断题、填空题、简答题，可以从下拉框里选。不定项选择题写作多选题。",
    "选项：从“选项 A”起依次填写，中间不留空，前面不必写 A、B。判断题和填空题不填选项。",
    "答案：单选写一个字母，如 A；多选连写，如 ABD；判断写“对”或“错”。",
    "填空题的答案：几个空之间用“；”隔开；一个空有几种写法都算对时用“|||”隔开，如 12315|||一二三一五。",
    "领域：产品、工程、服务、环境，或写到第二级，如 产品/食品。",
    "来源：写读者查得到的依据，如法律名称和条款、标准编号。",
    "核对日期、有效期至：写作 2026-06-20。内容会过时的题目请填有效期。",
    "标签：便于日后查找的词，可以不填；几个标签之间用“，”隔开，参赛者看不到。",
    "本页不会被当作试题读取。",
]
_EXAMPLES = [
    ["单选题", "消费者投诉举报的全国统一电话是（ ）。", ["12315", "12345", "12306", "12320"], "A"],
    ["多选题", "下列属于城市质量精神的有（ ）。", ["诚信", "责任", "创新", "卓越"], "ABCD"],
    ["判断题", "消费者有权要求经营者提供发票。", [], "对"],
    ["填空题", "消费者投诉举报的全国统一电话是____。", [], "12315|||一二三一五"],
]


def bank_workbook(
    contents: Iterable[QuestionContent],
    pictures: Pictures = MappingProxyType({}),
    tags: Sequence[Sequence[str]] = (),
) -> bytes:
    """The questions as a workbook whose every cell is text or a date, never a formula; their pictures lie over it.

    ``tags`` are those of each question, in the same order.
    """
    contents = list(contents)
    options = max([OPTIONS_OF_BLANK_WORKBOOK, *(len(content.options) for content in contents)])
    workbook, sheet = new_workbook(OWN_SHEET, options)
    for row, content in enumerate(contents, 2):
        own = tags[row - 2] if tags else ()
        for column, value in enumerate([*_cells(content, options), as_text(own)], 1):
            write_cell(sheet.cell(row, column), value)
        _put_pictures(sheet, row, content, pictures)
    _write_notes(workbook)
    return saved(workbook)


def _put_pictures(sheet: Worksheet, row: int, content: QuestionContent, pictures: Pictures) -> None:
    for place in sorted({place for place, _ in content.pictures}):
        text = content.options[place - 1] if place else content.stem
        width = _WIDTHS["题干"] if not place else _WIDTH
        lines = sum(-(-len(line.encode("gbk", "replace")) // width) for line in text.split("\n"))
        shown = [pictures[sha256] for at, sha256 in content.pictures if at == place and sha256 in pictures]
        put_pictures(sheet, row, 2 + place, shown, lines=lines)


def blank_workbook() -> bytes:
    """The workbook to fill in: headers, drop-downs, and notes that are not read as questions."""
    workbook, sheet = new_workbook(BLANK_SHEET, OPTIONS_OF_BLANK_WORKBOOK)
    _add_lists(sheet)
    _write_notes(workbook)
    return saved(workbook)


def headers(options: int = OPTIONS_OF_BLANK_WORKBOOK) -> list[str]:
    """题型, 题干, 选项A …, 答案 …"""
    return [*_BEFORE, *(f"选项{letter(number)}" for number in range(1, options + 1)), *_AFTER]


def new_workbook(title: str, options: int) -> tuple[Workbook, Worksheet]:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = title
    sheet.freeze_panes = "A2"
    for column, header in enumerate(headers(options), 1):
        cell = sheet.cell(1, column, header)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="F2E3C6")
        cell.alignment = Alignment(horizontal="center", vertical="center")
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(header, _WIDTH)
    return workbook, sheet


def _cells(content: QuestionContent, options: int) -> list[Any]:
    texts = list(content.options) + [""] * (options - len(content.options))
    return [
        content.kind.label, content.stem, *texts, key_as_text(content), content.explanation, content.source,
        content.domain, content.difficulty, content.checked_on, content.valid_until,
    ]  # fmt: skip


def key_as_text(content: QuestionContent) -> str:
    """The key as one cell: ABD, 对, 12315|||一二三一五, or the model answer."""
    if content.kind is QuestionKind.FILL_BLANK:
        return _blanks_as_text(content)
    if content.kind is QuestionKind.SHORT_ANSWER:
        return content.model_answer
    return "".join(str(part) for part in content.key_as_letters)


def _blanks_as_text(content: QuestionContent) -> str:
    """Blanks as people write them; as JSON where their texts hold the separators themselves."""
    text = BLANKS.join(SYNONYMS.join(texts) for texts in content.blanks)
    if blanks_from(text, blanks_in(content.stem)) == content.blanks:
        return text
    return json.dumps([list(texts) for texts in content.blanks], ensure_ascii=False)


_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LOOKS_LIKE_FORMULA = ("=", "+", "-", "@", "\t")


def exact_text(text: str) -> str:
    """The text as a cell holds it: what XML cannot carry is left out, and _x0041_ stays these seven characters."""
    return _ESCAPE.sub("_x005F_", _NOT_IN_XML.sub("", text).replace("\r\n", "\n").replace("\r", "\n"))


def write_cell(cell: Cell, value: Any) -> None:
    """Text stays text: a leading = is no formula, and Excel is told so with the quote prefix."""
    if value is None or value == "":
        return
    if isinstance(value, str):
        cell.value = exact_text(value)
        cell.data_type = "s"
        if value.startswith(LOOKS_LIKE_FORMULA):
            cell.quotePrefix = True
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.number_format = "@"
    else:
        cell.value = value
        cell.number_format = "yyyy-mm-dd"


def _add_lists(sheet: Worksheet) -> None:
    names = headers()
    for header, choices in {
        "题型": [kind.label for kind in QuestionKind],
        "难度": ["易", "中", "难"],
    }.items():
        rule = DataValidation(
            "list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=header == "题型"
        )
        rule.error, rule.errorTitle = "请从下拉框里选。", header
        sheet.add_data_validation(rule)
        column = get_column_letter(names.index(header) + 1)
        rule.add(f"{column}2:{column}{_ROWS_WITH_LISTS}")


def _write_notes(workbook: Workbook) -> None:
    sheet = workbook.create_sheet(NOTES_SHEET)
    sheet.column_dimensions["A"].width = 100
    sheet.cell(1, 1, "怎样填写").font = Font(bold=True, size=14)
    for row, note in enumerate(_NOTES, 2):
        sheet.cell(row, 1, f"{row - 1}. {note}").alignment = Alignment(wrap_text=True)
    start = len(_NOTES) + 3
    sheet.cell(start, 1, "示例").font = Font(bold=True)
    for row, (kind, stem, options, key) in enumerate(_EXAMPLES, start + 1):
        lettered = "　".join(f"{letter(number)} {text}" for number, text in enumerate(options, 1))
        sheet.cell(row, 1, f"［{kind}］{stem}　{lettered}　→ 答案一栏写：{key}").alignment = Alignment(wrap_text=True)


def saved(workbook: Workbook) -> bytes:
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


assert OPTIONS_OF_BLANK_WORKBOOK <= MOST_OPTIONS
