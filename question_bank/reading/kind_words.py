"""题型 as files name them, and the codes and legends they use instead."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from question_bank.kinds import QuestionKind as Kind


@dataclass(frozen=True)
class KindWord:
    """What a word for a kind says: a kind, some kind of choice, or a kind that the product has not."""

    kind: Kind | None = None
    is_choice: bool = False
    unsupported: str = ""


_WORDS: list[tuple[str, KindWord]] = [
    (
        r"材料分析|材料题|共用题干|阅读理解|完形填空|匹配|配对|连线|连连看|排序|听力|matching|ordering|hotspot|"
        r"drag|numerical|calculated|upload|cloze|match$|order$|^poll|^survey|^draw(?:ing)?$|^slide|^passage|"
        r"word ?cloud|投票|调查题|量表|打分题|矩阵(?:单选|多选|填空|题)|上传|录音",
        KindWord(unsupported="?"),
    ),
    (r"不定项|多项?选|^多项?$|复选|multiple[_ -]?(answer|select|response|choices)|"
     r"multi[_ -]?(select|choice|option)?s?$|checkbox|^multiple$|^mcma$|^mr$|^ma$", KindWord(Kind.MULTIPLE_CHOICE)),
    (r"单项?选|单项|^单$|single|radio|^sc$|one[_ -]?choice", KindWord(Kind.SINGLE_CHOICE)),
    (r"判断|^判$|是非|对错|正误|true[_ /-]*(or[_ ])?false|judg|^t/?f$|^bool", KindWord(Kind.TRUE_FALSE)),
    (r"选择|multiple[_ -]?choice|^choice|^mcq?$|^quiz$|^select", KindWord(is_choice=True)),
    (r"填空|填充|^填$|fill|blank|completion", KindWord(Kind.FILL_BLANK)),
    (r"简答|^[简问]$|问答|论述|案例|名词解释|主观|计算(?!机)|综合题|分析题|辨析|应用题|编程|实操|操作题|改错|作文|写作|翻译|简述|解答|"
     r"short|essay|subjective|open[_ -]?ended|^text$", KindWord(Kind.SHORT_ANSWER)),
]  # fmt: skip

_SIMPLIFIED = str.maketrans(
    "題選項單對錯誤確標準參說釋內號編試問類難解斷簡論實際複詞",
    "题选项单对错误确标准参说释内号编试问类难解断简论实际复词",
)


def simplified(text: str) -> str:
    """The characters of names, kinds and verdicts as the mainland writes them."""
    return text.translate(_SIMPLIFIED)


_PATTERNS = [(re.compile(pattern, re.IGNORECASE), word) for pattern, word in _WORDS]


def kind_named(text: str) -> KindWord | None:
    """What a cell, a heading or a sheet's name says of the kind; None if nothing, or two things."""
    folded = simplified(unicodedata.normalize("NFKC", text)).strip().lower()
    if not folded:
        return None
    hits = [word for pattern, word in _PATTERNS if pattern.search(folded)]
    if not hits:
        return None
    first = hits[0]
    if first.unsupported:
        return KindWord(unsupported=text.strip()[:20])
    kinds = {word.kind for word in hits if word.kind}
    if any(word.is_choice for word in hits) and kinds == {Kind.SHORT_ANSWER}:
        return KindWord(is_choice=True)  # 案例选择题
    if len(kinds) > 1:
        if re.search(r"不定项|multiple|multi", folded) and kinds <= {Kind.MULTIPLE_CHOICE, Kind.SINGLE_CHOICE}:
            return KindWord(Kind.MULTIPLE_CHOICE)
        return KindWord(is_choice=True) if kinds == {Kind.SINGLE_CHOICE, Kind.MULTIPLE_CHOICE} else None
    return KindWord(next(iter(kinds))) if kinds else KindWord(is_choice=True)


_IN_NAMES = re.compile(r"单项?选|多项?选|不定项|判断题?|是非题|填空|简答|问答|论述|名词解释")


def kind_in_name(name: str) -> Kind | None:
    """The kind that a sheet's or a file's name states: 判断题.xlsx does, 计算机基础.xlsx does not."""
    kinds = {word.kind for found in _IN_NAMES.findall(name) if (word := kind_named(found))}
    return next(iter(kinds)) if len(kinds) == 1 and "选择" not in re.sub(r"[单多]项?选择", "", name) else None


_HEADING = re.compile(
    r"^\s*(?:[#*\s]*)(?P<digit>\d{1,3}\s*[、.．:：]\s*)?"
    r"(?:[（(]?[一二三四五六七八九十\dIVX]{1,4}[)）]\s*[、.．:：,，]?\s*|[一二三四五六七八九十IVX]{1,4}\s*[、.．:：,，]?\s*|"
    r"第[一二三四五六七八九十\d]+(?:部分|大题|章|节|题|类)\s*[、.．:：]?\s*)?"
    r"(?:题型\s*[:：]\s*)?(?P<name>[^。，,：:（(；;]{2,24}?)\s*(?:[（(：:，,。].*)?[*\s]*$"
)
_KIND_NAME = re.compile(
    r"(?P<before>.{0,12}?)(?:单项?选择?题?|多项?选择?题?|单选|多选|不定项选择?题?|判断题?|是非题?|填空题?|简答题?|问答题?|论述题?|"
    r"案例分析题?|案例题|选择题?|名词解释题?|计算题|综合题|编程题?|实操题?|公文改错题|改错题|材料题|匹配题|连线题|排序题|应用题|分析题|"
    r"辨析题|操作题|程序题|阅读理解题?|主观题|客观题)(?:题|部分|题库|练习|类|试题)?"
)


_MAY_NAME_A_KIND = re.compile("[题選选断斷空答述例释釋编編操读讀非題⾮]")
"""One of these is in each of the names above; most lines have none, and need no closer look."""

_ASKED = re.compile(r"^.{0,16}?[:：]\s*(?P<rest>.{3,})$", re.DOTALL)
_SAYS_HOW = re.compile(r"^[（(]?(?:每|共|本|请|以下|下列各|将|对的|正确的)|[每本]小?题|分值|共\s*\d+")


_STEM_BEHIND_POINTS = re.compile(
    r"^[^（(【\[]{0,12}[（(【\[][^（）()【】\[\]]{2,8}[）)】\]]\s*[（(]\s*[\d.]+\s*分\s*[）)]\s*(?![（(，,。.]|共\s*\d|每小?[题空])\S\s?\S\s?\S\s?\S"
)
""" "第1题 【判断题】（2分）水是湿的。": the kind and the points of one question, which goes on behind them."""


def _asks_something(text: str) -> bool:
    """ "4. 判断：抽样是检验" is a question that names its kind; "1. 判断题：每题 2 分" is a heading."""
    found = _ASKED.match(text)
    return bool(found) and not _SAYS_HOW.search(found["rest"])  # type: ignore[index]  # found is set


def heading_of(text: str) -> KindWord | None:
    """What a heading says of the kind of the questions below it; None if the text is no heading."""
    if not _MAY_NAME_A_KIND.search(text) or _STEM_BEHIND_POINTS.match(text):
        return None
    found = _HEADING.match(simplified(unicodedata.normalize("NFKC", text)).replace("\n", " "))
    name = _KIND_NAME.fullmatch(found["name"].strip("【】[]* ")) if found else None
    if (
        found is None
        or name is None
        or (found["digit"] and (name["before"] or _asks_something(text)))
        or re.match(r"[A-L]\s*[.、:)]", found["name"])
    ):
        return None
    return kind_named(found["name"])


def kinds_in_legend(text: str) -> dict[str, KindWord]:
    """The file's own legend: "1单选 2多选 3判断" → what 1, 2 and 3 mean."""
    folded = unicodedata.normalize("NFKC", text)
    legend = {}
    for code, word in re.findall(
        r"(?<![\d.])(\d)\s*[-:=、.代表示为是]*\s*([一-鿿]{2,6}?题?)(?=[\s,，;；、/|)）\d]|$)", folded
    ):
        if named := kind_named(word):
            legend[code] = named
    if len(legend) < 2:
        for word, code in re.findall(r"([一-鿿]{2,6})\s*[-:=(（]+\s*(\d)(?!\d)", folded):
            if named := kind_named(word):
                legend[code] = named
    return legend if len(legend) > 1 else {}


YES = {
    "对",
    "正确",
    "是",
    "√",
    "✓",
    "✔",
    "☑",
    "t",
    "true",
    "y",
    "yes",
    "right",
    "correct",
    "能",
    "可以",
    "✅",
    "对的",
    "正确的",
    "ture",
    "真",
}
NO = {"错", "错误", "否", "×", "✗", "✘", "✕", "x", "f", "false", "n", "no", "wrong",
      "incorrect", "不正确", "不能", "不对",
      "不是", "不可以", "❌", "╳", "✖", "错的", "错误的", "不正确的", "☒", "flase", "假", "非", "χ"}  # fmt: skip


def verdict_in(text: str) -> bool | None:
    """对 or 错 in one of its many spellings; None if the text is something else."""
    word = (
        simplified(unicodedata.normalize("NFKC", text.replace("√", "√")))
        .strip()
        .strip("。.，,；;！!（）()[]【】\"'“”‘’ \u3000")
        .lower()
    )
    if word in YES:
        return True
    if word in NO:
        return False
    return None


def are_verdicts(texts: Sequence[str]) -> bool:
    """Whether two options are 对 and 错 in some spelling. x and y are axes, not verdicts."""
    if len(texts) != 2 or {verdict_in(text) for text in texts} != {True, False}:
        return False
    return {unicodedata.normalize("NFKC", text).strip().lower() for text in texts} != {"x", "y"}


def verdict_with_remark(text: str) -> tuple[bool, str] | None:
    """A verdict followed by scraps or a remark: "错误，应为三年" → (False, "应为三年")."""
    found = re.match(
        r"\s*[（(【\[]?\s*([^\s，,。.；;：:（）()]{1,9})\s*[）)】\]]?[\s，,。.；;：:（）()]+(.*)", text, re.DOTALL
    )
    verdict = verdict_in(found[1]) if found else None
    if found is None or verdict is None or verdict_in(found[2]) not in (None, verdict):
        return None
    said_again = verdict_in(found[2]) is not None  # 正确（对） explains nothing
    return verdict, "" if said_again else found[2].strip("（）() \n。")


def verdicts_in_legend(text: str) -> dict[str, bool]:
    """The file's own legend for judgements: "0对1错" → {"0": True, "1": False}."""
    folded = unicodedata.normalize("NFKC", text)
    words = "|".join(sorted((w for w in YES | NO if re.search(r"[一-鿿√×✓✗]", w)), key=len, reverse=True))
    legend = {}
    for code, word in re.findall(rf"(?<![\dA-Za-z])([0-9A-F])\s*[-:：=、.代表示为是]*\s*({words})", folded):
        legend[code] = word in YES
    if len(legend) < 2:
        for word, code in re.findall(rf"({words})\s*[-:：=(为用填写选]*\s*([0-9A-F])(?![0-9A-Za-z])", folded):
            legend[code] = word in YES
    return legend if set(legend.values()) == {True, False} else {}
