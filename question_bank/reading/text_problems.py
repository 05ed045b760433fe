"""What is said where a text lacks its keys, or a key its question."""

from question_bank.reading.drafts import Draft, RowProblem


def no_keys(drafts: list[Draft]) -> RowProblem:
    message = f"认出 {len(drafts)} 道题，但都没有答案，一道也不能收。请在每道题下写上“答案：A”，或在末尾列出全部答案。"
    return RowProblem("", None, "答案", "no_keys", message)


def no_stem(draft: Draft) -> RowProblem:
    message = "这里有答案，但认不出它的题干。请在答案上面写上题号和题干，再上传一次。"
    return RowProblem("", draft.row, "题干", "stem_missing", message)


_ABOVE = "第一道题的上面就有答案，最后一道题的下面却没有，分不清答案是写在题的上面还是下面。请把答案写到各题下面。"


def name_answers_above(drafts: list[Draft]) -> None:
    """Answers that stand above their questions look like those of the questions before them."""
    for draft in drafts:
        if draft.key:
            draft.trouble = draft.trouble or ("答案", "key_ambiguous", _ABOVE)
