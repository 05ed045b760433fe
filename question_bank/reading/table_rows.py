"""The rows under one header to drafts."""

import re
from collections import Counter
from datetime import date

from openpyxl.utils import get_column_letter

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import headers
from question_bank.reading.asides import is_guidance, is_note, samples_among
from question_bank.reading.beside import side_by_side, starts_in_header
from question_bank.reading.drafts import Draft, Found, Row, RowProblem, Sheet
from question_bank.reading.explained_keys import take_explained_keys
from question_bank.reading.faults import Fault
from question_bank.reading.headers import Columns
from question_bank.reading.hidden import hidden_columns_read, options_hidden, rows_hidden, visible
from question_bank.reading.keys import settle_keys
from question_bank.reading.kind_codes import settle_kinds
from question_bank.reading.kind_ticks import take_ticked_kinds
from question_bank.reading.kind_words import KindWord, kind_named, kinds_in_legend, verdicts_in_legend
from question_bank.reading.marked_options import take_marked_options
from question_bank.reading.numbers_beside_keys import name_keys_of_others
from question_bank.reading.option_cells import part_options
from question_bank.reading.option_rows import flag_column, options_of, questions_by_option
from question_bank.reading.options_below import with_options_above
from question_bank.reading.pictured import with_pictures
from question_bank.reading.second_keys import settle_second_keys
from question_bank.reading.shared_material import name_shared_material
from question_bank.reading.spoken_for import filled_down, with_merged
from question_bank.reading.stated_keys import flag_draft, settle_stated_keys
from question_bank.reading.stems import key_in_stem
from question_bank.reading.ticks import take_ticks
from question_bank.reading.torn_rows import name_torn
from question_bank.reading.understanding import TABLE, Understood, columns_read
from question_bank.tags import tags_in

_TOO_MANY_FIELDS = "这一行比表头多出几栏，可能是文字里的分隔符没有用引号括起来。请给这段文字加上引号。"
_NAME = 8
_NAMES_IN_ROWS = "这一行写着栏目的名字，看不出哪一格是题干、哪一格是答案。请改成一行表头、一行一题。"
_ASSUMED = "判断题的答案写作 1 和 0，文件里没有说明，已按 1 为对、0 为错收下，请核对。"
_SAMPLE = "这一行标着“示例”，已跳过。要收它，请去掉标记。"


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
        self.skipped: list[RowProblem] = []
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
        if self.sheet.pictures:
            self.rows = with_pictures(self.rows, self.sheet.pictures, self.columns)
        rows = self.rows if self.sheet.own else self._questions()
        by_option = self._drafts_by_option(rows)
        drafts = by_option or self._drafts_by_row(rows)
        if not by_option and not self.sheet.own:
            name_torn(self.columns, rows, [draft for draft, _ in drafts])
        drafts, hidden = visible(self.sheet, drafts)
        found = Found(understood=[self._understood(len(drafts), hidden)], warnings=list(self.skipped))
        if hidden and not self.sheet.read_hidden:
            found.problems.append(rows_hidden(self.sheet.name, hidden))
        are_several = not self.sheet.own and len(starts_in_header(self.header)) > 1
        if are_several:
            found.problems.append(side_by_side(self.sheet.name, self.header_row))
        if below := options_hidden(self.sheet, self.columns, rows, drafts):
            found.warnings.append(below)
        if not drafts:
            return found
        found.warnings += hidden_columns_read(found.understood[0])
        part_options([(d, self.columns.get(headers.OPTIONS, cells)) for d, cells in drafts])
        settle_kinds([(d, self.columns.get(headers.KIND, cells).strip()) for d, cells in drafts], self.kinds)
        if not are_several:
            settle_second_keys(self.columns, drafts, self.header)
        settle_stated_keys(self.columns, drafts, self.header)
        take_ticks(self.columns, drafts)
        if not self.sheet.own:
            take_ticked_kinds(self.columns, self.header, drafts)
            name_keys_of_others(self.columns, drafts)
            name_shared_material(self.columns, self.header, drafts)
            take_marked_options([draft for draft, _ in drafts])
            take_explained_keys([draft for draft, _ in drafts])
        if self.sheet.separated:
            self._name_torn_records(drafts)
        found.drafts = [draft for draft, _ in drafts]
        settle_keys(found.drafts)
        if any(_is_bare_number(draft) for draft in found.drafts):
            found.warnings.append(RowProblem(self.sheet.name, None, self._key_column, "verdicts_assumed", _ASSUMED))
        if not self._has_keys(found.drafts):
            found.problems.append(self._no_keys(len(found.drafts)))
            found.drafts = []
        return found

    def _questions(self) -> list[Row]:
        """The rows with the options that stand below them, and with what is said once for several."""
        rows = with_options_above(self.columns, self._without_asides())
        return filled_down(self.columns, with_merged(self.columns, rows, self.sheet.merged))

    def _without_asides(self) -> list[Row]:
        """The rows that are questions; a row that calls itself a sample is skipped, and said."""
        samples = samples_among(self.columns, self.rows)
        self.skipped = [self._sample(number) for number, _ in self.rows if number in samples]
        return [
            (number, cells)
            for place, (number, cells) in enumerate(self.rows)
            if number not in samples
            and not is_note(self.columns, cells, self.columns.get(headers.STEM, cells))
            and not (place < 3 and self.header and is_guidance(self.columns, cells))
        ]

    def _sample(self, row: int) -> RowProblem:
        return RowProblem(self.sheet.name, row, "", "sample_row_skipped", _SAMPLE)

    def _drafts_by_row(self, rows: list[Row]) -> list[tuple[Draft, list[str]]]:
        drafts: list[tuple[Draft, list[str]]] = []
        for number, cells in rows:
            if drafts and self._goes_on(drafts[-1][0], cells):
                continue
            draft = self._draft(number, cells)
            if draft is not None:
                drafts.append((draft, cells))
        return drafts

    def _drafts_by_option(self, rows: list[Row]) -> list[tuple[Draft, list[str]]]:
        """The drafts of a table that gives each option a row of its own; none where it does not."""
        questions = [] if self.sheet.own else questions_by_option(self.columns, rows) or []
        flags = flag_column(self.columns, questions)
        drafts = []
        for question in questions:
            draft = self._draft(question.number, question.cells)
            if draft is None:
                continue
            draft.options, draft.labels = options_of(self.columns, question)
            if flags is not None:
                flag_draft(draft, question.column(flags), self.columns.names.get(flags, "答案"))
            drafts.append((draft, question.cells))
        return drafts

    def _name_torn_records(self, drafts: list[tuple[Draft, list[str]]]) -> None:
        """A separator inside an unquoted field shifts all that stands behind it; unless most records are so long."""
        width = len(self.header) or Counter(len(cells) for _, cells in drafts).most_common(1)[0][0]
        torn = [draft for draft, cells in drafts if any(cell.strip() for cell in cells[width:])]
        if len(torn) * 3 < len(drafts) + 2:
            for draft in torn:
                draft.trouble = ("", "too_many_fields", _TOO_MANY_FIELDS)
                draft.key = ""  # what stands there may belong to another column

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
            bool(draft.key) or draft.choices is not None or draft.trouble is not None
            or key_in_stem(draft.stem, draft.kind or draft.hint, len(draft.options)) is not None
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
        if is_bare and not (key.strip() and kind_named(columns.get(headers.KIND, cells))):
            return None  # a numbered empty row, a remark, the rest of a merged cell
        fault = self._fault(number, cells)
        if len(stem) <= _NAME and (headers.role_of(stem), headers.role_of(key)) == (
            (headers.STEM, 0),
            (headers.KEY, 0),
        ):
            fault = "", "fields_not_parted", _NAMES_IN_ROWS
        if fault is not None:  # brought again as it is, the question must not look whole
            stem, key = "" if isinstance(stem, Fault) else stem, ""
            options = ["" if isinstance(option, Fault) else option for option in options]
        return Draft(
            sheet=self.sheet.name,
            row=number,
            stem=stem,
            trouble=fault,
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
            tags=tags_in(columns.get(headers.TAGS, cells)),
        )

    def _fault(self, row: int, cells: list[str]) -> tuple[str, str, str] | None:
        """The first cell that plays a part and holds no value, as the trouble of its question."""
        parts = self.columns.parts
        used = {column for part, column in parts.items() if part not in (headers.NUMBER, headers.IGNORED)}
        used |= {column for _, column in (*self.columns.options, *self.columns.flags, *self.columns.wrong)}
        for column, cell in enumerate(cells):
            if isinstance(cell, Fault) and column in used:
                name = self.columns.names.get(column, "")
                return name, cell.code, f"单元格 {get_column_letter(column + 1)}{row} {cell.advice}"
        return None

    def _options_by_column(self, cells: list[str]) -> list[str]:
        options: list[str] = []
        for number, column in self.columns.options:
            options += [""] * (number - 1 - len(options))
            options.append(cells[column] if column < len(cells) else "")
        while options and not options[-1]:
            options.pop()
        return options


def _is_bare_number(draft: Draft) -> bool:
    """A verdict 0, where nothing in the file says that it means 错: some systems count options from 0, 对 first."""
    is_judgement = (draft.kind or draft.hint) is Kind.TRUE_FALSE
    return is_judgement and draft.key.strip() == "0" and not draft.verdicts and not any(draft.options)


def _day(text: str) -> date | None:
    found = re.match(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})", text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
