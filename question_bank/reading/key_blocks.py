"""Keys that stand in one block: "1-5 ABCDE", "1.A 2.B", a line for each number."""

import re
import unicodedata

_KEY = r"(?:[A-L](?:[\s、,，]?[A-L])*|√|×|✓|✗|✔|✘|对|错|正确|错误|TRUE|FALSE|T|F)"
_RANGE = re.compile(
    rf"(?<![\dA-Za-z])(\d{{1,5}})\s*[-~—–－至到]+\s*(\d{{1,5}})\s*[题]?\s*[)）.．、:：]?\s*((?:{_KEY}[\s,，、;；]*)+)"
)
_PAIR = re.compile(
    rf"(?<![\dA-Za-z.])[（(]?(\d{{1,5}})\s*[)）]?\s*[.．、:：)）\-]?\s*[（(【]?({_KEY})[）)】]?(?![A-Za-z一-鿿])"
)
_TITLE = re.compile(
    r"^[\s#*【（(]*(?:附.{0,4}|.{0,30}(?:题|题库|试卷|试题|练习|考试|竞赛|测试|》))?\s*(?:参考|标准|正确)?"
    r"答案(?:部分|如下|页|与解析|及解析|汇总|及评分标准|和解析|一览|速查)?[】）)*\s]*[:：]?\s*$"
)


def is_title_of_keys(text: str) -> bool:
    """A line that says no more than 参考答案."""
    return len(text) < 40 and bool(_TITLE.match(text))


_SECTION = re.compile(r"^\s*([一二三四五六七八九十])\s*[、.．:：]\s*(?=[（(]?\d)")


def section_number_of(text: str) -> tuple[int, str]:
    """(2, "1-5 ABCDA") for "二、1-5 ABCDA"; (0, text) where no section's number leads."""
    found = _SECTION.match(text)
    return ("一二三四五六七八九十".index(found[1]) + 1, text[found.end() :]) if found else (0, text)


def keys_in_line(text: str) -> dict[int, str]:
    """Keys by number, where a line holds nothing else."""
    folded = unicodedata.normalize("NFKC", text).strip()
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
        groups = re.findall(r"[A-L]|√|×|✓|✗|✔|✘|对|错", "".join(groups))
    return dict(zip(range(first, last + 1), groups, strict=True)) if len(groups) == count else None
