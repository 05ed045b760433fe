"""Rows under a header that are no questions: placeholders, notes, guidance, samples, totals."""

import re
from collections.abc import Iterable, Sequence

from question_bank.reading.drafts import Row
from question_bank.reading.headers import KEY, OPTIONS, STEM, Columns

_PLACEHOLDER = re.compile(
    r"^[（(]?(?:这里|此处|请在此|在此|请在这里)(?:填|输入|填写|录入)|^(?:请输入|请填写|填写)(?:题干|题目|试题)"
)
_NOTE = re.compile(
    r"\s*[（(【*※]{0,2}\s*(注|注意|注意事项|说明|备注|提示|填写说明|温馨提示|命题人|出题人|审核人?|审定人?|校对人?|校核人?|复核人?|编制人?|编写人?|批准人?|制表人?|填报人|日期|出题日期|制表日期)\s*\d?\s*[:：]"
    r"|^\s*(note|tip|remark)s?\s*:", re.IGNORECASE
)  # fmt: skip
_TOTAL = re.compile(
    r"\s*(?:合计|小计|总计|共计|总数|总分|满分|平均分?|total|subtotal)\s*(?:$|[:：\d（(])|\s*共\s*\d+\s*[道题条]",
    re.IGNORECASE,
)
_GUIDANCE = re.compile(
    r"必填|选填|可不填|可为空|请填写|请输入|请选择|不填|不超过\s*\d+|最多\s*\d+|下拉|不能为空|支持\s*\d+|填写|"
    r"\(required|\(optional|\brequired\b|\boptional\b|\bdefault\b|\bleave blank\b", re.IGNORECASE
)  # fmt: skip
_SAMPLE_CELL = re.compile(r"\s*[（(【\[]?(?:示例|样例|范例|样题|例题|示范|例|sample|example)(?:数据|题目?|行)?\s*\d*"
                          r"(?:[，,（(].{0,12}|[:：]\s*[一-鿿]{2,6}题)?[）)】\]]?[:：]?\s*", re.IGNORECASE)  # fmt: skip
_SAMPLE_STEM = re.compile(
    r"\s*(?:[（(【\[](?:示例|样例|例题|范例|举例|样题)[^）)】\]]{0,8}[）)】\]]|(?:示例|样例|例题|范例|样题)(?:题目?|数据|试题)?\s*\d*\s*[:：])"
)


def is_note(columns: Columns, cells: Sequence[str], stem: str) -> bool:
    """A placeholder, a remark or a total that stands in a row of its own."""
    if _PLACEHOLDER.match(stem.strip()):
        return True
    filled = [cell for cell in cells if cell.strip()]
    if len(columns.parts) + len(columns.options) <= 2 or not filled:
        return False
    if len(filled) > 2 and len(set(filled)) == 1:
        return True  # a chapter's name in each of the cells that were merged
    if all(_NOTE.match(cell) for cell in filled):  # 出题人：…, and 审核：… beside it
        return True
    return len(filled) <= 3 and bool(_TOTAL.match(filled[0]))


def is_guidance(columns: Columns, cells: Sequence[str]) -> bool:
    """The row under a header that says of each column what to write there; it has no key of its own."""
    key = columns.get(KEY, list(cells)).strip()
    if key and not _GUIDANCE.search(key) and len(key) <= 12:
        return False
    filled = [cell for cell in cells if cell.strip()]
    return sum(bool(_GUIDANCE.search(cell)) for cell in filled) >= max(2, (len(filled) + 1) // 2)


def samples_among(columns: Columns, rows: Iterable[Row]) -> set[int]:
    """The numbers of rows that call themselves samples, unless most rows do."""
    told = {columns.parts.get(part) for part in (STEM, KEY, OPTIONS)} | {column for _, column in columns.options}
    count, samples = 0, set()
    for number, cells in rows:
        count += 1
        stem = columns.get(STEM, list(cells))
        beside = (cell for column, cell in enumerate(cells) if column not in told)
        if _SAMPLE_STEM.match(stem) or (stem.strip() and any(_SAMPLE_CELL.fullmatch(cell) for cell in beside)):
            samples.add(number)
    return samples if len(samples) * 2 <= count or len(samples) == 1 < count else set()
