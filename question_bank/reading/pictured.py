"""Pictures that lie on a sheet or stand in a text, brought to the question and the place that they belong to."""

from bisect import bisect_right
from collections.abc import Iterable

from openpyxl.utils import get_column_letter

from question_bank.kinds import QuestionKind
from question_bank.pictures import PictureRefused
from question_bank.reading.albums import Album
from question_bank.reading.drafts import Draft, PlacedPicture, Row, RowProblem, Sheet
from question_bank.reading.headers import EXPLANATION, KEY, OPTIONS, STEM, Columns

_WRONG_PLACES = {"key": "答案", "explanation": "解析", "source": "来源", "domain": "领域", "difficulty": "难度"}
_MISPLACED = "“{}”里有图。图只能放在题干和选项里，请把它移过去，或删去。"
_ALONE = "这里有一张图，不属于哪一道题，没有收。要用它，请移到题干或选项里。"


def with_pictures(rows: list[Row], pictures: Iterable[PlacedPicture], columns: Columns) -> list[Row]:
    """The rows under a header with a mark in the cell of each picture; the stem's where it lies in no cell that counts.

    A row that holds nothing but pictures is a row where each option has its own.
    """
    if not rows:
        return rows
    cells_by_row = {number: list(cells) for number, cells in rows}
    for picture in sorted(pictures, key=lambda picture: (picture.row, picture.column)):
        column = _column_for(picture.column, columns)
        if picture.row not in cells_by_row:
            is_option = column == columns.parts.get(OPTIONS) and rows[0][0] < picture.row <= max(cells_by_row) + 1
            if not is_option:
                continue
            cells_by_row[picture.row] = []
        cells = cells_by_row[picture.row]
        cells += [""] * (column + 1 - len(cells))
        cells[column] += picture.mark
    return sorted(cells_by_row.items())


def _column_for(column: int, columns: Columns) -> int:
    own = {columns.parts.get(part) for part in (STEM, OPTIONS, KEY, EXPLANATION)}
    own |= {place for _, place in columns.options}
    return column if column in own else columns.parts.get(STEM, column)


def lifted(rows: list[Row], album: Album) -> tuple[list[Row], list[PlacedPicture]]:
    """Rows without the marks in their cells, and where those stood."""
    pictures: list[PlacedPicture] = []
    bare = []
    for number, cells in rows:
        parted = [album.part(cell) for cell in cells]
        pictures += [PlacedPicture(number, column, mark) for column, (_, marks) in enumerate(parted) for mark in marks]
        bare.append((number, [text for text, _ in parted]))
    return bare, pictures


def set_pictures(draft: Draft, album: Album) -> None:
    """Take the marks out of a draft's texts; its pictures are then told by their places.

    A picture that stands with the key or the explanation makes the question a problem: shown with the stem it might
    give the answer away.
    """
    below = _pictures_below(draft, album)
    draft.stem, marks = album.part(draft.stem, exact=draft.exact)
    pictures = [(0, mark) for mark in marks]
    for number, text in enumerate(draft.options, 1):
        draft.options[number - 1], marks = album.part(text, exact=draft.exact)
        pictures += [(number, mark) for mark in marks]
    for name, column in _WRONG_PLACES.items():
        text, marks = album.part(getattr(draft, name), exact=draft.exact)
        if marks and name == "key" and not text.strip() and (draft.kind or draft.hint) is QuestionKind.SHORT_ANSWER:
            draft.key, below = text, True  # 简答 has no options: what stands under its stem is read as its answer
            pictures += [(0, mark) for mark in marks]
        elif marks:
            setattr(draft, name, text)
            _refuse(draft, column, PictureRefused("picture_misplaced", _MISPLACED.format(column)))
    for place, mark in pictures:
        found = album[mark]
        if isinstance(found, PictureRefused):
            _refuse(draft, "选项" if place else draft.stem_column, found)
    if below and {place for place, _ in pictures if place} <= {len(draft.options)}:
        draft.pictures_below = True
        pictures = [(0, mark) for _, mark in pictures]
    draft.pictures = pictures


def _refuse(draft: Draft, column: str, why: PictureRefused) -> None:
    """Brought again as it is, without the picture, the question must not look whole: it comes back without its key."""
    draft.trouble = draft.trouble or (column, why.code, why.message)
    draft.key, draft.choices, draft.blanks = "", None, None


def _pictures_below(draft: Draft, album: Album) -> bool:
    """Whether pictures stand on lines of their own under the last option, where an author means the whole question."""
    lines = draft.options[-1].split("\n") if len(draft.options) > 1 and not draft.exact else []
    parted = [album.part(line, exact=True) for line in lines]
    return len(parted) > 1 and not parted[0][1] and bool(parted[0][0].strip() and parted[-1][1])


def left_alone(sheet: Sheet, drafts: Iterable[Draft], album: Album) -> list[RowProblem]:
    """A warning for each picture of a sheet that no question of its row or of the rows above has taken."""
    by_row = {draft.row: draft for draft in drafts}
    rows = sorted(by_row)
    warnings = []
    for picture in sheet.pictures:
        before = bisect_right(rows, picture.row)
        draft = by_row[rows[before - 1]] if before else None
        is_unseen = picture.row in sheet.hidden_rows and not sheet.read_hidden
        if not is_unseen and (draft is None or picture.mark not in _texts(draft)):
            column = get_column_letter(picture.column + 1) if sheet.name else ""
            found = album[picture.mark]
            code, message = (found.code, found.message) if isinstance(found, PictureRefused) else ("", _ALONE)
            warnings.append(RowProblem(sheet.name, picture.row, column, code or "picture_without_question", message))
    return warnings


def _texts(draft: Draft) -> str:
    return "".join([draft.stem, *draft.options, *(getattr(draft, name) for name in _WRONG_PLACES)])
