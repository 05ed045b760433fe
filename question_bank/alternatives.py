"""Accepted texts that a key names with 或 or a stroke; only where both sides surely are answers by themselves."""

import re
import unicodedata

from question_bank.reading.numerals import value_of_numeral

_OR = re.compile(
    r"^(?P<one>[^或（()）]+?)\s*(?:[（(]\s*(?:或者?|也可[以为填]?)\s*[:：]?|或者?)\s*(?P<other>[^或（()）]+?)\s*[）)]?$"
)
_OR_IN_BRACKETS = re.compile(
    r"^(?P<one>[^或（()）、，,；;/]+?)\s*[（(]\s*(?:或者?|也可以?(?:写作|写成|写为|填|答|用|为)?)\s*[:：]?\s*"
    r"(?!以[上下内外]|其[他它]|更|不|不同|等)(?P<other>[^或（()）、，,；;。/]+?)\s*[）)]$"
)
_SAID_AGAIN = re.compile(r"^(?P<one>[^（()）]+?)\s*[（(](?P<other>[^（()）]+)[）)]$")
_STROKE = re.compile(r"^(?P<one>[^/／]+?)\s*[/／]\s*(?P<other>[^/／]+)$")
_CODE = re.compile(r"\d{3,}")
_WORDS = re.compile(r"[一-鿿]{2,8}")
_NUMBER = re.compile(
    r"(?P<number>\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])(?P<unit>[^\d\s一二三四五六七八九十]{0,3})"
)


def with_alternatives(texts: tuple[str, ...]) -> tuple[str, ...]:
    """(12315, 12345, 12315或12345) for the last of them; any other text stays alone. The whole is always accepted."""
    if len(texts) != 1:
        return texts
    text = texts[0]
    for pattern, are_meant in (
        (_OR_IN_BRACKETS, _do_not_deny),
        (_OR, _each_answers),
        (_SAID_AGAIN, _same_number),
        (_STROKE, _each_answers_alone),
    ):
        found = pattern.match(text)
        if found and are_meant(found["one"].strip(), found["other"].strip()):
            return tuple(dict.fromkeys((found["one"].strip(), found["other"].strip(), text)))
    return texts


def _each_answers(one: str, other: str) -> bool:
    """Two telephone numbers, one number written in two ways, or a word and the longer one that it is short for."""
    return _same_number(one, other) or _are_codes(one, other) or _is_short_for(one, other)


def _each_answers_alone(one: str, other: str) -> bool:
    """Nobody types a stroke between words or telephone numbers; between other things it may be a rate or a date."""
    return _same_number(one, other) or _are_codes(one, other) or _are_words(one, other)


def _is_short_for(one: str, other: str) -> bool:
    return _are_words(one, other) and (one in other or other in one)


def _do_not_deny(one: str, other: str) -> bool:
    """Brackets set the other answer apart: 12315（或96315）; but 合格（或不合格） are what to choose from."""
    return one != other and not any(f"{no}{one}" == other or f"{no}{other}" == one for no in "不非无未")


def _are_codes(one: str, other: str) -> bool:
    return bool(_CODE.fullmatch(one) and _CODE.fullmatch(other))


def _are_words(one: str, other: str) -> bool:
    """Words that do not deny each other: 合格 and 不合格 are what to choose from."""
    is_denied = any(f"{no}{one}" == other or f"{no}{other}" == one for no in "不非无未")
    return bool(_WORDS.fullmatch(one) and _WORDS.fullmatch(other)) and not is_denied


def _same_number(one: str, other: str) -> bool:
    """3日 and 三日."""
    first, second = _value(one), _value(other)
    return first is not None and first == second and one != other


def _value(text: str) -> tuple[int, str] | None:
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text))
    if found is None:
        return None
    number = found["number"].replace("两", "二")
    return (int(number) if number.isdigit() else value_of_numeral(number)), found["unit"]
