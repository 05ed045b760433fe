"""What a question's words come to when it is compared with others."""

import re

from question_bank.content import QuestionContent, tidied

NUMBER = r"\d+(?:\.\d+)?%?|[零〇一二两三四五六七八九十百千万亿]+"
TURN = (
    "不得|不应当|不应|不能|不可以|不可|不必|应当|应该|应|必须|可以|禁止|严禁|没有|"
    "不|未|无|非|没|勿|正确|错误|以上|以下|以内|以外|大于|小于|高于|低于|多于|少于"
)
"""Words that turn the sense of a sentence."""
SHORTEST_FRAME = 4

_PUNCTUATION = re.compile(r"[\W_]+")
_CHANGING = re.compile(f"{NUMBER}|{TURN}")


def bare(text: str) -> str:
    """Tidied, and without punctuation."""
    return _PUNCTUATION.sub("", tidied(text))


def texts_of(content: QuestionContent) -> list[str]:
    """Stem and options, bare."""
    return [bare(text) for text in (content.stem, *content.options)]


def frame_of(content: QuestionContent) -> str:
    """The question without its numbers and the words that turn its sense; empty where little is left."""
    frame = "|".join(_CHANGING.sub("", text) for text in texts_of(content))
    return frame if len(frame) >= SHORTEST_FRAME else ""
