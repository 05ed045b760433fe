"""Lines of a text or a document, and what each is by the look of it."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from question_bank.reading.kind_words import KindWord, heading_of, kind_named

LONGEST_HEADING = 80
SQUARE = "】"
"""What the ``mark`` of a number in 【】 or [] is: lists inside of questions have round brackets."""


@dataclass(frozen=True)
class Line:
    """One line and its number: that of the line in a text, of the paragraph in a document.

    What it looks like is asked by many readers in turn, and worked out once.
    """

    number: int
    text: str

    def saying(self, text: str) -> "Line":
        """The line with another text; itself where the text is the same."""
        return self if text == self.text else Line(self.number, text)

    @cached_property
    def start(self) -> "Start | None":
        return start_of(self.text)

    @cached_property
    def answer(self) -> str | None:
        return answer_of(self.text)

    @cached_property
    def explanation(self) -> str | None:
        return explanation_of(self.text)

    @cached_property
    def letter(self) -> str | None:
        return option_letter_of(self.text)

    @cached_property
    def section(self) -> KindWord | None:
        return section_of(self.text)


@dataclass(frozen=True)
class Start:
    """The beginning of a numbered question: "12、", "第12题", "（12）"."""

    number: int
    rest: str
    is_sure: bool  # a digit, or nothing but a blank, behind the number leaves doubt
    in_brackets: bool
    mark: str = ""  # what stands behind the number: "、" or "." …


_WHO = r"(?:[我你您]|本人|学生|学员|考生|用户|选手|员工|答题[人者]|作答人)的?"
_PICK = r"(?:[A-LＡ-Ｌ](?:[\s、,，;；]*[A-LＡ-Ｌ]){0,11}|对|错|正确|错误|√|×|未作?答|未选|无)?"
_GIVEN = (
    rf"(?:(?:{_WHO}|作答|提交|所选|已选)的?答案(?=[】）)\]]?\s*[:：])|"
    rf"(?:{_WHO}(?:选择|作答|回答|答题|选项)|(?:作答|提交|所选|已选|选择)的?选项|选择的?答案|[我你您]选(?:择?的?是?))"
    rf"(?=[】）)\]]?\s*[:：]\s*{_PICK}(?:[\s;；,，。.:：]|$|[正参标])))"
)
"""What a learner answered: shown beside the key where a test was taken, and no key."""

_WHYS = "答案解析|试题解析|题目解析|参考解析|名师解析|试题分析|题目分析|答案分析"
_SPLIT = re.compile(
    rf"(?P<open>[【\[（(])?(?:{_GIVEN}|{_WHYS}|"
    r"正[确確]答案|[参參]考答案|[标標][准準]答案|本题答案|答案要点|答案说明|答案|解析|改正|更正)"
    # A bracket closes where one was opened right before: （含答案） is the end of a title.
    r"(?:\s*[:：]|(?(open)[】\]）)]\s*[:：]?|(?!)))|"
    r"(?<=\s)答案\s*(?=[A-L]{1,8}\s*$)|【(?:难度|知识点|来源|依据|出处)】"
)
_MEASURES = (
    r"(?:题目|试题)?难度(?:系数|等级)?|难易程度|难易度|(?:所属|关联)?知识点|"
    r"(?:题目|试题|本题)?分值|(?:题目|试题)分数|考查点|考核点|考点"
)
_ABOUT = rf"{_MEASURES}|所属章节|章节|科目|题目编号|试题编号|标签|能力要求|认知层次|命题人|出题人"
"""What banks note about a question, and what is no part of it."""
_ABOUT_BEHIND = re.compile(rf"(?<=\s)(?:{_MEASURES})\s*[:：]")
_LETTER_ALONE = re.compile(r"[（(【\[]?[A-L]\s*[.．、)）】\]]\s*")
_ANSWER = re.compile(
    r"^[\s*>#_（(【\[]*(?:正[确確]答案|[参參]考答案|[标標][准準]答案|本题答案|试题答案|(?:参考)?答案要点|[答评得][题分]要点|参考要点|正确选项|标答|(?:本题|故|应)选(?=\s*[:：]?\s*[A-L]{1,8}\s*[。.]?$)|选(?=\s*[:：]?\s*[A-L]{1,8}\s*[。.]?$)|答案|正解|correct\s+answers?|answers?|ans|key)[*\s]*"
    r"(?:[】\]]\s*[:：]?|[是为]?\s*[:：]|是|为|\s|(?=[A-H√×对错]+[）)】\]\s]*$))[*\s]*(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_ANSWER_WORD = re.compile(r"^\s*[【（(\[]?答[】）)\]]?\s*[:：]\s*(?P<rest>.*)$", re.DOTALL)
_LEARNERS = re.compile(rf"^\s*[【（(]?(?:我的答案|学生答案|您的答案|你的答案|{_GIVEN})")
_LEARNERS_BEHIND = re.compile(rf"(?:[;；,，]\s*)?(?:{_GIVEN}|得分)\s*[:：]")
_EXPLANATION = re.compile(
    rf"^[\s*>#]*(?:[【（(\[]\s*(?:{_WHYS}|解析|详解|分析|解释|点评|答案说明|说明)\s*[】）)\]]\s*[:：]?|"
    rf"(?P<open>[（(])?(?:{_WHYS}|解析|解释|答案说明|解题思路|改正|更正|explanation|rationale)[*\s]*[:：])[*\s]*(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_REASON = re.compile(r"^[\s*]*[【（(]?(?:判断|答题|错误)?(?:理由|原因)[】）)]?\s*[:：]\s*(?P<rest>\S.*)$", re.DOTALL)
_SOURCE = re.compile(
    r"^[\s*]*(?:【(?:依据|出处|来源|法规依据|参考依据|法条依据)】\s*[:：]?|[（(]?(?:依据|出处|来源|法规依据|参考依据|法条依据)[）)]?\s*[:：])\s*(?P<rest>.*?)[）)】]?$",
    re.DOTALL,
)
_LAW = re.compile(
    r"^\s*(?:[（(【]\s*(?:出自|摘自|详?见|参见|依据|根据)?\s*(?P<inside>《[^》]+》[^（）()。；]{0,30})\s*[）)】]|(?P<bare>《[^》]+》\s*第[^，。；]{1,24}[条款项]))\s*[。.]?$"
)
_META = re.compile(
    r"^\s*(?:[回作]答(?:正确|错误)|答[对错]了?|未作?答)[!！。]?\s*$|"
    r"^\s*【(?:难度|难易程度|难易度|知识点|所属章节|章节|分值|得分|考点|科目|标签)】.*$|"
    rf"^\s*[-=*_~—]{{3,}}\s*$|^[\s*]*+(?:[【（(]?(?:{_ABOUT}|得分|本题总?得分|教师批语|是否正确|作答时间)"
    r"[】）)]?\s*[:：].*|[（(]?\s*(?:本题|本小题|每题|每小题|共)?\s*\d+(?:\.\d+)?\s*分\s*[）)]?|第?\s*\d+\s*页\s*[/，,共]?.*页?|[-—–]+\s*\d+\s*[-—–]+|收起|展开|AI讲解|智能分析|已完成|批阅.*|上一题|下一题)\s*$"
)
_END = re.compile(
    r"^[\s（(【*—–-]*(?:(?:以上)?(?:题库|试卷|试题|全文|全卷|答题|考试)?(?:完毕?|结束)|答题[卡纸]|以上[共计]+\s*\d+\s*[道个]?题.*|"
    r"(?:本题库|本试卷|本套题|本资料)(?:由|共|来源|仅|为).*|[Tt]?[Hh]?[Ee]?\s*END)[\s）)】*—–。.!！-]*$"
)
_DIFFICULTY = re.compile(
    r"^[\s*]*(?:【(?:难度|难易程度|难易度)】\s*[:：]?|[（(]?(?:(?:题目|试题)?难度(?:系数|等级)?|难易程度|难易度)[）)]?\s*[:：])"
    rf"\s*([^\s;；]{{1,6}})(?:[\s;；]+(?:{_ABOUT})\s*[:：].*)?\s*$"
)
_ENDS_IN_BRACKET = re.compile(r"[一-鿿。！？；”][）)]$")
_START = re.compile(
    r"^[\s*>#_\-•●\\]*(?:第\s*(?P<a>\d{1,9})\s*题\s*[.．、:：)）]?|(?:题目|问题|试题|Question|Q)\s*(?P<b>\d{1,9})\s*[.．、:：)）]?|"
    r"[（(【\[](?P<c>\d{1,9})[）)】\]]\s*[.．、]?|(?P<d>\d{1,9})\s*(?P<mark>[.．、:：)）]|\\\.)+|(?P<e>\d{1,5})(?=\s+\S|[一-鿿《“]))"
    r"[*\s]*(?P<rest>.*)$",
    re.DOTALL | re.IGNORECASE,
)
_NOTICE = re.compile(
    r"^[\s#*【（(]*(?:注意事项|答题须知|考生须知|考试须知|答题说明|考试说明|填写说明|答题要求|考试要求|竞赛规则|活动规则|须知)[】）)*]*\s*[:：]?\s*$"
)
_CHINESE_START = re.compile(r"^\s*[（(][一二三四五六七八九十]{1,3}[）)]\s*(?P<rest>.*)$", re.DOTALL)
_OPTION = re.compile(
    r"^[\s*>_\-•●○◯□☐✓✔√☑★☆(（\[【]*(?:\[[ xX√]\]\s*)?(?P<letter>[A-La-lＡ-Ｌ])"
    r"(?:\s*[.．、:：)）\]】,，]|\\\.|\s+(?=\S)|(?=[一-鿿《“<\d（(]))"
)
_TITLE = re.compile(
    r"^\s*(?:#+\s*|第\s*[一二三四五六七八九十百\d]+\s*(?:章|节|部分|篇|单元|编|讲|模块|项目|任务|套|卷|份|期)|[一二三四五六七八九十]{1,3}\s*[、.．]|附[:：件]|目\s*录$|(?:模拟|练习|测试|试)[题卷]?\s*[（(]?[一二三四五六七八九十\d]{1,3}[)）]?\s*$)"
)
_INLINE_KIND = re.compile(
    r"^\s*[（(【\[<]\s*(?P<name>[一-鿿]{2,8}?(?:题|选|项|断|空|答)?)\s*(?:[,，、:：]?\s*[\d.]+\s*分?)?\s*[）)】\]>]\s*[.、:：]?\s*(?:[（(]\s*[\d.]+\s*分\s*[）)]\s*)?"
)
_KIND_BEHIND = re.compile(
    r"[^\n]*?(?P<behind>\s*[（(【\[](?P<name>[一-鿿]{2,5}题)(?:[,，、]?\s*[\d.]+\s*分)?[）)】\]]\s*\*?\s*)$"
)
_KIND_BEFORE_COLON = re.compile(
    r"^\s*(?P<name>(?:单项?选择?|多项?选择?|不定项选择?|判断|填空|简答|问答|论述)题?)\s*[:：]\s*(?=\S)"
)
_STEM_NAME = re.compile(r"^\s*(?:【(?:题干|题目|问题|试题)】\s*[:：]?|(?:题干|题目|试题内容)\s*[:：])\s*(?=\S)")
_OPTIONS_NAME = re.compile(r"\n\s*(?:【选项】|选项)\s*[:：]?\s*$")
_POINTS = re.compile(r"^\s*[（(\[【]\s*(?:本题)?[\d.]+\s*分\s*[）)\]】]\s*")


_BARE_NUMBER = re.compile(r"^\s*(\d{1,4})\s*$")
_FOLD = re.compile(r"</?details[^>]*>|<summary[^>]*>.*?</summary>", re.IGNORECASE)
_FOLDED_ANSWER = re.compile(r"<summary[^>]*>[^<]*(?:答案|answer)[^<]*</summary>", re.IGNORECASE)
_TASK = re.compile(r"^\s*[-*+]\s+\[(?P<tick>[ xX√])\]\s+(?P<text>\S.*)$")


def plain_lines(lines: list[str]) -> list[str]:
    """Lines without what wraps them all: comment marks, the folding of web pages, the boxes of task lists."""
    filled = [line for line in lines if line.strip()]
    if filled and sum(line.lstrip().startswith("//") for line in filled) * 10 >= len(filled) * 8:
        lines = [re.sub(r"^\s*//+", "", line) for line in lines]
    return _lettered([_FOLD.sub("", _FOLDED_ANSWER.sub("答案：", line)) for line in lines])


def with_numbers_joined(lines: list[Line]) -> list[Line]:
    """Numbers on lines of their own, joined to the questions below them, where no question has its number beside it.

    Elsewhere such lines are the numbers of pages, and no part of anything.
    """
    bare = [place for place, line in enumerate(lines) if _BARE_NUMBER.match(line.text)]
    if not bare:
        return lines
    if any((start := line.start) and start.is_sure for line in lines):
        return [line for place, line in enumerate(lines) if place not in bare or not _is_page_number(lines, place)]
    numbers = [int(lines[place].text) for place in bare]
    runs_on = all(
        number == before + 1 or (number == 1 and place and lines[place - 1].section is not None)
        for before, number, place in zip([numbers[0] - 1, *numbers], numbers, bare, strict=False)
    )
    if not runs_on or numbers[0] > 1 or bare[-1] + 1 == len(lines):
        return lines
    joined = {
        place + 1: Line(lines[place].number, f"{lines[place].text.strip()}、{lines[place + 1].text}") for place in bare
    }
    return [joined.get(place, line) for place, line in enumerate(lines) if place not in bare]


def _is_page_number(lines: list[Line], place: int) -> bool:
    """Between two questions, or after a line that states an answer: an option or an answer may be a number too."""
    after = lines[place + 1].text if place + 1 < len(lines) else ""
    before = lines[place - 1].text if place else ""
    return start_of(after) is not None and (answer_of(before) not in (None, "") or option_letter_of(before) is not None)


def _lettered(lines: list[str]) -> list[str]:
    """Task lists without letters get them: "- [x] two" is option B, and the key."""
    lettered, number = [], 0
    for line in lines:
        task = _TASK.match(line)
        if task is None or option_letter_of(task["text"]):
            number = number if not line.strip() else 0
            lettered.append(line)
        else:
            box = " " if task["tick"] == " " else "x"
            lettered.append(f"- [{box}] {chr(ord('A') + min(number, 25))}. {task['text']}")
            number += 1
    return lettered


def pieces_of(line: Line) -> list[Line]:
    """A line cut where an answer or an explanation begins inside it."""
    text = line.text.lstrip(" \t*_#>-")
    begins = len(letter[0]) if (letter := _LETTER_ALONE.match(text)) else 0  # "A. 答案：…" is an option all the same
    marks = [mark.start() for mark in _SPLIT.finditer(text) if mark.start() > begins or not begins]
    about = _ABOUT_BEHIND.search(text, marks[0]) if marks else None  # "答案：A 难度：易 知识点：…"
    cuts = sorted({0, *marks, *([about.start()] if about else [])})
    if len(cuts) == 1:
        return [line.saying(line.text.strip())]
    return [Line(line.number, text[a:b].strip()) for a, b in pairwise([*cuts, len(text)]) if text[a:b].strip()]


def answer_of(text: str) -> str | None:
    """What stands behind 答案：; None if the line states no answer."""
    if _EXPLANATION.match(text):
        return None
    found = _ANSWER.match(text)
    if found is None:
        return None
    rest = _LEARNERS_BEHIND.split(found["rest"])[0]
    return _without_loose_bracket(rest.strip().strip("*").strip())


def _without_loose_bracket(text: str) -> str:
    """ "9）", as it is left of "（答案：9）", without the bracket."""
    opening = {"）": "（(", ")": "（(", "】": "【[", "]": "【["}.get(text[-1:], "")
    return text[:-1].rstrip() if opening and not any(sign in text for sign in opening) else text


def answer_word_of(text: str) -> str | None:
    """What stands behind 答："""
    found = _ANSWER_WORD.match(text)
    return found["rest"].strip() if found else None


def is_learners_answer(text: str) -> bool:
    return bool(_LEARNERS.match(text))


def explanation_of(text: str) -> str | None:
    found = _EXPLANATION.match(text)
    if found is None:
        return None
    rest: str = found["rest"].strip()
    if found["open"] and (rest.count("）") + rest.count(")")) > (rest.count("（") + rest.count("(")):
        return re.sub(r"[）)]([。.]?)$", r"\1", rest).rstrip()  # "（解析：…）"
    return _without_loose_bracket(rest) if _ENDS_IN_BRACKET.search(rest) else rest


def reason_of(text: str) -> str | None:
    """What stands behind 理由：, below an answer or the options."""
    found = _REASON.match(text)
    return found["rest"].strip() if found else None


def source_of(text: str) -> str | None:
    found = _SOURCE.match(text)
    return found["rest"].strip() if found else None


def law_named_in(text: str) -> str | None:
    """ "（出自《产品质量法》第三条）", "《产品质量法》第三条": a line that names a law, and nothing else."""
    found = _LAW.match(text)
    return (found["inside"] or found["bare"]).strip() if found else None


def is_meta(text: str) -> bool:
    """A line about the question, or about the text, that is no part of it: points, page numbers, rules, the end."""
    return bool(_META.match(text) or _END.match(text))


def difficulty_of(text: str) -> str | None:
    found = _DIFFICULTY.match(text)
    return found[1] if found else None


def start_of(text: str) -> Start | None:
    """The number a line begins with, as a question would."""
    found = _START.match(text)
    if found is None:
        return None
    number = next(int(found[name]) for name in "abcde" if found[name])
    doubtful = bool(found["e"]) or (bool(found["d"]) and bool(re.match(r"\d", found["rest"])))
    return Start(number, found["rest"].strip(), not doubtful, bool(found["c"]), found["mark"] or _square(text) or "")


def _square(text: str) -> str:
    return SQUARE if re.match(r"\s*[【\[]\d", text) else ""


def chinese_start_of(text: str) -> str | None:
    found = _CHINESE_START.match(text)
    return found["rest"].strip() if found else None


def option_letter_of(text: str) -> str | None:
    """The letter of the option that a line begins with."""
    found = _OPTION.match(text)
    return unicodedata.normalize("NFKC", found["letter"]).upper() if found else None


def begins_with_verdict(text: str) -> bool:
    """ "（F）地是方的": where judgements are asked, no option F."""
    return bool(re.match(r"\s*[（(【\[]\s*(?:[TFＴＦ√×✓✗对错]|正确|错误)\s*[）)】\]]\s*\S", text))


def section_of(text: str) -> KindWord | None:
    """What a heading says of the questions below it."""
    word = heading_of(text) if len(text) <= LONGEST_HEADING else None
    return None if word is not None and is_learners_answer(text) else word  # 您的选择：A names no kind


def is_title(text: str) -> bool:
    """A chapter or another heading that says nothing of kinds."""
    return len(text) < 60 and bool(_TITLE.match(text))


_CASE = re.compile(
    r"^\s*[（(【\[]?\s*(?:案例|材料|资料|背景资料|背景材料|情景)\s*[（(]?[一二三四五六七八九十\d]{0,3}[）)】\]]?\s*(?:[:：、.．]|$)"
)


def is_about_cases(text: str) -> bool:
    """A heading such as 四、案例分析题: its questions are about a text above them."""
    return bool(re.search("案例|材料|资料", text))


def is_title_of_case(text: str) -> bool:
    """ "案例二：某公司…": the text of the next case begins."""
    return bool(_CASE.match(text))


def is_notice(text: str) -> bool:
    """A title such as 注意事项: what is numbered below it are rules of the exam, no questions."""
    return bool(_NOTICE.match(text))


def without_stem_name(text: str) -> str:
    """ "【题干】甲是什么" without the name of the part."""
    return _STEM_NAME.sub("", text)


def without_options_name(text: str) -> str:
    """A stem without the line 选项： that leads on to the options."""
    return _OPTIONS_NAME.sub("", text)


def names_its_kind(text: str) -> bool:
    """Whether a line begins with a kind in brackets and goes on: "【单选题】下列哪个 …"."""
    word, stem = inline_kind_of(text)
    return word is not None and text.lstrip()[:1] in "【[" and len(stem) > 3


def inline_kind_of(text: str) -> tuple[KindWord | None, str]:
    """The kind in brackets before a stem, and the stem: "(单选题, 1.0 分) …"."""
    found = _INLINE_KIND.match(text) or _KIND_BEFORE_COLON.match(text)
    named = kind_named(found["name"]) if found else None
    if found is None or named is None:
        behind = _KIND_BEHIND.fullmatch(text)
        if behind and behind.start("behind") and (named := kind_named(behind["name"])):
            return named, _POINTS.sub("", text[: behind.start("behind")])
        return None, _POINTS.sub("", text)
    return named, _POINTS.sub("", text[found.end() :])
