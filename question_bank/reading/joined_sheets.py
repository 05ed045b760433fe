"""Questions whose parts lie on two sheets: stems on one, options by the question's number on another."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from question_bank.content import MOST_OPTIONS, letter
from question_bank.reading.choices import Choices
from question_bank.reading.drafts import Found, Row, RowProblem, Sheet
from question_bank.reading.flags import flag_in
from question_bank.reading.header_names import ALIASES
from question_bank.reading.headers import KEY, LABEL, NUMBER, OPTIONS, STEM, Columns, cell_at, columns_of, folded
from question_bank.reading.understanding import TABLE, Understood, columns_read

_NUMBERS = {folded(alias) for alias in ALIASES[NUMBER].split()}
_OPTION_IDS = {"optionid", "option_id", "选项id", "id"}
_ROWS_OF_HEADERS = 10
Trouble = tuple[str, str, str]


@dataclass
class Joined:
    """The sheets as they are read on, and what the joining found wrong, by sheet and row of the question."""

    sheets: list[Sheet]
    troubles: dict[tuple[str, int], Trouble] = field(default_factory=dict)
    found: Found = field(default_factory=Found)
    taken_in: set[str] = field(default_factory=set)

    def mark(self, read: Found) -> None:
        for draft in read.drafts:
            if draft.trouble is None and (draft.sheet, draft.row) in self.troubles:
                draft.trouble = self.troubles[draft.sheet, draft.row]


@dataclass
class _Part:
    """A sheet with the row of its header."""

    sheet: Sheet
    place: int
    columns: Columns

    @property
    def header(self) -> list[str]:
        return self.sheet.rows[self.place][1]

    @property
    def rows(self) -> list[Row]:
        return self.sheet.rows[self.place + 1 :]

    def numbers(self) -> list[int]:
        return [column for column, name in enumerate(self.header) if folded(name) in _NUMBERS]


def joined(sheets: Sequence[Sheet], choices: Choices) -> Joined:
    """The options written into the sheets of their questions. Sheets that need no joining stay as they are."""
    result = Joined(list(sheets))
    free = [s for s in sheets if s.rows and not s.own and not s.hidden and not choices.sheets.get(s.name)]
    stems = [part for sheet in free if (part := _part(sheet, has_stem=True))]
    options = [part for sheet in free if (part := _part(sheet, has_stem=False))]
    if not stems or len(options) != 1:
        return result
    pair = _columns_that_join(stems, options[0])
    if pair is None:
        _name_all(result, stems, options[0])
        return result
    _join(result, stems, options[0], *pair)
    return result


def _part(sheet: Sheet, *, has_stem: bool) -> _Part | None:
    for place, (_, cells) in enumerate(sheet.rows[:_ROWS_OF_HEADERS]):
        columns = columns_of(cells)
        has_options = OPTIONS in columns.parts or len(columns.options) > 1
        if NUMBER not in columns.parts or has_options is has_stem or (STEM in columns.parts) is not has_stem:
            continue
        part = _Part(sheet, place, columns)
        return part if has_stem or _holds_words(part) else None
    return None


def _holds_words(part: _Part) -> bool:
    """Options, and not what people marked on an answer sheet, or how many chose each."""
    if not part.columns.options:
        column = part.columns.parts[OPTIONS]
        return any(len(cell_at(cells, column).strip()) > 1 for _, cells in part.rows)
    texts = [cell_at(cells, column).strip() for _, cells in part.rows for _, column in part.columns.options]
    return any(len(text) > 1 and not re.fullmatch(r"[\d.%]+", text) for text in texts)


def _columns_that_join(stems: Sequence[_Part], options: _Part) -> tuple[list[int], int] | None:
    """The number's column of each sheet of stems, and that of the options whose every number is among those."""
    of_stems = [part.numbers()[0] for part in stems]
    known = {
        cell_at(cells, column).strip() for part, column in zip(stems, of_stems, strict=True) for _, cells in part.rows
    }
    fits = []
    for column in options.numbers():
        numbers = [cell_at(cells, column).strip() for _, cells in options.rows]
        shared = sum(number in known for number in numbers if number)
        if shared * 2 > len(numbers):
            fits.append((shared, -len(set(numbers)), column))
    return (of_stems, max(fits)[2]) if fits else None


def _name_all(result: Joined, stems: Sequence[_Part], options: _Part) -> None:
    """The options belong to questions, and nobody can say to which."""
    message = f"选项在工作表“{options.sheet.name}”里，按题号却对不上。请让两张表的题号一致，或把选项写到题目的同一行。"
    for part in stems:
        result.troubles |= {(part.sheet.name, row): ("选项", "options_not_joined", message) for row, _ in part.rows}
    _take_in(result, options)


def _join(result: Joined, stems: Sequence[_Part], options: _Part, of_stems: Sequence[int], of_options: int) -> None:
    by_number: dict[str, list[Row]] = {}
    for row in options.rows:
        if any(cell.strip() for cell in row[1]):
            by_number.setdefault(cell_at(row[1], of_options).strip(), []).append(row)
    counts = Counter(
        cell_at(cells, column).strip() for part, column in zip(stems, of_stems, strict=True) for _, cells in part.rows
    )
    joining = _Joining(options, by_number, counts, result.troubles)
    for part, column in zip(stems, of_stems, strict=True):
        result.sheets[result.sheets.index(part.sheet)] = joining.with_options(part, column)
    for number, rows in by_number.items():
        if number not in counts:
            message = f"题号“{number}”在题目表里没有，这个选项没有地方放。请改正题号，或删去这一行。"
            problem = RowProblem(options.sheet.name, rows[0][0], "题号", "options_without_question", message)
            result.found.problems.append(problem)
    _take_in(result, options)
    message = f"工作表“{options.sheet.name}”里的选项已按题号归到各题，请核对。"
    result.found.warnings.append(RowProblem(options.sheet.name, None, "", "options_joined", message))


def _take_in(result: Joined, options: _Part) -> None:
    """The sheet of options is read with the others, and by itself no more."""
    result.taken_in.add(options.sheet.name)
    columns = columns_read(options.columns, options.header, options.rows, options.sheet.hidden_columns)
    about = Understood(options.sheet.name, TABLE, 0, options.sheet.rows[options.place][0], columns)
    result.found.understood.append(about)


@dataclass
class _Joining:
    """The rows of options by the number of their question, how many questions bear each number, and what went wrong."""

    options: _Part
    by_number: dict[str, list[Row]]
    counts: Counter[str]
    troubles: dict[tuple[str, int], Trouble]

    @property
    def width(self) -> int:
        """Columns that the options of any question need."""
        return min(max([len(self.options.columns.options), *map(len, self.by_number.values())]), MOST_OPTIONS)

    def with_options(self, part: _Part, column: int) -> Sheet:
        """A sheet of stems, their numbers in that column, with the options and their key behind its own columns."""
        end = max(len(cells) for _, cells in part.sheet.rows)
        states_key = KEY in part.columns.parts
        names = [*(f"选项{letter(n)}" for n in range(1, self.width + 1)), *([] if states_key else ["答案"])]
        above, (place, header) = part.sheet.rows[: part.place], part.sheet.rows[part.place]
        rows = [*above, (place, [*_filled_up(header, end), *names])]
        for row, cells in part.rows:
            stated = part.columns.get(KEY, cells).strip()
            texts, key = self._options_and_key(part, row, cell_at(cells, column).strip(), stated)
            own = [*_filled_up(cells, end), *_filled_up(texts, self.width)]
            if not states_key:
                own.append(key)
            elif key:
                own[part.columns.parts[KEY]] = key
            rows.append((row, own))
        return replace(part.sheet, rows=rows)

    def _options_and_key(self, part: _Part, row: int, number: str, stated: str) -> tuple[list[str], str]:
        """Nothing for a question that shares its number with another one: nobody can tell whose the options are."""
        mine = self.by_number.get(number, [])
        texts: list[str] = []
        key, trouble = "", None  # type: str, Trouble | None
        if self.counts[number] > 1 and mine:
            message = f"题号“{number}”有几道题在用，分不清选项是哪一道的。请改正题号。"
            trouble = ("题号", "number_twice", message)
        else:
            states_key = KEY in part.columns.parts
            texts, key, trouble = _options_and_key(self.options, mine, stated, states_key=states_key)
            if any(text.strip() for text in texts[MOST_OPTIONS:]):
                trouble = ("选项", "too_many_options", f"选项超过 {MOST_OPTIONS} 个。请减少选项。")
            texts = texts[:MOST_OPTIONS]
        if trouble is not None:
            self.troubles[part.sheet.name, row] = trouble
        return texts, key


def _filled_up(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _options_and_key(
    part: _Part, rows: list[Row], stated: str, *, states_key: bool
) -> tuple[list[str], str, Trouble | None]:
    """The options in their order, and the key in letters where it is told beside them or by their ids."""
    if not rows:
        return [], "", None
    if any(picture.row in {row for row, _ in rows} for picture in part.sheet.pictures):
        return [], "", _trouble("选项里有图，图不能按题号归到各题")
    if part.columns.options:
        texts = [cell_at(rows[0][1], column) for _, column in part.columns.options]
        key = "" if states_key else part.columns.get(KEY, rows[0][1])
        return texts, key, _trouble("几行选项用了同一个题号") if len(rows) > 1 else None
    if any(row in part.sheet.hidden_rows for row, _ in rows):
        return [], "", _trouble("有的选项在隐藏的行里")
    labels = [part.columns.get(LABEL, cells).strip().upper() for _, cells in rows]
    if any(labels):
        expected = [[letter(n) for n in range(1, len(rows) + 1)], [str(n) for n in range(1, len(rows) + 1)]]
        if sorted(labels, key=lambda label: (len(label), label)) not in expected:
            return [], "", _trouble("选项的标号不是从 A 起一个接一个")
        rows = [row for _, row in sorted(zip(labels, rows, strict=True), key=lambda pair: (len(pair[0]), pair[0]))]
    texts = [part.columns.get(OPTIONS, cells) for _, cells in rows]
    key, trouble = _flagged(part, rows, stated)
    return (texts, *_by_id(part, rows, stated)) if not key and trouble is None else (texts, key, trouble)


def _flagged(part: _Part, rows: list[Row], stated: str) -> tuple[str, Trouble | None]:
    column = part.columns.flags[0][1] if part.columns.flags else part.columns.parts.get(KEY)
    if column is None:
        return "", None
    flags = [flag_in(cell_at(cells, column)) for _, cells in rows]
    if None in flags:
        return "", _trouble("看不懂哪些选项标着正确")
    key = "".join(letter(n) for n, flag in enumerate(flags, 1) if flag)
    said = "".join(sorted(c for c in stated.upper() if c.isalpha() and c.isascii()))
    if stated and key and said != key:
        return "", _trouble(f"题目表的答案是“{stated[:20]}”，选项表标的是 {key}")
    return key, None


def _by_id(part: _Part, rows: list[Row], stated: str) -> tuple[str, Trouble | None]:
    """A key that is the id of an option; one that may be its place as well is nobody's to guess."""
    ids = [n for n, name in enumerate(part.header) if folded(name) in _OPTION_IDS]
    if not ids or not stated.isdigit():
        return "", None
    places = [n for n, (_, cells) in enumerate(rows, 1) if cell_at(cells, ids[0]).strip() == stated]
    if len(places) == 1 and (int(stated) > len(rows) or int(stated) == places[0]):
        return letter(places[0]), None
    return "", _trouble(f"答案“{stated}”可能是选项的编号，也可能是第几个选项")


def _trouble(why: str) -> Trouble:
    return "选项", "options_not_joined", f"{why}。请改正后再上传，或把选项写到题目的同一行。"
