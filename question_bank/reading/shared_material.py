"""Questions about a text in a column of its own (材料, 大题题干 beside 小题题干): it is part of what is asked."""

from collections.abc import Sequence

from question_bank.reading.drafts import Draft
from question_bank.reading.headers import Columns, cell_at, folded

_MATERIALS = {
    "材料", "案例", "背景", "阅读材料", "背景材料", "案例材料", "材料内容", "案例内容", "案例背景", "案例描述",
    "共用题干", "公共题干", "题干材料", "材料题干", "大题干", "情景", "情境", "passage", "material", "case", "scenario",
}  # fmt: skip
_STEMS_OF_PARTS = {"小题题干", "小题干", "子题题干", "子题干", "子题内容", "小题内容", "小题", "子题"}
_MESSAGE = "这道题要看“{}”一栏的材料，不能单独成题。请把材料写进题干，或删去这道题。"


def name_shared_material(columns: Columns, header: Sequence[str], drafts: Sequence[tuple[Draft, list[str]]]) -> None:
    """Make a problem of each question that has such a text, and of those below that may belong to it still."""
    for column, name in enumerate(header):
        is_material, is_part = folded(name) in _MATERIALS, folded(name) in _STEMS_OF_PARTS
        if not (is_material or is_part) or column in columns.parts.values():
            continue
        has_begun = False
        for draft, cells in drafts:
            told = bool(cell_at(cells, column).strip())
            has_begun = told or (has_begun and is_material)
            if has_begun:
                trouble = (draft.stem_column, "shared_material", _MESSAGE.format(columns.names.get(column, name)))
                draft.trouble = draft.trouble or trouble
