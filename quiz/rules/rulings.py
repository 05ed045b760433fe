"""裁定: what a reason must say and must not hold, and what another key must look like."""

import re
import unicodedata

from question_bank.answers import tidied_answer
from question_bank.content import FALSE, TRUE, QuestionContent, letter
from question_bank.kinds import QuestionKind
from quiz.rules.marking import QuestionRuling, RulingKind

LONGEST_REASON = 200
MOST_TEXTS = 20
"""Accepted texts for one blank of another key."""

_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\-–—·.]+(?=\d)")


def holds_phone(text: str) -> bool:
    """Whether a mobile number stands in the text, full-width or parted as people write it."""
    return bool(_PHONE.search(_BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text))))


def reason_complaints(reason: str, name: str = "") -> list[str]:
    """What is wrong with the reason of a ruling, which is published. ``name``: of the person whom it is about."""
    if not reason.strip():
        return ["请写明原因，它会和裁定一起公布。"]
    found = []
    if len(reason) > LONGEST_REASON:
        found.append(f"原因最多 {LONGEST_REASON} 个字，现在有 {len(reason)} 个。")
    if holds_phone(reason):
        found.append("原因会公布，请不要写手机号。")
    if name and name in reason:
        found.append("原因会公布，请不要写参赛者的姓名。")
    return found


def key_complaints(content: QuestionContent, ruling: QuestionRuling) -> list[str]:
    """What is wrong with a ruling about a question that says this."""
    if ruling.kind is not RulingKind.ANOTHER_KEY:
        return []
    if content.kind is QuestionKind.FILL_BLANK:
        return _blank_complaints(content, ruling.blanks)
    offered = {TRUE, FALSE} if content.kind is QuestionKind.TRUE_FALSE else set(range(1, len(content.options) + 1))
    if not ruling.choices:
        return ["请选出正确的答案。"]
    if not ruling.choices <= offered:
        return [f"这道题只有 {len(offered)} 个选项，请重新选择。"]
    if content.kind is not QuestionKind.MULTIPLE_CHOICE and ruling.choices == offered:
        return ["所有选项都算对，就请改用“全体给分”。"]
    return ["这和现在的答案一样，不用更正。"] if ruling.choices == content.choices else []


def _blank_complaints(content: QuestionContent, blanks: tuple[tuple[str, ...], ...]) -> list[str]:
    if len(blanks) != len(content.blanks) or not all(blanks):
        return [f"这道题有 {len(content.blanks)} 个空，每个空都要填可以得分的写法。"]
    if any(len(texts) > MOST_TEXTS for texts in blanks):
        return [f"一个空最多写 {MOST_TEXTS} 种写法。"]
    same = [{tidied_answer(text) for text in texts} for texts in blanks]
    now = [{tidied_answer(text) for text in texts} for texts in content.blanks]
    return ["这和现在的答案一样，不用更正。"] if same == now else []


def key_in_words(content: QuestionContent) -> str:
    """ABD; A 或 C where either is right; 对; 12315 或 一二三一五; as the version counts its options."""
    if content.kind is QuestionKind.FILL_BLANK:
        return "；".join(" 或 ".join(texts) for texts in content.blanks)
    if content.kind is QuestionKind.TRUE_FALSE:
        return "对" if TRUE in content.choices else "错"
    between = "" if content.kind is QuestionKind.MULTIPLE_CHOICE else " 或 "
    return between.join(letter(number) for number in sorted(content.choices))
