"""Options that stand together in one text, and the letters before them."""

import ast
import json
import re
import unicodedata
from dataclasses import dataclass
from itertools import islice

_PUNCTUATED = r"\s*(?:[.．、)）\]】]|\\\.|[:：,，;；](?!\d{3}))\s*"
_AFTER = r"(?:(?<=^)|(?<=[\s;；|,，、。.（(\[【*/\\）)”\"'’」』》>&#]))"
_MARK = re.compile(
    rf"{_AFTER}[（(\[【*]{{0,2}}(?P<letter>[A-Za-zＡ-Ｚ])(?P<after>{_PUNCTUATED}|[）)\]】]\s*|(?:[^\S\n]+|(?<=^.)\s+)(?=\S)(?![-<>=≤≥≠+÷*/&|]\s|×[^\S\n]+\S))",
    re.MULTILINE,
)
_GLUED = re.compile(
    r"(?:(?<=^)|(?<=[\s）)。？?]))(?P<letter>[A-HＡ-Ｈ])(?P<after>(?=[一-鿿“《<\"（(\d①-⑳]))", re.MULTILINE
)
_ANYWHERE = re.compile(r"(?P<letter>[A-HＡ-Ｈ])(?P<after>\s*[.．、:：]\s*)")

MOST_LETTERS = 12
MOST_MARKS = 1_000
"""No text has so many letters that might begin an option, save one made to keep the reader busy."""


@dataclass(frozen=True)
class Labelled:
    """Options with their letters, and what stood before the first of them."""

    before: str
    labels: list[str]
    options: list[str]


def labelled(text: str, *, behind_stem: bool = False) -> Labelled | None:
    """Split "A.… B.… C.…" at letters that follow each other from A on; None where there are none.

    ``behind_stem``: the text begins with a stem, whose own letters are to be left alone.
    """
    if columns := _in_columns(text):
        return _cut(text, columns)
    for pattern, is_sure in ((_MARK, _is_sure), (_MARK, None), (_GLUED, None), (_ANYWHERE, None)):
        possible = islice(pattern.finditer(text), MOST_MARKS)
        marks = [mark for mark in possible if is_sure is None or is_sure(text, mark)]
        chain = _chain(text, marks)
        if len(chain) >= 2 and not (behind_stem and _is_prose(text, chain)):
            return _cut(text, _longer_when_glued(text, chain) or chain)
    return None


def _longer_when_glued(text: str, chain: list[re.Match[str]]) -> list[re.Match[str]]:
    """ "A、甲B、《乙》C、丙": all the letters, where they stand without a blank between, though only some are sure."""
    letters = [
        mark
        for mark in islice(_ANYWHERE.finditer(text), MOST_MARKS)
        if mark.start("letter") >= chain[0].start("letter")
    ]
    longer = _chain(text, letters)
    is_alike = len({mark["after"].strip() for mark in longer}) == 1
    is_glued = all(text[mark.start("letter") - 1 : mark.start("letter")].strip() for mark in longer[1:])
    starts = {mark.start("letter") for mark in longer}
    holds_chain = all(mark.start("letter") in starts for mark in chain)
    return longer if len(longer) > len(chain) and is_alike and is_glued and holds_chain else []


def _in_columns(text: str) -> list[re.Match[str]]:
    """Options set in columns, A and C above B and D: each letter once, all of them apart; [] for any other order."""
    marks = [m for m in islice(_MARK.finditer(text), MOST_MARKS) if not m["after"].isspace() and _stands_apart(text, m)]
    letters = [_letter(mark) for mark in marks]
    in_order = [chr(65 + place) for place in range(len(letters))]
    is_turned = letters != in_order and sorted(letters) == in_order and letters[:1] == ["A"]
    return marks if is_turned and 3 < len(letters) <= MOST_LETTERS and "\n" in text else []


def _is_prose(text: str, chain: list[re.Match[str]]) -> bool:
    """ "维生素 A 和 B 都溶于脂肪": letters with no mark behind them, in the middle of a sentence."""
    bare = [mark for mark in chain if not mark["after"].strip() and not _stands_apart(text, mark)]
    return bool(bare) and not re.search(r"[）)】\]？?。.…_＿]$", text[: chain[0].start()].rstrip())


def _is_sure(text: str, mark: re.Match[str]) -> bool:
    """A letter with a mark behind it, or one that stands apart: "A 组织纪律   B 政治纪律"."""
    return not mark["after"].isspace() or _stands_apart(text, mark)


def _stands_apart(text: str, mark: re.Match[str]) -> bool:
    before = text[max(0, mark.start() - 2) : mark.start()]
    return not before or before[-1] in "\n\t" or (len(before) == 2 and before.isspace())


def _chain(text: str, marks: list[re.Match[str]]) -> list[re.Match[str]]:
    """The longest run A, B, C …; each letter the first that fits after the one before it.

    A wrong letter (two C, no B) keeps its place where it clearly begins an option: ``labels`` tell.
    """
    best: list[re.Match[str]] = []
    starts = [place for place, mark in enumerate(marks) if _letter(mark) == "A"]
    for start in starts[:3]:
        chain = [marks[start]]
        for mark in marks[start + 1 :]:
            step = ord(_letter(mark)) - ord(_letter(chain[-1]))
            is_wrong = step in (0, 2) and _stands_apart(text, mark) and not mark["after"].isspace()
            if (step == 1 or is_wrong) and len(chain) < MOST_LETTERS:
                chain.append(mark)
        if len(chain) > len(best) or (len(chain) == len(best) > 0 and _is_key(text, best[0])):
            best = chain
    return best


def _is_key(text: str, mark: re.Match[str]) -> bool:
    """ "由（A）负责。A.甲 B.乙": the letter in brackets is the key, not the first option."""
    before = text[: mark.start("letter")].rstrip()
    return before[-1:] in ("（", "(") and len(before) > 1 and "\n" not in before[-2:]


def _letter(mark: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", mark["letter"]).upper()


def _cut(text: str, chain: list[re.Match[str]]) -> Labelled:
    ends = [mark.start() for mark in chain[1:]] + [len(text)]
    options = [text[mark.end() : end].strip(" \t\n　\xa0|；;") for mark, end in zip(chain, ends, strict=True)]
    if all(re.match(r"\s*[）)\]】]", mark["after"]) for mark in chain):  # 甲（B）乙: the bracket before a letter
        options = [re.sub(r"\s*[（(\[【]$", "", option) for option in options]
    before = re.sub(r"(?<![（(\[【*])[（(\[【*]+$", "", text[: chain[0].start()])
    return Labelled(before.strip(), [_letter(mark) for mark in chain], options)


def are_several(text: str) -> bool:
    """Whether a text holds "A.甲 B.乙", and nothing before the first letter."""
    found = labelled(text)
    return found is not None and not found.before


def circled(text: str) -> list[str] | None:
    """The options of "①甲 ②乙 ③丙", each mark once and in order from ① on; None for any other text."""
    marks = re.findall("[①-⑫]", text)
    if not text.startswith("①") or len(marks) < 2 or marks != [chr(ord("①") + place) for place in range(len(marks))]:
        return None
    parts = [part.strip(" \t\n　\xa0|；;，,、.．") for part in re.split("[①-⑫]", text)[1:]]
    return parts if all(parts) else None


_LABEL = re.compile(r"^\s*[（(\[【*]*\s*([A-Za-zＡ-Ｚ])\s*(?:[.．、)）\]】]|\\\.|[:：,，](?!\d{3}))+\s*", re.DOTALL)


def label_of(text: str) -> tuple[str, str]:
    """("A", "基本存款账户") for "A. 基本存款账户"; ("", text) where no letter stands before it."""
    found = _LABEL.match(text)
    if not found:
        return "", text
    return unicodedata.normalize("NFKC", found[1]).upper(), text[found.end() :].strip()


def without_labels(options: list[str]) -> tuple[list[str], list[str]]:
    """Options without the letters before them, and the letters; as they are if the letters do not fit."""
    filled = [text for text in options if text.strip()]
    if len(filled) > 1 and len(filled) == len(options) and (texts := _without_numbers(options)):
        return texts, []
    pairs = [label_of(text) for text in options]
    labels = [label for label, _ in pairs if label]
    if len(labels) > 1 and len(labels) < len(filled) == len(options) and _stand_in_place(pairs):
        return [rest for _, rest in pairs], []
    if (
        len(filled) < 2
        or len(labels) < len(filled)
        or not all(rest for (_, rest), o in zip(pairs, options, strict=True) if o)
    ):
        return options, []
    if sorted(set(labels))[:1] != ["A"] or ord(max(labels)) - ord("A") > MOST_LETTERS:
        return options, []
    return [rest for _, rest in pairs], [label for label, _ in pairs]


def _stand_in_place(pairs: list[tuple[str, str]]) -> bool:
    """A. and C. before the first option and the third, though the second has lost its letter."""
    places = [chr(65 + place) for place in range(len(pairs))]
    return all(rest and label in ("", place) for (label, rest), place in zip(pairs, places, strict=True))


_NUMBERED = re.compile(r"\s*[（(]?(\d)[)）.．、:：]\s*(?=[^\d\s])")


def _without_numbers(options: list[str]) -> list[str] | None:
    """甲, 乙 for "1.甲", "2.乙"; None unless all are numbered in order from 1 on."""
    marks = [_NUMBERED.match(text) for text in options]
    if [int(mark[1]) for mark in marks if mark] != list(range(1, len(options) + 1)):
        return None
    return [text[mark.end() :] for text, mark in zip(options, marks, strict=True) if mark]


def items_of_list(text: str) -> list[str] | None:
    """The items of a JSON or Python list, or of a JSON object {"A": …}, as texts."""
    text = text.strip()
    if not (text[:1] in "[{" and text[-1:] in "]}") or len(text) < 2:
        return None
    try:
        value = json.loads(text)
    except ValueError:
        try:
            value = ast.literal_eval(text) if len(text) < 20_000 else None
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None
    except RecursionError:
        return None
    if isinstance(value, dict):
        if all(isinstance(key, str) and re.fullmatch("[A-Z]", key) for key in value):
            return [f"{key}. {item}" for key, item in sorted(value.items())]
        return None
    if not isinstance(value, (list, tuple)):
        return None
    return [_item(item) for item in value]


def _item(item: object) -> str:
    if isinstance(item, dict):
        texts = [item.get(key) for key in ("content", "text", "value", "option", "name", "title") if item.get(key)]
        label = item.get("label") or item.get("key") or item.get("letter") or ""
        text = str(texts[0]) if texts else str(next(iter(item.values()), ""))
        return f"{label}. {text}" if re.fullmatch("[A-Z]", str(label)) else text
    return str(item)


SEPARATORS = [
    "$;$",
    "|||",
    "$$",
    "||",
    "┋",
    "\n",
    "|",
    "；",
    ";",
    "#",
    "&",
    "@@",
    "\t",
    " 或 ",
    " or ",
    "/",
    "，",
    ",",
    "、",
    " ",
]
"""What may part options in one cell, the surest first."""


def split_at(text: str, separator: str) -> list[str]:
    parts = text.split() if separator == " " else text.split(separator)
    return [part.strip() for part in parts if part.strip()]


def separator_of(cells: list[str]) -> str | None:
    """The separator that parts nearly all of these cells into two or more options."""
    for separator in SEPARATORS:
        least = 0.6 if separator in ("$;$", "|||", "$$", "||", "\n", "|") else 0.9
        parts = [len(split_at(cell, separator)) for cell in cells]
        if sum(2 <= count <= MOST_LETTERS for count in parts) >= least * len(cells):
            return separator
    return None
