"""Keys that stand inside the stem: in its bracket, in its blank, or at its end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from question_bank.content import letter, tidied
from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.kind_words import verdict_in
from question_bank.reading.remarks import remark_behind
from question_bank.reading.unseen import without_unseen

_LETTERS = r"[A-LＡ-Ｌa-h](?:[\s、,，;；.．和/]*[A-LＡ-Ｌa-h])*"
_IN_BRACKET = re.compile(rf"(?P<open>[（(【\[])\s*(?P<key>{_LETTERS})\s*(?P<close>[）)】\]])")
_EMPTY_BRACKET = re.compile(r"(?<![A-Za-z0-9_])[（(]\s*[）)]")  # f() in code draws no blank
_IN_BLANK = re.compile(rf"(?<!_)_+\s*(?P<key>{_LETTERS})\s*_+")
_VERDICT = r"√|×|✓|✗|✔|✘|╳|对|错|正确|错误|對|錯|正確|錯誤|[TFtf]|[xXＸｘ]|[Vv]|[YNＹＮ]"
_SIGNS = "√×✓✗✔✘╳"
_VERDICT_IN_BRACKET = re.compile(rf"(?P<open>[（(【\[])\s*(?P<key>{_VERDICT})\s*(?P<close>[）)】\]])")
_VERDICT_WITH_REMARK = re.compile(
    rf"(?P<open>[（(【\[])\s*(?P<key>(?:{_VERDICT})\s*[，,。；;：:]\s*[^（）()【】\n]{{2,80}}?)\s*(?P<close>[）)】\]])\s*[。.]?$"
)
_VERDICT_AT_END = re.compile(r"(?<=[。.！!？?\s一-鿿])(?P<key>[√×✓✗✔✘╳✅❌])\s*[。.]?$")
_VERDICT_AT_START = re.compile(r"^\s*(?P<key>[√×✓✗✔✘╳])\s*(?=[^√×✓✗✔✘╳]*[一-鿿]{3}[^√×✓✗✔✘╳]*$)")
_WORD_AT_END = re.compile(
    r"(?:(?<=[\s。！!？?）)])\s*(?=[对错正])|(?<=[。！!？?）)])\s*)(?P<key>对|错|正确|错误|[TFVvXxYN])\s*[。.]?$"
)
_YES_AT_END = re.compile(r"(?P<open>[（(【])\s*(?P<key>[是否])\s*(?P<close>[）)】])(?=\s*[。.？?]?$)")
_ANSWER_AT_END = re.compile(
    r"(?:正确|参考|标准)?答案】?\s*[是为]?\s*[:：】\]]\s*(?P<key>\S[^\n]{0,400}?)(?:\s*[）)】\]])?\s*$"
)
_FILLED_BLANK = re.compile(r"(?<!_)_{2,}[ \t]*(?P<key>[^_\n]{1,200}?)[ \t]*_{2,}")
_TEXT_IN_BRACKET = re.compile(r"[（(【]\s*(?P<key>[^（）()【】\n]{1,60}?)\s*[）)】]")
_TEXT_IN_SQUARE = re.compile(r"\[\s*(?P<key>[^\[\]\n]{1,60}?)\s*\]")
BLANK = re.compile(r"_{2,}|＿{2,}|[（(]\s*[）)]|【\s*】|﹍{2,}|﹎+|(?<!\s)\s{6,}(?=[，。、；,.])")


@dataclass(frozen=True)
class StemWithKey:
    """The stem with its blank emptied, and the key that stood there."""

    stem: str
    key: str
    pieces: tuple[str, ...] = ()
    why: str = ""  # said behind the key, as the next one is
    source: str = ""


def blanks_in(stem: str) -> int:
    """How many blanks a stem draws."""
    return len(BLANK.findall(stem))


def choice_in_stem(stem: str, options: int) -> StemWithKey | None:
    """Letters in the brackets or blanks of a stem.

    None where an empty bracket stands behind those inside a sentence: the key is due there.
    """
    found = _answer_at_end(stem)
    if found:
        return found
    for pattern in (_IN_BRACKET, _IN_BLANK):
        marks = [m for m in pattern.finditer(stem) if all(ord(c) - 64 <= max(options, 2) for c in _plain(m["key"]))]
        capital = [m for m in marks if m["key"].isupper()] or marks
        if capital and (not stem[: capital[0].start()].strip() or not _EMPTY_BRACKET.search(stem, capital[-1].end())):
            return _emptied(stem, capital)
    return None


def _plain(letters: str) -> list[str]:
    return [chr(ord(c) - 0xFEE0) if ord(c) > 0xFF00 else c.upper() for c in letters if c.isalpha()]


def verdict_in_stem(stem: str) -> StemWithKey | None:
    """A verdict in the last bracket of a stem, or as a bare mark at its end."""
    found = _answer_at_end(stem)
    if found:
        return found
    if remark := _VERDICT_WITH_REMARK.search(stem.rstrip()):
        return _emptied(stem.rstrip(), [remark])
    marks = list(_VERDICT_IN_BRACKET.finditer(stem))
    if marks:
        return _with_remark(stem, marks)
    stem = stem.rstrip()
    return _without_verdict(stem, _VERDICT_AT_END.search(stem, max(0, len(stem) - 8)))


def shown_verdict(stem: str) -> StemWithKey | None:
    """The verdict that a stem shows beside a key stated elsewhere: in a bracket at its end, or a sign before it."""
    marks = list(_VERDICT_IN_BRACKET.finditer(stem))
    if not marks:
        return None
    first, last = marks[0], marks[-1]
    behind = stem[last.end() :].strip(" 。.\n")
    if stem[: last.start()].strip() and (not behind or remark_behind(stem[: last.start()], behind)):
        return _with_remark(stem, [last])
    return _emptied(stem, [first]) if first["key"] in _SIGNS and not stem[: first.start()].strip() else None


def _with_remark(stem: str, marks: list[re.Match[str]]) -> StemWithKey:
    """The verdict of the last bracket; signs in an earlier one are another verdict: "甲。（×）乙。（√）"."""
    last = marks[-1]
    signs = tuple(mark["key"] for mark in marks if mark["key"] in _SIGNS and stem[: mark.start()].strip())
    remark = remark_behind(stem[: last.start()], stem[last.end() :]) if stem[last.end() :].strip(" 。.\n") else None
    found = _emptied(stem[: last.end()] if remark else stem, [last])
    why, source = remark or ("", "")
    return StemWithKey(
        found.stem, "对" if found.key in "Vv" else found.key, signs if len(signs) > 1 else (), why, source
    )


def _verdict_word_at_end(stem: str) -> StemWithKey | None:
    """ "水往低处流。 对": a word, where judgements are asked."""
    return _without_verdict(stem, _WORD_AT_END.search(stem.rstrip(), max(0, len(stem) - 8)))


_OFFERED = re.compile(r"(?P<key>√|×|✓|✗|✔|✘|对|错|正确|错误|是|否)\s*[）)]?\s*[/、，,;；（(]?\s*$")


def _without_verdict(stem: str, mark: re.Match[str] | None) -> StemWithKey | None:
    """The stem before a verdict; None behind the other one: "对 错" are what to choose from."""
    if mark is None:
        return None
    before = stem[: mark.start()].rstrip()
    other = _OFFERED.search(before, max(0, len(before) - 8))
    is_offered = other is not None and verdict_in(other["key"]) is not verdict_in(mark["key"])
    key = "对" if mark["key"] in "Vv" else mark["key"]
    return None if is_offered and _stands_alone(before, other) else StemWithKey(before, key)


def _stands_alone(before: str, mark: re.Match[str] | None) -> bool:
    """Whether a verdict is none of a sentence's words: "…是正确的。 错" goes on, "… 正确 错误" does not."""
    return mark is not None and (mark["key"] in "√×✓✗✔✘" or not re.search(r"[一-鿿]\Z", before[: mark.start()]))


def _yes_at_end(stem: str) -> StemWithKey | None:
    """（是） and （否） in the bracket at the end, where judgements are asked."""
    mark = _YES_AT_END.search(stem.rstrip(), max(0, len(stem.rstrip()) - 12))
    return _emptied(stem.rstrip(), [mark]) if mark and stem[: mark.start()].strip() else None


def _verdict_at_start(stem: str) -> StemWithKey | None:
    mark = _VERDICT_AT_START.match(stem)
    return StemWithKey(stem[mark.end() :], mark["key"]) if mark else None


def blanks_in_stem(stem: str) -> StemWithKey | None:
    """Answers written into the blanks of a stem, in order."""
    found = _answer_at_end(stem)
    if found:
        return found
    marks = _filled_blanks(stem)
    if not marks and not blanks_in(stem):
        marks = [mark for mark in _TEXT_IN_BRACKET.finditer(stem) if not _is_aside(mark["key"])]
        marks = marks or list(_TEXT_IN_SQUARE.finditer(stem))
    if not marks:
        return None
    pieces = tuple(mark["key"].strip() for mark in marks)
    return StemWithKey(_replaced(stem, marks), "；".join(pieces), pieces)


_LONGEST_SHOWN = 20
_LINKS_BLANKS = re.compile(
    r"[，。、；：,.;:！？!?\n]|^(?:和|与|或|及|是|为|的|至|到|以及|或者|"
    r"[年月日时分秒号元天周岁人次条款项级类名家度米吨克个种章节层倍%％‰℃]|[条款章项节]第|小时|分钟|公里|个月|工作日)$"
)


_ASIDE = re.compile(
    r"(?:以下|下同|下称|以上)?(?:简称|统称|称)|下同|[又也亦]称|即|含|包括|不含|例如|比如|如[：:]|详?见|参见|注[：:]|《"
)


def _is_aside(text: str) -> bool:
    """Whether what stands in a bracket is a verdict or a remark: （以下简称本法）."""
    return verdict_in(text) is not None or _ASIDE.match(text) is not None


def _filled_blanks(stem: str) -> list[re.Match[str]]:
    """__9__: an answer between two strokes. What stands between two empty blanks links them, and is no answer."""
    strokes = re.findall(r"_{2,}", stem)
    marks = list(_FILLED_BLANK.finditer(stem))
    if len(marks) * 2 != len(strokes) or any(_LINKS_BLANKS.search(mark["key"].strip()) for mark in marks):
        return []
    return marks


def shown_between_blanks(stem: str, answers: Sequence[Sequence[str]]) -> str:
    """A word between two strokes that neither links blanks nor is part of an answer: "____乙____"; "" for none."""
    said = "".join(text for texts in answers for text in texts)
    between = [word.strip() for word in re.split(r"_{2,}", stem)[1:-1]]
    told = (word for word in between if word and len(word) <= _LONGEST_SHOWN and word not in said)
    return next((word for word in told if not _LINKS_BLANKS.search(word)), "")


def is_filled_blank(stem: str, key: str) -> bool:
    """Whether these capital letters stand in the last bracket of a stem, where its empty blank would end it."""
    found = re.search(r"[（(]\s*(?P<key>[A-LＡ-Ｌ]{1,8})\s*[）)]\s*[。.？?：:]?\s*$", stem)
    return found is not None and blanks_in(stem) == 0 and "".join(_plain(found["key"])) == key


def draws_empty_blank(stem: str) -> bool:
    """Whether a stem draws a blank that surely holds nothing: the other stems of its file then draw theirs so too."""
    return len(re.findall(r"_{2,}", stem)) % 2 == 1


def _answer_at_end(stem: str) -> StemWithKey | None:
    place = stem.rfind("答案")
    mark = _ANSWER_AT_END.search(stem, max(0, place - 2)) if place > 0 else None
    if mark is None:
        return None
    before = stem[: mark.start()].rstrip(" \t\n\u3000（(【[")
    return StemWithKey(before, mark["key"].strip()) if before else None


def _emptied(stem: str, marks: list[re.Match[str]]) -> StemWithKey:
    keys = tuple("".join(_plain(mark["key"])) if mark["key"].isalpha() else mark["key"] for mark in marks)
    return StemWithKey(_replaced(stem, marks), keys[0] if len(keys) == 1 else "".join(keys), keys)


def _replaced(stem: str, marks: list[re.Match[str]]) -> str:
    parts, end = [], 0
    for mark in marks:
        parts += [stem[end : mark.start()], _empty(mark)]
        end = mark.end()
    return "".join([*parts, stem[end:]])


def _empty(mark: re.Match[str]) -> str:
    groups = mark.groupdict()
    if "open" in groups:
        return f"{groups['open']}  {groups['close']}"
    return "____" if mark[0].startswith("_") else f"{mark[0][0]}  {mark[0][-1]}"


def option_in_stem(stem: str, options: Sequence[str]) -> StemWithKey | None:
    """The right option written out in the one bracket of a stem: "全国统一的电话是（12315）"."""
    marks = list(_TEXT_IN_BRACKET.finditer(stem))
    numbers = [
        n for mark in marks for n, option in enumerate(options) if option and tidied(option) == tidied(mark["key"])
    ]
    if len(marks) != 1 or len(numbers) != 1:
        return None
    found = _emptied(stem, marks)
    return StemWithKey(found.stem, letter(numbers[0] + 1), found.pieces)


def key_in_stem(stem: str, kind: Kind | None, options: int) -> StemWithKey | None:
    """The key inside a stem, looked for as the kind (or what speaks for one) suggests."""
    stem = without_unseen(stem).replace("＿", "_")
    if kind is Kind.TRUE_FALSE:
        return verdict_in_stem(stem) or _verdict_word_at_end(stem) or _verdict_at_start(stem) or _yes_at_end(stem)
    if kind is Kind.FILL_BLANK:
        return blanks_in_stem(stem)
    if kind is Kind.SHORT_ANSWER:
        return _answer_at_end(stem)
    if options >= 2:
        return choice_in_stem(stem, options)
    found = verdict_in_stem(stem)
    if found is None and _filled_blanks(stem):
        return blanks_in_stem(stem)
    return found


def is_ambiguous(found: StemWithKey, kind: Kind | None) -> bool:
    """Whether a stem shows two verdicts, or letters in two places where they are not known to belong together."""
    if kind is Kind.FILL_BLANK:
        return False
    if len(found.pieces) > 1 and all(verdict_in(piece) is not None for piece in found.pieces):
        return True
    letters = len(set(found.pieces)) > 1 and all(re.fullmatch("[A-L]+", piece) for piece in found.pieces)
    return letters and kind is not Kind.MULTIPLE_CHOICE
