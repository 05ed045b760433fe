"""The rows under one header to drafts."""

import re
from datetime import date

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import headers
from question_bank.reading.drafts import Draft, Found, Row, RowProblem, Sheet
from question_bank.reading.headers import Columns
from question_bank.reading.keys import settle_keys
from question_bank.reading.kind_codes import settle_kinds
from question_bank.reading.kind_words import KindWord, kinds_in_legend, verdicts_in_legend
from question_bank.reading.option_cells import part_options
from question_bank.reading.stems import key_in_stem
from question_bank.reading.understanding import TABLE, Understood, columns_read

_PLACEHOLDER = re.compile(
    r"^[（(【]?(?:这里|此处|请在此|在此|请在这里)(?:填|输入|填写|录入)|^(?:请输入|请填写|填写)(?:题干|题目|试题)"
)


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
        found = Found(understood=[self._understood(len(drafts))])
        if not drafts:
            return found
        part_options([(d, self.columns.get(headers.OPTIONS, cells)) for d, cells in drafts])
        settle_kinds([(d, self.columns.get(headers.KIND, cells).strip()) for d, cells in drafts], self.kinds)
        found.drafts = [draft for draft, _ in drafts]
        settle_keys(found.drafts)
        if not self._has_keys(found.drafts):
            found.problems, found.drafts = [self._no_keys(len(found.drafts))], []
        return found

    def _understood(self, questions: int) -> Understood:
        columns = columns_read(self.columns, self.header, self.rows, self.sheet.hidden_columns)
        return Understood(self.sheet.name, TABLE, questions, self.header_row, columns)

    def _goes_on(self, draft: Draft, cells: list[str]) -> bool:
        """A row that holds nothing but one more option of the question above it."""
        filled = [column for column, cell in enumerate(cells) if cell.strip()]
        if filled != [self.columns.parts.get(headers.OPTIONS)] or not draft.stem.strip():
            return False
        draft.rows_of_options.append(cells[filled[0]].strip())
        return True

    def _has_keys(self, drafts: list[Draft]) -> bool:
        if headers.KEY in self.columns.parts and any(draft.key for draft in drafts):
            return True
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


def _day(text: str) -> date | None:
    found = re.match(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})", text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
