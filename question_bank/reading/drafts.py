"""What every reader hands on: drafts of questions as the file states them, not yet judged."""

from dataclasses import dataclass, field
from datetime import date

from question_bank.kinds import QuestionKind
from question_bank.reading.albums import Album
from question_bank.reading.understanding import Understood


class Unreadable(Exception):
    """A file from which no question can be read. ``message`` says what to do, in Chinese."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class RowProblem:
    """Something wrong with one row, or with a whole sheet or file (``row`` None)."""

    sheet: str
    row: int | None
    column: str
    code: str
    message: str

    def as_json(self) -> dict[str, object]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "code": self.code,
            "message": self.message,
        }


@dataclass
class Draft:
    """One question as the file states it.

    ``kind`` is what the question's own row says, ``hint`` what stands around it (sheet name, heading). ``options``
    keep their places: an empty text is a gap. ``labels`` are the letters that stood before them, if any.
    ``choices`` and ``blanks`` are set by formats that state the key outright; else ``key`` holds it as written.
    """

    sheet: str
    row: int
    stem: str
    options: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    rows_of_options: list[str] = field(default_factory=list)  # in the rows below the question's own
    key: str = ""
    kind: QuestionKind | None = None
    is_choice: bool = False  # the file says 选择题 and leaves open which
    hint: QuestionKind | None = None
    unsupported: str = ""
    broken: str = ""  # why it cannot be read, in a sentence
    choices: frozenset[int] | None = None
    blanks: tuple[tuple[str, ...], ...] | None = None
    trouble: tuple[str, str, str] | None = None  # (column, code, message): the reader knows that it cannot be taken
    exact: bool = False  # written by ourselves: every text is meant as it stands
    key_base: int = 1  # what the first option is called where keys are numbers; -1: keys are never numbers
    keys_are_glued: bool = False  # keys of its sheet are numbers of options written without a space: 134
    keys_are_letters: bool = False  # the other keys of its sheet are letters, none an option's text
    verdicts: dict[str, bool] = field(default_factory=dict)  # the file's own legend: {"1": True, "2": False}
    verdicts_unclear: bool = False  # 1 and 2 as verdicts, and no legend
    blanks_are_empty: bool = False  # the strokes of its file are empty blanks, never answers between two strokes
    key_column: str = "答案"
    stem_column: str = "题干"
    explanation: str = ""
    source: str = ""
    domain: str = ""
    difficulty: str = ""
    checked_on: date | None = None
    valid_until: date | None = None
    tags: tuple[str, ...] = ()
    pictures: list[tuple[int, str]] = field(default_factory=list)  # (0 or option number, mark), once they are set apart
    pictures_below: bool = False  # they stood under the last option and were taken for the stem's


@dataclass
class Found:
    """All that was read from one file."""

    drafts: list[Draft] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)
    understood: list[Understood] = field(default_factory=list)
    sheets: list["Sheet"] = field(default_factory=list)  # of a spreadsheet: all its texts
    album: Album = field(default_factory=Album)

    def add(self, other: "Found") -> None:
        self.drafts += other.drafts
        self.problems += other.problems
        self.warnings += other.warnings
        self.understood += other.understood


Row = tuple[int, list[str]]
"""A row's number, as the person sees it, and its cells."""


@dataclass(frozen=True)
class PlacedPicture:
    """A picture on a sheet: the number of its row, its column from 0, and its mark in the album."""

    row: int
    column: int
    mark: str


@dataclass
class Sheet:
    """A table of texts. ``rows`` pair each row's number, as the person sees it, with its cells."""

    name: str
    rows: list[Row]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()  # by the numbers of ``rows``
    hidden_columns: frozenset[int] = frozenset()  # from 0
    read_hidden: bool = False  # somebody wants the hidden rows too
    separated: bool = False  # a text whose separators make the columns: a field too many shifts those behind it
    own: bool = False  # written by ``question_bank.writing``
    is_rest: bool = False  # rows that came back because they could not be taken
    keys_are: tuple[int, bool] | None = None  # of such rows: ``key_base`` and ``keys_are_letters`` of their file
    pictures: list[PlacedPicture] = field(default_factory=list)
    merged: dict[tuple[int, int], int] = field(default_factory=dict)  # cells merged with one above: its row


class Shown(str):
    """A number as Excel shows it, with the text that tells it apart where the shown one is rounded."""

    __slots__ = ("precise",)
    precise: str

    def __new__(cls, shown: str, precise: str) -> "Shown":
        text = super().__new__(cls, shown)
        text.precise = precise
        return text
