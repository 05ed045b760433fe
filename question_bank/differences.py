"""In what two texts or two questions differ, for people who compare them side by side."""

import re
from difflib import SequenceMatcher

from question_bank.content import QuestionContent
from question_bank.likeness import bare

LONGEST_MARKED = 2_000
"""Characters; longer texts are shown without marks."""

_NUMBER = r"\d+(?:\.\d+)?%?|[零〇一二两三四五六七八九十百千万亿]+"
_TURN = (
    "不得|不应当|不应|不能|不可以|不可|不必|应当|应该|应|必须|可以|禁止|严禁|没有|"
    "不|未|无|非|没|勿|正确|错误|以上|以下|以内|以外|大于|小于|高于|低于|多于|少于"
)
_WORD = re.compile(f"{_NUMBER}|{_TURN}|.", re.DOTALL)

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
    first, second = _texts(one), _texts(other)
    if first == second or len(first) != len(second):
        return ""
    for name, pattern in (("number", _NUMBER), ("turn", _TURN), ("both", f"{_NUMBER}|{_TURN}")):
        if [re.sub(pattern, "", text) for text in first] == [re.sub(pattern, "", text) for text in second]:
            return name
    return ""


def differing_words(one: QuestionContent, other: QuestionContent) -> tuple[list[str], list[str]]:
    """The words in which they differ, of one and of the other."""
    words: tuple[list[str], list[str]] = [], []
    for texts in zip(_texts(one), _texts(other), strict=False):
        for found, parts in zip(words, marked(*texts), strict=True):
            found += [text for text, differs in parts if differs]
    return words


def _texts(content: QuestionContent) -> list[str]:
    return [bare(text) for text in (content.stem, *content.options)]
