"""A sheet of cells to drafts: the header row wherever it stands, and what its columns mean."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from itertools import zip_longest

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import headers
from question_bank.reading.drafts import Draft, Found, RowProblem, Sheet
from question_bank.reading.headers import Columns, columns_of
from question_bank.reading.hidden import hidden_columns_read, rows_hidden, visible
from question_bank.reading.keys import settle_keys
from question_bank.reading.kind_words import (
    KindWord,
    heading_of,
    kind_in_name,
    kind_named,
    kinds_in_legend,
    verdict_in,
    verdicts_in_legend,
)
from question_bank.reading.options import items_of_list, labelled, separator_of, split_at
from question_bank.reading.stems import key_in_stem
from question_bank.reading.understanding import SAMPLE, TABLE, Understood, columns_read

Row = tuple[int, list[str]]

_PLACEHOLDER = re.compile(
    r"^[（(【]?(?:这里|此处|请在此|在此|请在这里)(?:填|输入|填写|录入)|^(?:请输入|请填写|填写)(?:题干|题目|试题)"
)
_SAMPLE_SHEET = re.compile(
    r"(?:是|为)示例.{0,6}(?:不要|请勿|勿)填|不要填写内容|示例[sS]heet|本表(?:为|是)(?:示例|说明)"
)


def drafts_of_sheet(sheet: Sheet, hint: Kind | None = None, *, though_sample: bool = False) -> Found:
    """The questions of one sheet, table by table; none of a sheet that calls itself a sample, unless it is wanted."""
    if not though_sample and any(_SAMPLE_SHEET.search(cell) for _, cells in sheet.rows[:3] for cell in cells):
        note = f"工作表“{sheet.name}”自称是示例，已跳过。"
        skipped = Understood(sheet.name, TABLE, skipped=SAMPLE)
        return Found(warnings=[RowProblem(sheet.name, None, "", "sample_sheet_skipped", note)], understood=[skipped])
    tables = _tables(sheet, kind_in_name(sheet.name) or hint)
    found = Found()
    for table in tables:
        found.add(table.found())
    return found


def looks_like_table(rows: list[Row]) -> bool:
    """Whether rows hold a header or are questions without one: what tells a csv from a text."""
    return any(columns_of(cells).is_header and columns_of(cells).known >= 2 for _, cells in rows[:30])


def _tables(sheet: Sheet, hint: Kind | None) -> list["Table"]:
    tables: list[Table] = []
    before: list[Row] = []
    heading = hint
    for number, cells in sheet.rows:
        columns = columns_of(cells) if not (sheet.own and tables) else Columns()
        if tables and not tables[-1].rows and tables[-1].columns.take_row_below(cells):
            tables[-1].header = [
                " ".join(filter(None, pair)) for pair in zip_longest(tables[-1].header, cells, fillvalue="")
            ]
            continue  # the second row of a header whose cells are merged
        if columns.is_header and (not tables or columns.known >= 3 or columns.known == columns.filled > 1):
            if tables and columns.parts == tables[-1].columns.parts and columns.options == tables[-1].columns.options:
                continue  # the header again, as a page break would have it
            tables.append(Table(sheet, columns, cells, before, heading, number))
            before = []
        elif not sheet.own and (title := title_of(cells)) is not None:
            heading = title.kind or hint
            if tables:
                tables[-1].hint_from_here(number, heading)
            before.append((number, cells))
        elif tables:
            tables[-1].rows.append((number, cells))
        else:
            before.append((number, cells))
    if not tables and (guessed := columns_without_header(sheet.rows)):
        tables.append(Table(sheet, guessed, [], [], hint))
        tables[0].rows = sheet.rows
    return tables


def title_of(cells: list[str]) -> KindWord | None:
    """A row that holds nothing but a heading such as 一、单选题."""
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) != 1 or len(filled[0]) > 60:
        return None
    return heading_of(filled[0])


class Table:
    """A header and the rows under it."""

    def __init__(
        self,
        sheet: Sheet,
        columns: Columns,
        header: list[str],
        before: list[Row],
        hint: Kind | None,
        header_row: int | None = None,
    ) -> None:
        self.sheet, self.columns, self.hint = sheet, columns, hint
        self.header, self.header_row = header, header_row
        self.rows: list[Row] = []
        self.hints: list[tuple[int, Kind | None]] = []
        legends = [*header, *(cell for _, cells in before[-12:] for cell in cells)]
        self.kinds: dict[str, KindWord] = {}
        self.verdicts: dict[str, bool] = {}
        for text in legends:
            self.kinds = self.kinds or kinds_in_legend(text)
        for text in legends:
            self.verdicts = self.verdicts or verdicts_in_legend(text)

    def hint_from_here(self, row: int, hint: Kind | None) -> None:
        self.hints.append((row, hint))

    def found(self) -> Found:
        drafts: list[tuple[Draft, list[str]]] = []
        for number, cells in self.rows:
            if drafts and self._goes_on(drafts[-1][0], cells):
                continue
            draft = self._draft(number, cells)
            if draft is not None:
                drafts.append((draft, cells))
        drafts, hidden = visible(self.sheet, drafts)
        found = Found(understood=[self._understood(len(drafts), hidden)])
        if hidden and not self.sheet.read_hidden:
            found.problems.append(rows_hidden(self.sheet.name, hidden))
        if not drafts:
            return found
        found.warnings += hidden_columns_read(found.understood[0])
        self._part_options([(d, self.columns.get(headers.OPTIONS, cells)) for d, cells in drafts])
        self._settle_kinds([(d, self.columns.get(headers.KIND, cells).strip()) for d, cells in drafts])
        found.drafts = [draft for draft, _ in drafts]
        settle_keys(found.drafts)
        if not self._has_keys(found.drafts):
            found.problems.append(self._no_keys(len(found.drafts)))
            found.drafts = []
        return found

    def _understood(self, questions: int, hidden: tuple[int, ...]) -> Understood:
        columns = columns_read(self.columns, self.header, self.rows, self.sheet.hidden_columns)
        return Understood(self.sheet.name, TABLE, questions, self.header_row, columns, hidden_rows=hidden)

    def _goes_on(self, draft: Draft, cells: list[str]) -> bool:
        """A row that holds nothing but one more option of the question above it."""
        filled = [column for column, cell in enumerate(cells) if cell.strip()]
        if filled != [self.columns.parts.get(headers.OPTIONS)] or not draft.stem.strip():
            return False
        draft.rows_of_options.append(cells[filled[0]].strip())
        return True

    def _has_keys(self, drafts: list[Draft]) -> bool:
        if self.sheet.is_rest or (headers.KEY in self.columns.parts and any(draft.key for draft in drafts)):
            return True  # rows that came back for want of a key are named one by one again
        kinds = {draft.kind or draft.hint for draft in drafts}
        if kinds <= {Kind.SHORT_ANSWER}:
            return True
        keyed = sum(
            bool(draft.key) or key_in_stem(draft.stem, draft.kind or draft.hint, len(draft.options)) is not None
            or (draft.kind is Kind.FILL_BLANK and any(draft.options))
            for draft in drafts
        )  # fmt: skip
        return keyed * 10 >= len(drafts)

    def _no_keys(self, count: int) -> RowProblem:
        where = "没有“答案”列" if headers.KEY not in self.columns.parts else f"“{self._key_column}”列全是空的"
        message = f"工作表{where}，{count} 道题都没有答案，一道也不能收。请补上答案再检查。"
        return RowProblem(self.sheet.name, None, self._key_column, "no_key_column", message)

    @property
    def _key_column(self) -> str:
        return self.columns.name(headers.KEY, "答案")

    def _draft(self, number: int, cells: list[str]) -> Draft | None:
        columns = self.columns
        stem = columns.get(headers.STEM, cells)
        options = self._options_by_column(cells)
        key = columns.get(headers.KEY, cells)
        together = columns.get(headers.OPTIONS, cells)
        is_bare = not stem.strip() and not any(option.strip() for option in options) and not together.strip()
        if is_bare and not (key.strip() and columns.get(headers.KIND, cells).strip()):
            return None  # a numbered empty row, a remark, the rest of a merged cell
        if self._is_note(stem, cells):
            return None
        return Draft(
            sheet=self.sheet.name,
            row=number,
            stem=stem,
            options=options,
            key=key,
            hint=next((hint for row, hint in reversed(self.hints) if row < number), self.hint),
            verdicts=self.verdicts,
            exact=self.sheet.own,
            key_column=self._key_column,
            stem_column=columns.name(headers.STEM, "题干"),
            explanation=columns.get(headers.EXPLANATION, cells).strip(),
            source=columns.get(headers.SOURCE, cells).strip(),
            domain=columns.get(headers.DOMAIN, cells).strip(),
            difficulty=columns.get(headers.DIFFICULTY, cells).strip(),
            checked_on=_day(columns.get(headers.CHECKED, cells)),
            valid_until=_day(columns.get(headers.VALID, cells)),
        )

    def _is_note(self, stem: str, cells: list[str]) -> bool:
        if self.sheet.own:
            return False
        if _PLACEHOLDER.match(stem.strip()):
            return True
        filled = [cell for cell in cells if cell.strip()]
        lone = len(filled) == 1 and len(self.columns.parts) + len(self.columns.options) > 2
        return lone and bool(re.match(r"\s*(注|说明|备注|提示|填写说明|注意)\s*[:：]", filled[0]))

    def _options_by_column(self, cells: list[str]) -> list[str]:
        options: list[str] = []
        for number, column in self.columns.options:
            options += [""] * (number - 1 - len(options))
            options.append(cells[column] if column < len(cells) else "")
        while options and not options[-1]:
            options.pop()
        return options

    def _part_options(self, cells: list[tuple[Draft, str]]) -> None:
        """Options that stand in one cell, or in the stem."""
        cells = [(draft, cell.strip()) for draft, cell in cells]
        loose = []
        for draft, cell in cells:
            if not cell or draft.options:
                continue
            if draft.rows_of_options:
                draft.options = [cell, *draft.rows_of_options]
                continue
            if (items := items_of_list(cell)) is not None:
                draft.options = list(items)
            elif (parts := labelled(cell)) and not parts.before:
                draft.options, draft.labels = parts.options, parts.labels
            else:
                loose.append((draft, cell))
        separator = separator_of([cell for _, cell in loose]) if loose else None
        for draft, cell in loose:
            parts_of_cell = split_at(cell, separator) if separator else [cell]
            draft.options = parts_of_cell if len(parts_of_cell) > 1 else [cell]
        for draft, _ in cells:
            if not draft.options and not draft.exact and (inside := options_in_stem(draft.stem)):
                draft.stem, draft.options, draft.labels = inside

    def _settle_kinds(self, cells: list[tuple[Draft, str]]) -> None:
        """What the kind column says; codes without a legend mean what the rows that bear them look like."""
        by_code: dict[str, list[Draft]] = defaultdict(list)
        for draft, text in cells:
            named = self.kinds.get(text) or kind_named(text)
            if named is None:
                if text:
                    by_code[text].append(draft)
                continue
            draft.kind, draft.is_choice, draft.unsupported = named.kind, named.is_choice, named.unsupported
        if by_code and len(by_code) <= 12:
            for drafts in by_code.values():
                _settle_code(drafts)


def _settle_code(drafts: list[Draft]) -> None:
    with_options = [draft for draft in drafts if sum(map(bool, draft.options)) >= 2]
    if len(with_options) * 2 < len(drafts):
        # "1" and "2" as verdicts: the options are nobody's text, and the code says judgement for all.
        keys = {draft.key.strip() for draft in drafts if draft.key.strip()}
        if keys and len(keys) <= 2 and (keys <= {"0", "1", "2"} or all(verdict_in(key) is not None for key in keys)):
            for draft in drafts:
                draft.kind = Kind.TRUE_FALSE
        return
    if all({verdict_in(option) for option in draft.options if option} == {True, False} for draft in with_options):
        return
    lengths = [len(re.findall(r"[A-La-l]|\d", unicodedata.normalize("NFKC", draft.key))) for draft in with_options]
    several = sum(length > 1 for length in lengths)
    if several * 3 > len(lengths):
        for draft in with_options:
            draft.kind = Kind.MULTIPLE_CHOICE


def options_in_stem(stem: str) -> tuple[str, list[str], list[str]] | None:
    """A stem that carries its options: (stem, options, labels)."""
    if not re.search(r"[AＡ]\s*[.．、:：)）\s]", stem):
        return None
    parts = labelled(stem)
    if parts is None or not parts.before or len(parts.options) < 3 or not all(parts.options):
        return None
    return parts.before, parts.options, parts.labels


def _day(text: str) -> date | None:
    found = re.match(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})", text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


# --- tables without a header -----------------------------------------------------------------------------------------


def columns_without_header(rows: list[Row]) -> Columns | None:
    """What the columns mean, by what stands in them: kinds, keys, a long text with shorter ones beside it."""
    width = max((len(cells) for _, cells in rows), default=0)
    if width < 2 or width > 40 or not rows:
        return None
    columns = [[cells[c].strip() for _, cells in rows if c < len(cells) and cells[c].strip()] for c in range(width)]
    full = [c for c in range(width) if len(columns[c]) * 2 > len(rows)]
    kind = next((c for c in full if _mostly(columns[c], lambda t: len(t) < 12 and kind_named(t) is not None)), None)
    keys = [c for c in full if c != kind and _mostly(columns[c], _looks_like_key)]
    texts = [c for c in full if c not in keys and c != kind and not _mostly(columns[c], str.isdigit)]
    if not keys or not texts:
        return None
    stem = max(texts, key=lambda c: sum(map(len, columns[c])) / len(columns[c]))
    key = _key_among(keys, columns, stem)
    found = Columns(parts={headers.STEM: stem, headers.KEY: key})
    if kind is not None:
        found.parts[headers.KIND] = kind
    between = range(stem + 1, key) if key > stem + 1 else range(max(stem, key) + 1, width)
    options = [c for c in between if c not in (kind, key) and columns[c]]
    found.options = [(number, column) for number, column in enumerate(options, 1)]
    if len(options) == 1:
        found.parts[headers.OPTIONS], found.options = options[0], []
    return found


def _key_among(keys: list[int], columns: list[list[str]], stem: int) -> int:
    """Of several columns that look like keys, the last that varies: numbers in front are only numbers."""
    varied = [c for c in keys if 1 < len(set(columns[c])) <= 40 or len(columns[c]) < 3]
    lettered = [c for c in varied if _mostly(columns[c], lambda t: not t.isdigit())]
    behind = [c for c in lettered or varied or keys if c > stem]
    return (behind or lettered or varied or keys)[-1]


def _looks_like_key(text: str) -> bool:
    folded = unicodedata.normalize("NFKC", text)
    return verdict_in(folded) is not None or bool(
        re.fullmatch(r"[A-Ha-h](?:[\s,;、|/.]*[A-Ha-h])*|[0-9](?:,[0-9])*", folded)
    )


def _mostly(texts: list[str], test: Callable[[str], bool]) -> bool:
    return bool(texts) and sum(map(test, texts)) * 10 >= len(texts) * 8
