"""Questions on one sheet and their keys on another: joined by the number, under the same kind where numbers restart."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from question_bank.reading.choices import Choices
from question_bank.reading.drafts import Row, RowProblem, Sheet
from question_bank.reading.headers import EXPLANATION, KEY, KIND, NUMBER, STEM, Columns, columns_of
from question_bank.reading.joined_sheets import Joined
from question_bank.reading.key_sheets import KeyOnSheet, keys_on, name_of_kind, plain_number, title_in
from question_bank.reading.kind_words import heading_of, kind_in_name, kind_named
from question_bank.reading.understanding import TABLE, Understood, layout_of

_JOINED = "工作表“{}”里的答案已按题号归到各题，请核对。"
_NO_QUESTION = "题号“{}”在题目表里没有，这个答案没有地方放。请改正题号，或删去它。"
_SEVERAL_QUESTIONS = "题号“{}”有几道题在用，分不清答案是哪一道的。请改正题号，或把答案写到题目的同一行。"
_SEVERAL_KEYS = "题号“{}”在答案表里有几个答案。请留下对的那一个。"


@dataclass(frozen=True)
class _Asked:
    """A question that states no key: where it stands, and what may tell whose key is whose."""

    sheet: str
    row: int
    kind: str
    number: str


def join_keys(together: Joined, choices: Choices) -> None:
    """Write the keys of sheets that hold nothing else into the sheets of their questions, which have none."""
    free = {s.name: s for s in together.sheets if s.rows and not s.own and not s.is_rest and not s.hidden}
    free = {name: s for name, s in free.items() if name not in together.taken_in and not choices.sheets.get(name)}
    stems = [name for name, sheet in free.items() if len(free) > 1 and lacks_keys(sheet)]
    found = {name: keys for name, sheet in free.items() if stems and name not in stems and (keys := keys_on(sheet))}
    of_sheet = {name: _sheet_meant(name, free) for name in found}
    if any(meant and meant not in stems for meant in of_sheet.values()) or not found:
        return
    by_sheet = all(of_sheet.values())
    asked = [question for name in stems for question in questions_of(free[name])]
    keys = [replace(key, sheet=of_sheet[name]) for name, told in found.items() for key in told]
    by_kind = all(question.kind for question in asked) and all(key.kind for key in keys)

    def place(item: _Asked | KeyOnSheet) -> _Place:
        return (item.sheet if by_sheet else "", item.kind if by_kind else "", item.number)

    of_questions, of_keys = _grouped(asked, place), _grouped(keys, place)
    if sum(known in of_questions for known in of_keys) * 2 < len(of_keys):
        return  # the keys of something else
    answers = _settled(together, of_questions, of_keys)
    together.sheets = [with_keys(s, answers) if s.name in stems else s for s in together.sheets]
    elsewhere = {question.number for name in free if name not in stems for question in questions_of(free[name])}
    for key in keys:
        if place(key) not in of_questions and key.number not in elsewhere:
            together.found.problems.append(
                RowProblem(key.source, key.row, "题号", "key_without_question", _NO_QUESTION.format(key.number))
            )
    for name in found:
        _take_in(together, free[name])


def _sheet_meant(name: str, sheets: Iterable[str]) -> str:
    """单元一 for the sheet 单元一答案; "" where there is no such sheet."""
    bare = re.sub(r"(?:的|及|和|与)?(?:参考|标准|正确)?答案(?:表|页)?|[-_ （()）]", "", name)
    return next((other for other in sheets if other != name and re.sub(r"[-_ （()）]", "", other) == bare), "")


def lacks_keys(sheet: Sheet, *, with_numbers: bool = True) -> bool:
    """Whether a sheet has stems, numbered ones, and no cell for a key is filled in."""
    columns, has_stems = Columns(), False
    for _, cells in sheet.rows:
        said = columns_of(cells)
        if said.is_header:
            columns = said
            states = columns.flags or columns.verdicts or columns.wrong or columns.second_keys
            if (with_numbers and NUMBER not in columns.parts) or states or "index" in columns.parts:
                return False
        elif STEM in columns.parts:
            has_stems = has_stems or bool(columns.get(STEM, cells).strip())
            if columns.get(KEY, cells).strip() and title_in(cells) is None:
                return False
    return has_stems


def questions_of(sheet: Sheet) -> Iterable[_Asked]:
    columns = Columns()
    named = kind_in_name(sheet.name)
    around = named.value if named else ""
    for row, cells in sheet.rows:
        said = columns_of(cells)
        if said.is_header:
            columns = said
        elif title := title_in(cells):
            around = name_of_kind(heading_of(title)) or around
        elif columns.get(STEM, cells).strip() and (number := columns.get(NUMBER, cells).strip()):
            own = name_of_kind(kind_named(columns.get(KIND, cells)))
            yield _Asked(sheet.name, row, own or around, plain_number(number))


_Place = tuple[str, str, str]
_Item = TypeVar("_Item", _Asked, KeyOnSheet)


def _grouped(items: Iterable[_Item], place: Callable[[_Item], _Place]) -> dict[_Place, list[_Item]]:
    groups: dict[_Place, list[_Item]] = defaultdict(list)
    for item in items:
        groups[place(item)].append(item)
    return groups


def _settled(
    together: Joined, of_questions: dict[_Place, list[_Asked]], of_keys: dict[_Place, list[KeyOnSheet]]
) -> dict[tuple[str, int], KeyOnSheet]:
    """The key of each question by its sheet and row; a number that two of either side share is a problem for them."""
    answers = {}
    for place, keys in of_keys.items():
        questions = of_questions.get(place, [])
        message = ""
        if len(questions) > 1:
            message = _SEVERAL_QUESTIONS.format(place[2])
        elif len({key.key for key in keys}) > 1:
            message = _SEVERAL_KEYS.format(place[2])
        for question in questions:
            if message:
                together.troubles[question.sheet, question.row] = ("题号", "number_twice", message)
            else:
                answers[question.sheet, question.row] = keys[0]
    return answers


def with_keys(sheet: Sheet, answers: dict[tuple[str, int], KeyOnSheet]) -> Sheet:
    """The sheet with two more columns, key and explanation; what its own columns of these names lack is filled in."""
    width = max(len(cells) for _, cells in sheet.rows)
    columns = Columns()
    rows: list[Row] = []
    for number, cells in sheet.rows:
        told = [*cells, *[""] * (width + 2 - len(cells))]
        said = columns_of(cells)
        if said.is_header:
            columns = said
            told[width:] = ["" if KEY in columns.parts else "答案", "" if EXPLANATION in columns.parts else "解析"]
        elif answer := answers.get((sheet.name, number)):
            told[columns.parts.get(KEY, width)] = answer.key
            place = columns.parts.get(EXPLANATION, width + 1)
            told[place] = told[place].strip() or answer.explanation
        rows.append((number, told))
    if not any(cells[width + 1] for number, cells in rows if (sheet.name, number) in answers):
        rows = [(number, cells[: width + 1]) for number, cells in rows]
    return replace(sheet, rows=rows)


def _take_in(together: Joined, sheet: Sheet) -> None:
    """The sheet of keys is read with the others, and by itself no more."""
    together.taken_in.add(sheet.name)
    row, columns = layout_of(sheet.rows, sheet.hidden_columns)
    together.found.understood.append(Understood(sheet.name, TABLE, 0, row, columns))
    message = _JOINED.format(sheet.name)
    together.found.warnings.append(RowProblem(sheet.name, None, "", "keys_joined", message))
