"""题型 as files name them, and the codes and legends they use instead."""

import re
import unicodedata
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
        r"drag|numerical|calculated|upload|cloze|match$|order$",
        KindWord(unsupported="?"),
    ),
    (r"不定项|多项?选|多项|复选|multiple[_ -]?(answer|select|response|choices)|multi[_ -]?(select|choice|option)?s?$|"
     r"checkbox|^multiple$|^mcma$|^mr$|^ma$", KindWord(Kind.MULTIPLE_CHOICE)),
    (r"单项?选|单项|single|radio|^sc$|one[_ -]?choice", KindWord(Kind.SINGLE_CHOICE)),
    (r"判断|是非|对错|正误|true[_ /-]*(or[_ ])?false|judg|^t/?f$|^bool", KindWord(Kind.TRUE_FALSE)),
    (r"选择|multiple[_ -]?choice|^choice|^mcq?$|^quiz$|^select", KindWord(is_choice=True)),
    (r"填空|填充|fill|blank|completion", KindWord(Kind.FILL_BLANK)),
    (r"简答|问答|论述|案例|名词解释|主观|计算|综合题|分析题|应用题|编程|实操|操作题|改错|作文|写作|翻译|简述|解答|"
     r"short|essay|subjective|open[_ -]?ended|^text$", KindWord(Kind.SHORT_ANSWER)),
]  # fmt: skip

_PATTERNS = [(re.compile(pattern, re.IGNORECASE), word) for pattern, word in _WORDS]


def kind_named(text: str) -> KindWord | None:
    """What a cell, a heading or a sheet's name says of the kind; None if nothing, or two things."""
    folded = unicodedata.normalize("NFKC", text).strip().lower()
    if not folded:
        return None
    hits = [word for pattern, word in _PATTERNS if pattern.search(folded)]
    if not hits:
        return None
    first = hits[0]
    if first.unsupported:
        return KindWord(unsupported=text.strip()[:20])
    kinds = {word.kind for word in hits if word.kind}
    if len(kinds) > 1:
        if re.search(r"不定项|multiple|multi", folded) and kinds <= {Kind.MULTIPLE_CHOICE, Kind.SINGLE_CHOICE}:
            return KindWord(Kind.MULTIPLE_CHOICE)
        return KindWord(is_choice=True) if kinds == {Kind.SINGLE_CHOICE, Kind.MULTIPLE_CHOICE} else None
    return KindWord(next(iter(kinds))) if kinds else KindWord(is_choice=True)


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
    "ture",
    "真",
}
NO = {"错", "错误", "否", "×", "✗", "✘", "✕", "x", "f", "false", "n", "no", "wrong", "incorrect", "不正确", "不能", "不对",
      "不是", "不可以", "❌", "╳", "✖", "错的", "flase", "假", "非", "χ"}  # fmt: skip


def verdict_in(text: str) -> bool | None:
    """对 or 错 in one of its many spellings; None if the text is something else."""
    word = (
        unicodedata.normalize("NFKC", text.replace("√", "√"))
        .strip()
        .strip("。.，,；;！!（）()[]【】\"'“”‘’ \u3000")
        .lower()
    )
    if word in YES:
        return True
    if word in NO:
        return False
    return None


def verdict_with_remark(text: str) -> tuple[bool, str] | None:
    """A verdict followed by scraps or a remark: "错误，应为三年" → (False, "应为三年")."""
    found = re.match(
        r"\s*[（(【\[]?\s*([^\s，,。.；;：:（）()]{1,9})\s*[）)】\]]?[\s，,。.；;：:（）()]+(.*)", text, re.DOTALL
    )
    verdict = verdict_in(found[1]) if found else None
    if found is None or verdict is None or verdict_in(found[2]) not in (None, verdict):
        return None
    return verdict, found[2].strip("（）() \n。")


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
