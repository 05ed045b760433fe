"""Column headers by alias, however they are decorated."""

import re
import unicodedata
from dataclasses import dataclass, field

from question_bank.reading.header_names import (
    ALIASES,
    CHECKED,
    DIFFICULTY,
    DOMAIN,
    EXPLANATION,
    FLAG,
    IGNORED,
    INDEX,
    KEY,
    KIND,
    KIND_NAMES,
    LABEL,
    NUMBER,
    OPTION,
    OPTIONS,
    SOURCE,
    STEM,
    TAGS,
    VALID,
    WEAK,
    WEAKEST,
    WRONG,
)  # fmt: skip
from question_bank.reading.kind_words import simplified, verdict_in
from question_bank.reading.unseen import without_unseen

__all__ = [
    "CHECKED",
    "DIFFICULTY",
    "DOMAIN",
    "EXPLANATION",
    "FLAG",
    "IGNORED",
    "INDEX",
    "KEY",
    "KIND",
    "LABEL",
    "NUMBER",
    "OPTION",
    "OPTIONS",
    "SOURCE",
    "STEM",
    "TAGS",
    "VALID",
    "WRONG",
    "Columns",
    "columns_of",
    "folded",
    "role_of",
]  # fmt: skip


def folded(header: str) -> str:
    """A header without its decorations: brackets and what is in them, stars, （必填）, white space, case."""
    text = simplified(without_unseen(unicodedata.normalize("NFKC", header))).strip().lower()
    text = re.split(r"\n|\s[-–—]\s|--", text)[0] if len(text) > 12 else text
    bare = re.sub(r"[(\[【<{][^)\]】>}]*[)\]】>}]?", "", text)
    bare = re.sub(
        r"必填项?|选填|勿删|不可修改|\(必填|[*＊:：\s　'\"“”.]",
        "",
        bare if bare.strip() else text.strip("()[]【】<>{}"),
    )
    return bare.strip("-_/、,，。;；!！?？")


_ROLES = {folded(alias): part for part, aliases in ALIASES.items() for alias in aliases.split()}

_OPTION = re.compile(
    r"(?:(?:备?选项?|选择项?|答案选项|备选答案|待选项|选项内容|option_?|opt_?|choice_?|answer_?|xuanxiang|item_?|试题选项|ans)"
    r"[-_ ]?([a-z]|\d{1,2}|[一二三四五六七八九十])|"
    r"([a-z])[-_ ]?(?:选项内?容?|项|选择|option|答案|choice|选)|([a-z])|第?([一二三四五六七八]|\d)(?:个选项|选项|项))"
)
BLANK_NAME = re.compile(r"(?:填?空格?(?:[1-9]|[一二三四五六])|第(?:[1-9]|[一二三四五六])个?空)(?:答案)?")
_ANSWER_LETTER = re.compile(r"(?:备选)?答案([a-z]|\d{1,2}|[一二三四五六])")
_PLACE = r"([a-h]|\d{1,2}|[一二三四五六七八])"
_FLAG = re.compile(
    rf"(?:选项|option_?|opt_?|answer_?|ans_?|choice_?)?{_PLACE}(?:选项|项)?[-_]?(?:是否(?:为|是)?正确(?:答案|选项)?|是否(?:为|是)?答案|正确|"
    rf"is_?correct|correct|is_?right|is_?answer)|"
    rf"(?:是否(?:为|是)?正确(?:答案|选项)?|是否(?:为|是)?答案|is_?correct|correct|is_?right|is_?answer)[-_]?(?:选项|option_?)?{_PLACE}"
)
_WRONG = re.compile(
    r"(?:(?:incorrect|wrong|false)[-_]*(?:answer|option|choice|response)?s?|distractors?|"
    r"(?:错误|干扰|错|其他错误)(?:的)?(?:答案|选项|项))[-_/]*(\d{1,3}|[a-h一二三四五六七八])?"
)
_LONG = re.compile(
    r"^(?:请?(?:填写|输入))?(题型|试题类型|题目类型|题干|题目内容|题目|试题内容|正确答案|标准答案|参考答案|答案解析|解析|选项内容|答案|难度|章节|知识点)"
)

_SOMETHING_ABOUT = re.compile(
    r"个?数$|数量|图|人$|时间|日期|状态|依据|来源|出处|类型$|类别$|长度|分[值数]?$|备注|版本|链接|音频|视频|附件|id$"
)
"""答案数 or 答案来源 tells something about the key, and not the key."""


@dataclass
class Columns:
    """Which column plays which part.

    Options, flags (whether the option of that number is right) and wrong options are (number, column), in the order
    of their numbers; a flag that bears no number has 0.
    """

    parts: dict[str, int] = field(default_factory=dict)
    options: list[tuple[int, int]] = field(default_factory=list)
    flags: list[tuple[int, int]] = field(default_factory=list)
    wrong: list[tuple[int, int]] = field(default_factory=list)
    second_keys: list[int] = field(default_factory=list)  # columns that state the key once more
    second_options: list[tuple[int, int]] = field(default_factory=list)  # columns that bear an option's name once more
    second_numbers: list[int] = field(default_factory=list)  # columns that bear the name of the question's number again
    verdicts: tuple[int, int] | None = None  # the columns 对 and 错, one of which is ticked
    names: dict[int, str] = field(default_factory=dict)
    known: int = 0
    filled: int = 0

    def get(self, part: str, cells: list[str]) -> str:
        return cell_at(cells, self.parts.get(part))

    def name(self, part: str, otherwise: str) -> str:
        return self.names.get(self.parts.get(part, -1), otherwise)

    @property
    def is_header(self) -> bool:
        """Enough of the cells are known names: a stem and at least one thing about it."""
        useful = set(self.parts) - {STEM, IGNORED, NUMBER}
        if STEM not in self.parts:
            return False
        if useful or len(self.options) > 1 or self.verdicts:
            return self.known * 2 >= self.filled
        return self.known >= 2 and self.known * 2 >= self.filled

    def take_row_below(self, cells: list[str]) -> bool:
        """A second header row: letters under a merged 选项."""
        if self._take_verdicts_below(cells):
            return True
        roles = {column: role_of(cell) for column, cell in enumerate(cells) if cell.strip()}
        found = {column: role[1] for column, role in roles.items() if role and role[0] == OPTION}
        if len(found) < 2 or len(found) < len(roles):
            return False
        if any(column in self.parts.values() and column != self.parts.get(OPTIONS) for column in found):
            return False
        self.parts.pop(OPTIONS, None)
        self.options = sorted((number, column) for column, number in found.items())
        return True

    def _take_verdicts_below(self, cells: list[str]) -> bool:
        """对 and 错 under a merged 答案."""
        filled = [column for column, cell in enumerate(cells) if cell.strip()]
        said = [verdict_in(folded(cells[column])) for column in filled]
        are_below = [self.parts.get(KEY, -2) + step for step in (0, 1)] == filled
        if set(said) != {True, False} or not are_below or self.options:
            return False
        self.verdicts = (filled[0], filled[1]) if said[0] else (filled[1], filled[0])
        return True


def cell_at(cells: list[str], column: int | None) -> str:
    """The text of a cell; empty where the row is shorter, or there is no such column."""
    return cells[column] if column is not None and column < len(cells) else ""


def columns_of(cells: list[str]) -> Columns:
    """What a row would say as a header row."""
    columns = Columns()
    options: dict[int, int] = {}
    weak: set[int] = set()
    for column, cell in enumerate(cells):
        if not cell.strip():
            continue
        columns.filled += 1
        if len(cell) > 120:
            continue
        columns.names[column] = " ".join(cell.split())[:40]
        role = role_of(cell)
        if role is None:
            continue
        columns.known += 1
        part, number = role
        if part == OPTION:
            if options.setdefault(number, column) != column:
                columns.second_options.append((number, column))
        elif part in (FLAG, WRONG):
            (columns.flags if part == FLAG else columns.wrong).append((number, column))
        elif part not in columns.parts or _gives_way(columns, part, weak, folded(cell)):
            columns.parts[part] = column
        elif part == NUMBER and folded(cell) == folded(cells[columns.parts[NUMBER]]):
            columns.second_numbers.append(column)
        elif part == KEY and folded(cell) not in WEAK and columns.parts[KEY] not in weak:
            columns.second_keys.append(column)
        if folded(cell) in WEAK:
            weak.add(column)
    _take_numbered_keys(columns, cells)
    _take_blanks(columns, cells)
    if not options:
        _take_repeated_name(columns, cells, options)
        _take_numbers(columns, cells, options)
    _settle(columns, options)
    _take_verdicts(columns, cells)
    if STEM not in columns.parts and verdict_in(columns.name(KEY, "对")) is None:
        _take_kind_as_stem(columns, cells)
    return columns


def _gives_way(columns: Columns, part: str, weak: set[int], name: str) -> bool:
    """Whether the column that has a part so far bears a weaker name for it than this one."""
    column = columns.parts[part]
    if name not in WEAK:
        return column in weak
    return part == STEM and name not in WEAKEST and folded(columns.names[column]) in WEAKEST


def _take_numbered_keys(columns: Columns, cells: list[str]) -> None:
    """答案1 and 答案2 behind A to D are keys, though they are options where no others are."""
    again = [column for _, column in columns.second_options]
    if (
        KEY in columns.parts
        or not again
        or not all(_ANSWER_LETTER.fullmatch(folded(cells[column])) for column in again)
    ):
        return
    columns.parts[KEY], *columns.second_keys = again
    columns.second_options = []


def _take_blanks(columns: Columns, cells: list[str]) -> None:
    """空1 and 空2 are keys where no column is called one."""
    blanks = [column for column, cell in enumerate(cells) if BLANK_NAME.fullmatch(folded(cell))]
    if blanks and KEY not in columns.parts and STEM in columns.parts:
        columns.parts[KEY], *columns.second_keys = blanks
        columns.known += len(blanks)


def _take_repeated_name(columns: Columns, cells: list[str], options: dict[int, int]) -> None:
    """题干 | 选项 | 选项 | 选项 | 答案: the name of cells that were merged, in each of them."""
    first = columns.parts.get(OPTIONS)
    if first is None:
        return
    run = next((n for n, cell in enumerate(cells[first:]) if folded(cell) != folded(cells[first])), len(cells) - first)
    if run > 1:
        options |= {number: first + number - 1 for number in range(1, run + 1)}
        del columns.parts[OPTIONS]


def _take_numbers(columns: Columns, cells: list[str], options: dict[int, int]) -> None:
    """A header such as 题干 | 1 | 2 | 3 | 4 | 答案."""
    stem, texts = columns.parts.get(STEM), [cell.strip() for cell in cells]
    if stem is None or "1" not in texts[stem:]:
        return
    first = texts.index("1", stem)
    count = next((n for n, text in enumerate(texts[first:]) if text != str(n + 1)), len(texts) - first)
    if count > 2:
        options |= {number: first + number - 1 for number in range(1, count + 1)}
        columns.known += count


def _take_verdicts(columns: Columns, cells: list[str]) -> None:
    """A column named 对 (正确, √ …) and one named 错 beside it."""
    if STEM not in columns.parts:
        return
    taken = {column for part, column in columns.parts.items() if part != KEY} | {c for _, c in columns.options}
    said = {c: verdict_in(folded(cell)) for c, cell in enumerate(cells) if 0 < len(cell.strip()) < 9 and c not in taken}
    right = [column for column, verdict in said.items() if verdict is True]
    wrong = [column for column, verdict in said.items() if verdict is False]
    if len(right) == len(wrong) == 1 and abs(right[0] - wrong[0]) == 1:
        columns.verdicts = right[0], wrong[0]
        columns.known += sum(role_of(cells[column]) is None for column in columns.verdicts)


def _take_kind_as_stem(columns: Columns, cells: list[str]) -> None:
    """A header such as 判断题 | 答案: the kind's name stands over the stems."""
    for column, cell in enumerate(cells):
        if folded(cell) in KIND_NAMES:
            columns.parts[STEM] = column
            columns.known += 1
            return


def _settle(columns: Columns, options: dict[int, int]) -> None:
    numbers = sorted(options)
    if numbers == [1] and OPTIONS not in columns.parts and KEY not in columns.parts:
        columns.parts[OPTIONS] = options.pop(1)
        numbers = []
    if numbers and numbers[0] == 0:
        options = {number + 1: column for number, column in options.items()}
    columns.options = sorted(options.items())


def role_of(cell: str) -> tuple[str, int] | None:
    """(part, number) that a header states; the number is 0 but for options, their flags and wrong ones."""
    text = folded(cell)
    if not text:
        return None
    if part := _ROLES.get(text):
        return part, 0
    for pattern, part in ((_OPTION, OPTION), (_ANSWER_LETTER, OPTION), (_FLAG, FLAG), (_WRONG, WRONG)):
        if found := pattern.fullmatch(text):
            number = _number(next((group for group in found.groups() if group), ""))
            return None if number is None else (part, number)
    if len(text) <= 24 and (found := _LONG.match(text)) and not _SOMETHING_ABOUT.search(text, found.end()):
        return _ROLES[found[1]], 0
    return None


def _number(text: str) -> int | None:
    if text.isdigit() or not text:
        return int(text or 0)
    if text in "一二三四五六七八九十":
        return "一二三四五六七八九十".index(text) + 1
    return ord(text) - ord("a") + 1 if text <= "t" else None
