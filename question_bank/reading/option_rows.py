"""Tables with a row for each option: the rows of one question put together again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from question_bank.reading.drafts import Row
from question_bank.reading.flags import are_flags
from question_bank.reading.headers import KEY, LABEL, NUMBER, OPTIONS, STEM, Columns, cell_at
from question_bank.reading.options import are_several, label_of


@dataclass
class Question:
    """The rows of one question. ``cells`` are those of its first row, filled up from the rows below."""

    rows: list[Row] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.rows[0][0]

    @property
    def cells(self) -> list[str]:
        width = max(len(cells) for _, cells in self.rows)
        return [self._first(column) for column in range(width)]

    def _first(self, column: int) -> str:
        return next((text for text in self.column(column) if text.strip()), "")

    def column(self, column: int | None) -> list[str]:
        return [cell_at(cells, column) for _, cells in self.rows]


def questions_by_option(columns: Columns, rows: Sequence[Row]) -> list[Question] | None:
    """The questions of a table that gives a row to each option; None where it does not."""
    if OPTIONS not in columns.parts or STEM not in columns.parts or columns.options or len(rows) < 2:
        return None
    questions = _grouped(columns, rows)
    several = [question for question in questions if len(question.rows) > 1]
    if len(several) * 5 < len(questions) * 4 or not several:
        return None
    if any(are_several(cell) for question in several for cell in question.column(columns.parts[OPTIONS])[:3]):
        return None
    spoken = sum(_says_so(columns, question) for question in several)
    return questions if spoken * 10 >= len(several) * 8 else None


def _grouped(columns: Columns, rows: Sequence[Row]) -> list[Question]:
    questions: list[Question] = []
    for row in rows:
        if questions and _goes_on(columns, questions[-1], row[1]):
            questions[-1].rows.append(row)
        else:
            questions.append(Question([row]))
    return questions


def _goes_on(columns: Columns, question: Question, cells: list[str]) -> bool:
    """The same question still: its number and its stem again, or neither."""
    first = question.rows[0][1]
    option, stem, number = (columns.get(part, cells).strip() for part in (OPTIONS, STEM, NUMBER))
    same_stem = stem == columns.get(STEM, first).strip()
    if not option or not columns.get(OPTIONS, first).strip():
        return False
    if number and number == columns.get(NUMBER, first).strip():
        return same_stem or not stem
    if not stem:
        return not number or number != columns.get(NUMBER, first).strip()
    return same_stem and NUMBER not in columns.parts


def _says_so(columns: Columns, question: Question) -> bool:
    """Something beside the repeated stem shows that each row is an option: a flag, letters in order, no stem below."""
    options = question.column(columns.parts[OPTIONS])
    if columns.flags:
        return True
    letters = [label_of(option)[0] for option in options]
    if letters == [chr(65 + place) for place in range(len(options))]:
        return True
    if columns.parts.get(LABEL) is not None and len(set(question.column(columns.parts[LABEL]))) == len(options):
        return True
    if not any(stem.strip() for stem in question.column(columns.parts[STEM])[1:]):
        return True
    if are_flags(question.column(columns.parts.get(KEY))):
        return True
    keys = {key.strip() for key in question.column(columns.parts.get(KEY)) if key.strip()}
    return len(keys) == 1 and keys <= {option.strip() for option in options}


def options_of(columns: Columns, question: Question) -> tuple[list[str], list[str]]:
    """(options, labels) of the rows of a question; labels are empty where no column of letters stands beside."""
    options = question.column(columns.parts[OPTIONS])
    labels = [label.strip().upper() for label in question.column(columns.parts.get(LABEL))]
    return options, labels if all(re.fullmatch("[A-Z]", label) for label in labels) else []


def flag_column(columns: Columns, questions: Sequence[Question]) -> int | None:
    """The column that marks the right options: by its name, or the key's column where it holds marks."""
    if columns.flags:
        return columns.flags[0][1]
    key = columns.parts.get(KEY)
    cells = [question.column(key) for question in questions if len(question.rows) > 1]
    differ = any(len(set(marks)) > 1 for marks in cells)
    return key if differ and all(map(are_flags, cells)) else None
