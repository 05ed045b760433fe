"""What is said where a text lacks its keys, or a key its question."""

from question_bank.reading.drafts import Draft, RowProblem


def no_keys(drafts: list[Draft]) -> RowProblem:
    message = f"认出 {len(drafts)} 道题，但都没有答案，一道也不能收。请在每道题下写上“答案：A”，或在末尾列出全部答案。"
    return RowProblem("", None, "答案", "no_keys", message)


def no_stem(draft: Draft) -> RowProblem:
    message = "这里有答案，但认不出它的题干。请在答案上面写上题号和题干，再上传一次。"
    return RowProblem("", draft.row, "题干", "stem_missing", message)
