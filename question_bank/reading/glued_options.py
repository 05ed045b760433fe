"""Options in one line with nothing between letter and text: "A八月B九月C十月"."""

import re
import unicodedata

from question_bank.reading import lines as look
from question_bank.reading.keys import letters_in
from question_bank.reading.kind_words import are_verdicts
from question_bank.reading.lines import Line

_LETTER = re.compile("[A-Za-zＡ-Ｚａ-ｚ]")
_KEY = r"[（(【\[<{＜｛]\s*[A-LＡ-Ｌ](?:[\s、,，]*[A-LＡ-Ｌ])*\s*[）)】\]>}＞｝]"
_ENDS_STEM = re.compile(rf"(?:[（(【\[]\s*[）)】\]]|{_KEY}|[？?])\s*[。.？?：:]?\s*$")
_ENDS_SENTENCE = re.compile(r"[\s。：:]$")
_BEGINS_OPTION = re.compile(r"[一-鿿\d“《]")
_GOES_ON = re.compile(r"[、，,和与及或]\s*$|[（(]\s*[）)√×对错]")
_FEWEST, _MOST = 3, 8
_LOOK_AHEAD = 6


def with_glued_options_parted(lines: list[Line]) -> list[Line]:
    """Each such option on a line of its own, where the letters run from A on and no other letter is about."""
    result: list[Line] = []
    for place, line in enumerate(lines):
        first, *rest = (look.pieces_of(line) if "B" in line.text or "Ｂ" in line.text else []) or [line]
        parts = _parts(first.text)
        if parts and _are_meant(lines, place, parts[0], rest):
            texts = ([parts[0]] if parts[0] else []) + [f"{chr(65 + n)}. {text}" for n, text in enumerate(parts[1:])]
            result += [Line(line.number, text) for text in texts] + rest
        else:
            result.append(line)
    return result


def _parts(text: str) -> list[str]:
    """What stands before the options, and the options; [] where letters say anything else."""
    if len(text) > 2_000:
        return []
    marks = list(_LETTER.finditer(text))
    letters = [unicodedata.normalize("NFKC", mark[0]) for mark in marks]
    if "A" not in letters:
        return []
    first = len(letters) - 1 - letters[::-1].index("A")
    if letters[first:] != [chr(65 + place) for place in range(len(letters) - first)]:
        return []
    places = [mark.start() for mark in marks[first:]]
    options = [text[a + 1 : b].strip(" \t　；;") for a, b in zip(places, [*places[1:], len(text)], strict=True)]
    before = text[: places[0]]
    is_several = _FEWEST <= len(options) <= _MOST or are_verdicts(options)
    if not is_several or re.search("[A-LＡ-Ｌ]", re.sub(_KEY, "", before)):
        return []
    if not all(_BEGINS_OPTION.match(option) and not _GOES_ON.search(option) for option in options):
        return []
    return [before.strip(), *options]


def _are_meant(lines: list[Line], place: int, before: str, rest: list[Line]) -> bool:
    """No other options are near; behind a stem, its bracket, or a key that is letters, says that options follow."""
    stated = False
    below = [*rest, *lines[place + 1 : place + _LOOK_AHEAD]]
    for line in below:
        if line.letter is not None:
            return False
        if (answer := line.answer) is not None:
            stated = letters_in(answer) is not None
            break
        if line.start is not None:
            break
    if not before:
        return not place or lines[place - 1].letter is None
    return bool(_ENDS_STEM.search(before)) or (stated and bool(_ENDS_SENTENCE.search(before + " ")))
