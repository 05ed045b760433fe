"""Words that a Word document hides: nobody sees them, so they are left out, but for keys that stand nowhere else."""

from question_bank.reading.drafts import Draft, Found, RowProblem
from question_bank.reading.set_off import states_key

_READ = "答案是隐藏的文字，仍读取了，请核对。"
_LEFT_OUT = "这里有隐藏的文字，像是一道题，没有读取。要这道题，请取消隐藏；不要，请删去它。"


def take_hidden_keys(found: Found, whole: Found) -> None:
    """People hide the answers before they print. ``whole`` is the document read with all that it hides."""
    if not found.drafts and whole.drafts:
        found.drafts, found.problems = whole.drafts, whole.problems
        found.warnings = [*whole.warnings, RowProblem("", None, "", "hidden_words_read", _READ)]
        return
    by_row = {draft.row: draft for draft in whole.drafts}
    keyed = {draft.row for draft in found.drafts if _takes(draft, by_row.get(draft.row))}
    rows = {draft.row for draft in found.drafts}
    found.drafts = [by_row[draft.row] if draft.row in keyed else draft for draft in found.drafts]
    found.warnings += [RowProblem("", row, "答案", "hidden_words_read", _READ) for row in sorted(keyed)]
    found.problems += [
        RowProblem("", draft.row, "", "hidden_words", _LEFT_OUT) for draft in whole.drafts if draft.row not in rows
    ]


def _takes(draft: Draft, whole: Draft | None) -> bool:
    """Whether a question has its key in hidden words alone."""
    return whole is not None and not _is_keyed(draft) and _is_keyed(whole) and draft.options == whole.options


def _is_keyed(draft: Draft) -> bool:
    return states_key(draft) or draft.choices is not None or draft.blanks is not None
