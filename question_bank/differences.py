"""In what two texts or two questions differ, for people who compare them side by side."""

import re
from difflib import SequenceMatcher

from question_bank.content import QuestionContent
from question_bank.wording import NUMBER, TURN, texts_of

LONGEST_MARKED = 2_000
"""Characters; longer texts are shown without marks."""

_WORD = re.compile(f"{NUMBER}|{TURN}|.", re.DOTALL)

Parts = list[tuple[str, bool]]
"""A text in pieces, each with whether it differs."""


def marked(one: str, other: str) -> tuple[Parts, Parts]:
    """Both texts in pieces; a number or a negation is one piece, other differences go by the character."""
    if one == other or max(len(one), len(other)) > LONGEST_MARKED:
        return [(one, False)], [(other, False)]
    first, second = _WORD.findall(one), _WORD.findall(other)
    steps = SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    return (
        [("".join(first[a:b]), tag != "equal") for tag, a, b, _, _ in steps if a < b],
        [("".join(second[a:b]), tag != "equal") for tag, _, _, a, b in steps if a < b],
    )


def differs_only_in(one: QuestionContent, other: QuestionContent) -> str:
    """``number`` (3 日, 5 日) or ``turn`` (应当, 不得) where that is all, ``both``, else an empty text.

    Such pairs are often both right.
    """
    first, second = texts_of(one), texts_of(other)
    if first == second or len(first) != len(second):
        return ""
    for name, pattern in (("number", NUMBER), ("turn", TURN), ("both", f"{NUMBER}|{TURN}")):
        if [re.sub(pattern, "", text) for text in first] == [re.sub(pattern, "", text) for text in second]:
            return name
    return ""


def differing_words(one: QuestionContent, other: QuestionContent) -> tuple[list[str], list[str]]:
    """The words in which they differ, of one and of the other."""
    words: tuple[list[str], list[str]] = [], []
    for texts in zip(texts_of(one), texts_of(other), strict=False):
        for found, parts in zip(words, marked(*texts), strict=True):
            found += [text for text, differs in parts if differs]
    return words
