"""Keys that stand in one block: "1-5 ABCDE", "1.A 2.B", a line for each number."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from question_bank.reading.kind_words import heading_of

ONE_KEY = r"(?:[A-L](?:[\s、,，]?[A-L])*|√|×|✓|✗|✔|✘|对|错|正确|错误|對|錯|正確|錯誤|TRUE|FALSE|T|F)"
"""A key as it stands in such a block: letters or a verdict."""

_RANGE = re.compile(
    rf"(?<![\dA-Za-z])(\d{{1,9}})\s*[-~—–－至到]+\s*(\d{{1,9}})\s*[题]?\s*[)）.．、:：]?\s*((?:{ONE_KEY}[\s,，、;；]*)+)"
)
_PAIR = re.compile(
    rf"(?<![\dA-Za-z.])[（(]?(\d{{1,9}})\s*[)）]?\s*[.．、:：)）\-]?\s*[（(【]?({ONE_KEY})[）)】]?(?![A-Za-z一-鿿])"
)
_TITLE = re.compile(
    r"^[\s#*【（(]*(?:附.{0,4}|.{0,30}(?:题|题库|试卷|试题|练习|考试|竞赛|测试|》))?\s*(?:参考|标准|正确)?"
    r"答案(?:部分|如下|页|与解析|及解析|汇总|及评分标准|和解析|一览|速查)?[】）)*\s]*[:：]?\s*$"
)


_ENGLISH_TITLE = re.compile(
    r"^[\s#*]*(?:answer\s*(?:key|sheet)s?|(?:correct\s+)?answers|key)[*\s]*:?\s*$", re.IGNORECASE
)


def is_title_of_keys(text: str) -> bool:
    """A line that says no more than 参考答案."""
    return len(text) < 40 and bool(_TITLE.match(text) if "答案" in text else _ENGLISH_TITLE.match(text))


_SECTION = re.compile(r"^\s*([一二三四五六七八九十])\s*[、.．:：]\s*(?=[（(]?\d)")


def section_number_of(text: str) -> tuple[int, str]:
    """(2, "1-5 ABCDA") for "二、1-5 ABCDA"; (0, text) where no section's number leads."""
    found = _SECTION.match(text)
    return ("一二三四五六七八九十".index(found[1]) + 1, text[found.end() :]) if found else (0, text)


_ORDINAL = re.compile(r"第\s*(\d{1,9}(?:\s*[-~—～–－至到]+\s*\d{1,9})?)\s*题")


_OTHER_WORDS = re.compile(r"[一-鿿](?<![第题題至到对错正确误對錯確誤])")
"""A word that is part of no key and of no number: most lines have one, and need no closer look."""


_SMALL_RANGE = re.compile(r"(?:\d{1,9}\s*[-~—–至]+\s*\d{1,9}[\s.、:)]*[a-l][a-l\s,、;]*)+")


def keys_in_line(text: str) -> dict[int, str]:
    """Keys by number, where a line holds nothing else."""
    if _OTHER_WORDS.search(text):
        return {}
    folded = _ORDINAL.sub(r"\1", unicodedata.normalize("NFKC", text)).strip()
    folded = folded.upper() if _SMALL_RANGE.fullmatch(folded) else folded
    if not re.match(r"[（(]?\d", folded):
        return {}
    keys: dict[int, str] = {}
    for found in _RANGE.finditer(folded):
        several = _several(int(found[1]), int(found[2]), found[3])
        if several is None:
            return {}
        keys.update(several)
    rest = _RANGE.sub(" ", folded)
    for found in _PAIR.finditer(rest):
        keys[int(found[1])] = re.sub(r"[\s、,，]", "", found[2])
    left = _PAIR.sub("", rest)
    return keys if keys and not re.search(r"[A-Za-z\d一-鿿]", left) else {}


def _several(first: int, last: int, keys: str) -> dict[int, str] | None:
    """The keys of a range, one letter each or parted by blanks; None if their number does not fit."""
    count = last - first + 1
    if not 1 <= count <= 500:
        return None
    groups = [group for group in re.split(r"[\s,,、;]+", keys.strip()) if group]
    if len(groups) != count:
        groups = re.findall(r"[A-L]|√|×|✓|✗|✔|✘|对|错|對|錯", "".join(groups))
    return dict(zip(range(first, last + 1), groups, strict=True)) if len(groups) == count else None


def are_shifted(keys: Sequence[int], questions: Sequence[int]) -> bool:
    """Whether as many keys as there are questions run on from another number: 1 to 5 for questions 4 to 8."""
    if not len(keys) == len(questions) > 1 or keys[0] == questions[0]:
        return False
    return all(after == before + 1 for told in (keys, questions) for before, after in pairwise(told))


_LONGEST_LIST = 4_000


def words_by_number(text: str) -> dict[int, str]:
    """九, 12315 by number for "1.九 2.12315"; {} where fewer than two numbers run on."""
    if len(text) > _LONGEST_LIST or not (first := re.match(r"\s*[（(]?(\d{1,4})\s*[.．、)）]\s*", text)):
        return {}
    words: dict[int, str] = {}
    number, place = int(first[1]), first.end()
    while following := re.compile(rf"[\s；;，,。]\s*[（(]?{number + 1}\s*[.．、)）]\s*").search(text, place):
        words[number] = text[place : following.start()].strip(" 　；;，,。")
        number, place = number + 1, following.end()
    words[number] = text[place:].strip(" 　；;，,。")
    return words if len(words) > 1 and all(words.values()) else {}


_FEW = 2
_IN_ORDER = re.compile(rf"(?:{ONE_KEY}[\s、,，;；.．]*)+")


def are_keys_in_order(text: str) -> bool:
    """Whether a line holds several keys and nothing else, however many."""
    folded = re.sub(r"[.．]", " ", unicodedata.normalize("NFKC", text).strip())
    return len(folded) >= _FEW and bool(_IN_ORDER.fullmatch(folded))


def keys_in_order(text: str, numbers: Sequence[int]) -> dict[int, str]:
    """ "ABCDA" for the questions with these numbers; {} where there are not as many keys, or something else."""
    folded = re.sub(r"[.．]", " ", unicodedata.normalize("NFKC", text).strip())
    if not numbers or not _IN_ORDER.fullmatch(folded):
        return {}
    keys = _several(1, len(numbers), folded)
    return dict(zip(numbers, keys.values(), strict=True)) if keys else {}


_ONE_KEY = re.compile(ONE_KEY)
_NAMES_IN_TABLE = re.compile(r"题号|序号|编号|题目|答案|参考答案|正确答案|[-:—–\s]*")


def keys_of_table(rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """Keys of a table that holds nothing else: numbers over keys, row upon row, or beside them; {} for any other."""
    return _keys_below(rows, least=2)


def _keys_below(rows: Sequence[Sequence[str]], *, least: int) -> dict[int, str]:
    rows = [[unicodedata.normalize("NFKC", cell).strip() for cell in row] for row in rows]
    rows = [row for row in rows if any(re.sub(r"[-:—–\s]", "", cell) for cell in row)]
    keys: dict[int, str] = {}
    used: set[tuple[int, int]] = set()
    for (above, upper), (below, lower) in pairwise(enumerate(rows)):
        places = [column for column, cell in enumerate(upper) if cell.isdigit()]
        if len(places) >= least and all(
            c < len(lower) and (not lower[c] or _ONE_KEY.fullmatch(lower[c])) for c in places
        ):
            keys.update({int(upper[c]): lower[c] for c in places if lower[c]})
            used.update((row, column) for row in (above, below) for column in places)
    for number, row in enumerate(rows):
        for column, (left, right) in enumerate(pairwise(row)):
            if (number, column) not in used and left.isdigit() and _ONE_KEY.fullmatch(right):
                keys[int(left)] = right
                used.update({(number, column), (number, column + 1)})
    left_over = [c for n, row in enumerate(rows) for k, c in enumerate(row) if (n, k) not in used]
    if len(keys) < least or any(not _NAMES_IN_TABLE.fullmatch(cell) for cell in left_over):
        return {}
    return {number: re.sub(r"[\s、,，]", "", key) for number, key in keys.items()}


def key_lines_of_table(rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines that say the same as a table of keys; its rows may be parted by headings such as 二、判断题."""
    as_lines = [text for row in rows if (text := " ".join(row).strip())]
    if sum(len(keys_in_line(text)) for text in as_lines) > 1 and all(map(keys_in_line, as_lines)):
        return [f"答案：{text}" for text in as_lines]  # 1-5 beside ABCDA
    groups: list[tuple[str, list[Sequence[str]]]] = [("", [])]
    for row in rows:
        told = {cell.strip() for cell in row if cell.strip()}
        if len(told) == 1 and heading_of(next(iter(told))) is not None:
            groups.append((next(iter(told)), []))
        else:
            groups[-1][1].append(row)
    lines = []
    for heading, below in groups:
        keys = _keys_below(below, least=2 if len(groups) == 1 else 1)
        if below and not keys:
            return []
        lines += [line for line in (heading, keys_as_line(keys) if keys else "") if line]
    return lines


def keys_as_line(keys: dict[int, str]) -> str:
    """The same as one line of a text."""
    return "答案：" + " ".join(f"{number}.{key}" for number, key in sorted(keys.items()))
