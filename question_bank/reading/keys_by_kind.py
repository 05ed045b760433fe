"""Keys that stand behind the names of their kinds, or behind the numbers of their sections, all on one line."""

import re

from question_bank.reading import lines as look
from question_bank.reading.key_blocks import keys_in_line
from question_bank.reading.lines import Line

_LONGEST = 2_000
_NUMERAL = r"[一二三四五六七八九十]\s*[、.．]\s*"
_KIND = rf"(?:{_NUMERAL})?(?:单项?选择?题?|多项?选择?题?|不定项选择题?|判断题?|选择题)"
_KIND_OF_KEYS = re.compile(rf"(?P<kind>{_KIND}|(?<!\S){_NUMERAL})(?:答案)?\s*[:：]?\s*(?=[（(]?\d)")


def with_answers_by_kind_parted(lines: list[Line]) -> list[Line]:
    """ "答案：单选题：1.A 2.B 判断题：1.√ 2.×": the title, and each kind above its keys.

    "答案：一、1.A 2.B 二、1.√": the title, and a line for each section.
    """
    result: list[Line] = []
    for line in lines:
        stated = line.answer if len(line.text) < _LONGEST else None
        before, *parts = _KIND_OF_KEYS.split(stated or "")
        kinds, keys = parts[::2], [part.strip(" \t　；;。") for part in parts[1::2]]
        if kinds and not before.strip() and all(map(keys_in_line, keys)):
            result.append(Line(line.number, "参考答案"))
            for kind, told in zip(kinds, keys, strict=True):
                texts = [kind + told] if re.fullmatch(_NUMERAL, kind) else [kind, told]
                result += [Line(line.number, text) for text in texts]
        else:
            result.append(line)
    return result


_HEADING_WITH_KEYS = re.compile(
    r"^(?P<heading>.{2,24}?题(?:[（(][^（）()]*[）)])?(?:答案)?)\s*[:：]?\s*(?P<keys>[（(]?\d.*)$"
)
_NAME_WITH_KEYS = re.compile(rf"^(?P<heading>{_KIND})(?:参考|标准|正确)?(?:答案)?\s*[:：]\s*(?P<keys>[（(]?\d.*)$")
_IN_ORDER = re.compile(
    rf"^(?P<heading>{_KIND})(?:的?(?:参考|标准|正确)?答案\s*[:：]|\s*[:：])\s*(?P<keys>[A-LＡ-Ｌ√×✓✗对错][A-LＡ-Ｌ√×✓✗对错\s、,，;；]*)$"
)


def with_headings_of_keys_parted(lines: list[Line]) -> list[Line]:
    """ "一、单选题：1-5 ABCDA", "单选：1.A 2.B", "判断题答案：√×√": the heading and the keys, each on a line."""
    result: list[Line] = []
    for line in lines:
        text = line.text.strip()
        found = _HEADING_WITH_KEYS.match(text) or _NAME_WITH_KEYS.match(text)
        if found and keys_in_line(found["keys"]) and look.section_of(found["heading"].removesuffix("答案")):
            result += [Line(line.number, found["heading"]), Line(line.number, found["keys"])]
        elif in_order := _IN_ORDER.match(text):
            result += [Line(line.number, part) for part in ("参考答案", in_order["heading"], in_order["keys"])]
        else:
            result.append(line)
    return result
