"""Two tables side by side in one sheet: their header stands there twice."""

from question_bank.reading.drafts import RowProblem
from question_bank.reading.headers import KEY, STEM, columns_of, folded


def are_side_by_side(header: list[str]) -> bool:
    """Whether the names of a header, with a stem and a key among them, are said again in the same order."""
    names = [cell for cell in header if cell.strip()]
    half = len(names) // 2
    if half < 2 or [folded(name) for name in names[:half]] != [folded(name) for name in names[half : 2 * half]]:
        return False
    return {STEM, KEY} <= set(columns_of(names[:half]).parts)


def side_by_side(sheet: str, row: int | None) -> RowProblem:
    """Only the left one was read, so that half the questions would be lost unseen."""
    message = "这张表并排放着几组题，只读了最左边一组。请把右边的几组挪到下面，再重新上传。"
    return RowProblem(sheet, row, "", "tables_side_by_side", message)
