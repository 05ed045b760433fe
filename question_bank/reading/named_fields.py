"""Questions whose every part is named on its line: "题目：…", "选项A：…", "答案：…"."""

import re

from question_bank.reading.lines import Line

_STEM = re.compile(
    r"^\s*(?:(?P<before>\d{1,4})\s*[.．、)）]?\s*)?(?:题目|题干|试题|问题|question|stem)\s*(?P<behind>\d{1,4})?\s*[:：]\s*(?P<rest>\S.*)$",
    re.DOTALL | re.IGNORECASE,
)
_KIND = re.compile(r"^\s*(?:题型|类型|题目类型|type)\s*[:：]\s*(?P<rest>\S{1,12})\s*$", re.IGNORECASE)
_OPTION = re.compile(
    r"^\s*(?:选项|option)\s*(?P<letter>[A-LＡ-Ｌ])\s*[:：.．、]\s*(?P<rest>\S.*)$", re.DOTALL | re.IGNORECASE
)
_KEY = re.compile(r"^\s*correct(?:\s+(?:answer|option))?\s*[:：]\s*(?P<rest>\S.*)$", re.DOTALL | re.IGNORECASE)
_FEW = 2


def with_fields_named(lines: list[Line]) -> list[Line]:
    """The stems numbered, the kind before each, options with their letters alone."""
    if sum(bool(_STEM.match(line.text)) for line in lines) < _FEW:
        return lines
    result: list[Line] = []
    stem, count, kind = -1, 0, ""
    kinds_lead = next(
        bool(_KIND.match(line.text)) for line in lines if _KIND.match(line.text) or _STEM.match(line.text)
    )
    for line in lines:
        if found := _STEM.match(line.text):
            stem, count = len(result), int(found["behind"] or found["before"] or count + 1)
            result.append(Line(line.number, f"{count}、{kind}{found['rest']}"))
            kind = ""
        elif (found := _KIND.match(line.text)) and kinds_lead:
            kind = f"（{found['rest']}）"
        elif found and stem >= 0:
            number, _, text = result[stem].text.partition("、")
            result[stem] = Line(result[stem].number, f"{number}、（{found['rest']}）{text}")
        elif found := _OPTION.match(line.text):
            result.append(Line(line.number, f"{found['letter']}. {found['rest']}"))
        elif found := _KEY.match(line.text):
            result.append(Line(line.number, f"答案：{found['rest']}"))
        else:
            result.append(line)
    return result
