"""Problems and warnings of a check by their reason: a heading in words, and what to do once for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from question_bank.reading.drafts import RowProblem
from question_bank.reading.hidden import spans_of

_SPANS_SHOWN = 30
_ROWS_SHOWN = 20

# A code's heading, and what to do ("" where the rows themselves say it).
REASONS = {
    "key_missing": ("没有答案", "在答案那一列补上答案；如果答案其实在别的列，在下面改一下那一列的用处。"),
    "key_not_among_options": ("答案不在选项里", "把答案改成选项的字母，例如 A 或 ABD；是选项漏了就补上选项。"),
    "key_not_understood": ("看不懂答案", "判断题的答案写“对”或“错”，选择题写选项的字母。"),
    "key_ambiguous": ("答案有两种读法", "把答案改成选项的字母，例如 A。"),
    "keys_disagree": ("写着两个不同的答案", "留下对的那个，删去另一个。"),
    "verdict_unclear": ("1 和 2 不知道哪个是对", "把判断题的答案改成“对”或“错”。"),
    "kind_unknown": ("看不出题型", "补上题型和答案。"),
    "kind_not_supported": ("没有这种题型", "改成单选、多选、判断、填空或简答，或者不导入这些题。"),
    "kind_and_key_disagree": ("题型和答案对不上", "单选题只能有一个答案：改题型，或改答案。"),
    "kind_and_options_disagree": ("题型和选项对不上", "改题型，或改选项。"),
    "options_missing": ("选项不足两个", "补上选项，或改成判断、填空、简答题。"),
    "option_empty": ("中间有空的选项", "补上空的选项，或把后面的选项前移并改正答案。"),
    "too_many_options": ("选项太多", "减少选项。"),
    "stem_missing": ("没有题干", "补上题干，或删去这些行。"),
    "no_key_column": ("没有答案列", "如果答案其实在某一列里，在下面把那一列改成“答案”，再检查一次。"),
    "no_keys": ("都没有答案", ""),
    "no_questions": ("没有认出试题", "对照空白模板检查表头；是表格的，可以在下面选出哪一列是题干、哪一列是答案。"),
    "number_twice": ("题号重复，分不清答案是哪一道的", ""),
    "numbers_differ": ("题号和答案旁边的题号对不上", ""),
    "key_without_question": ("答案没有对应的题", ""),
    "stem_torn": ("题干断成了两行", ""),
    "options_torn": ("选项写到了下面一行", ""),
    "key_torn": ("答案写到了下面一行", ""),
    "fields_not_parted": ("分不清每一项从哪里开始", ""),
    "questions_glued": ("两道题连在一行", "每道题另起一行。"),
    "bare_number": ("单独成行的数字，不知是不是页码", "是页码请删去，是内容请接到前面那一行。"),
    "words_below_options": (
        "选项下面的字，不知是不是选项",
        "是小标题请删去，是说明请写上“解析：”，是选项请接到那一行。",
    ),
    "keys_glued": ("几道题的答案连在一起", "把各题的答案写到各题下面。"),
    "shared_material": ("几道题共用一段材料", ""),
    "hidden_words": ("隐藏的文字没有读取", ""),
    "hidden_words_read": ("答案是隐藏的文字", ""),
    "struck_out": ("有划掉的字", ""),
    "keys_joined": ("答案取自另一张工作表", ""),
    "rows_hidden": ("隐藏的行没有读取", ""),
    "sheet_hidden": ("隐藏的工作表没有读取", ""),
    "header_row_missing": ("表头的行号不对", ""),
    "single_right_option": ("多选题只有一个正确选项", "确实只有一个也可以，会按多选题收下。"),
    "options_equal": ("有两个选项一样", "请核对是不是写错了。"),
    "blanks_differ": ("空的个数和答案对不上", "几个空的答案之间用“；”隔开。"),
    "contradicts_row": ("题目相同，答案不同", "两道都会收下，请核对哪一个对。"),
    "sample_sheet_skipped": ("示例表已跳过", "要用它，在下面勾上“读取这张表”。"),
    "sheet_without_questions": ("没有试题的工作表已跳过", "里面其实有题的，在下面选出哪一列是题干。"),
    "hidden_column_read": ("隐藏的列也读取了", "不想用它，在下面把那一列改成“不用”。"),
}


@dataclass(frozen=True)
class Places:
    """Rows of one sheet as people say them: 第 5–12、20 行; "" for a whole sheet or file."""

    sheet: str
    rows: str


@dataclass(frozen=True)
class Reason:
    """All that is wrong for one reason. ``rows`` are shown one by one where their sentences differ."""

    code: str
    heading: str
    count: int
    unit: str
    advice: str
    places: tuple[Places, ...]
    rows: tuple[RowProblem, ...]
    left_out: int

    @property
    def title(self) -> str:
        return self.heading if self.unit == "处" and self.count == 1 else f"{self.heading}：{self.count} {self.unit}"


def reasons_of(problems: Iterable[RowProblem]) -> list[Reason]:
    """By reason, whole sheets and files first, then the most frequent."""
    by_code: dict[str, list[RowProblem]] = {}
    for problem in problems:
        by_code.setdefault(problem.code, []).append(problem)
    found = [_reason(code, rows) for code, rows in by_code.items()]
    return sorted(found, key=lambda reason: (reason.unit == "行", -reason.count))


def _reason(code: str, problems: list[RowProblem]) -> Reason:
    heading, advice = REASONS.get(code, ("", ""))
    sentences = {problem.message for problem in problems}
    by_sheet: dict[str, list[int]] = {}
    for problem in problems:
        by_sheet.setdefault(problem.sheet, []).extend([problem.row] if problem.row else [])
    is_rows = any(by_sheet.values())
    shown = tuple(problems[:_ROWS_SHOWN]) if len(sentences) > 1 or not is_rows else ()
    return Reason(
        code=code,
        heading=heading or (next(iter(sentences)) if len(sentences) == 1 else "其他问题"),
        count=sum(len(set(rows)) for rows in by_sheet.values()) if is_rows else len(problems),
        unit="行" if is_rows else "处",
        advice=advice or (next(iter(sentences)) if heading and len(sentences) == 1 and is_rows else ""),
        places=tuple(Places(sheet, spans_of(rows, _SPANS_SHOWN)) for sheet, rows in by_sheet.items() if rows),
        rows=shown,
        left_out=max(0, len(problems) - _ROWS_SHOWN) if shown else 0,
    )
