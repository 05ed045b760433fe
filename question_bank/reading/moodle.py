"""Moodle XML: ``<quiz><question type="multichoice">``."""

import re
from xml.etree.ElementTree import Element

from question_bank.content import letter
from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import notes
from question_bank.reading.drafts import Draft, Found, RowProblem
from question_bank.reading.kind_words import verdict_in
from question_bank.reading.markup import text_of_html
from question_bank.reading.markup_pictures import mark_moodle_files

_CHOICES = {"multichoice", "multichoiceset", "oumultiresponse"}
_NAMES = {
    "matching": "匹配题",
    "match": "匹配题",
    "numerical": "数值题",
    "calculated": "计算题（公式）",
    "calculatedmulti": "计算题（公式）",
    "calculatedsimple": "计算题（公式）",
    "cloze": "完形填空",
    "multianswer": "完形填空",
    "ddmatch": "匹配题",
    "ddwtos": "拖放题",
    "ddimageortext": "拖放题",
    "ddmarker": "拖放题",
    "gapselect": "选词填空",
    "ordering": "排序题",
    "randomsamatch": "匹配题",
    "random": "随机抽题",
    "mtf": "多项判断题",
    "kprime": "多项判断题",
    "matrix": "矩阵题",
    "coderunner": "编程题",
    "stack": "计算题（公式）",
}


def drafts_of_moodle(root: Element) -> Found:
    """Every question of a Moodle quiz; the row is its ordinal, categories and descriptions not counted."""
    found, domain = Found(), ""
    mark_moodle_files(root, found.album)
    for question in root.iter("question"):
        kind = question.get("type", "")
        if kind == "category":
            domain = notes.domain_of_category(_text(question.find("category"), is_html=False))
        elif kind == "description":
            found.warnings.append(_said(len(found.drafts), "", "description", "有一段说明文字，没有当作试题。"))
        else:
            draft = Draft("", len(found.drafts) + 1, _text(question.find("questiontext")), domain=domain)
            draft.stem = draft.stem or _text(question.find("name"), is_html=False)
            _fill(draft, question, found)
            found.drafts.append(draft)
    return found


def _fill(draft: Draft, question: Element, found: Found) -> None:
    kind, answers = question.get("type", ""), question.findall("answer")
    if kind in _CHOICES:
        _fill_choice(draft, question, answers, found)
    elif kind == "truefalse":
        _fill_verdict(draft, answers)
    elif kind == "shortanswer":
        _fill_blank(draft, question, answers, found)
    elif kind == "essay":
        draft.kind, draft.key = Kind.SHORT_ANSWER, _text(question.find("graderinfo"))
    else:
        draft.unsupported = _NAMES.get(kind, kind or "?")
    _take_feedback(draft, question, answers)
    notes.take_tags(draft, [_text(tag, is_html=False) for tag in question.iterfind("tags/tag")])
    if (question.findtext("hidden") or "").strip() == "1":
        found.warnings.append(_said(draft.row, "", "question_hidden", "这道题在原系统里是隐藏的，已照常读取，请核对。"))


def _take_feedback(draft: Draft, question: Element, answers: list[Element]) -> None:
    """The general feedback; without one, what is said to the one right answer."""
    feedback = _text(question.find("generalfeedback"))
    right = [answer for answer in answers if _fraction(answer) > 0]
    if not feedback and len(right) == 1:
        feedback = _text(right[0].find("feedback"))
    notes.take_note(draft, feedback)


def _said(row: int, column: str, code: str, message: str) -> RowProblem:
    return RowProblem("", row or None, column, code, message)


# --- choices and verdicts --------------------------------------------------------------------------------------------


def _fill_choice(draft: Draft, question: Element, answers: list[Element], found: Found) -> None:
    draft.options = [_text(answer) for answer in answers]
    says_single = (question.findtext("single") or "true").strip().lower() in ("true", "1")
    is_single = question.get("type") == "multichoice" and says_single
    points = [_fraction(answer) for answer in answers]
    best = max(points, default=0)
    right = [n for n, worth in enumerate(points, 1) if worth > 0 and (worth == best or not is_single)]
    part = [n for n, worth in enumerate(points, 1) if 0 < worth < best and is_single]
    draft.choices, draft.key = frozenset(right), "、".join(map(letter, right))
    if not is_single:
        draft.kind = Kind.MULTIPLE_CHOICE
    elif len(right) > 1:
        draft.kind = Kind.SINGLE_CHOICE  # either of them is right there: to be named
    if part:
        letters = "、".join(map(letter, part))
        message = f"选项 {letters} 原来可得部分分数，导入后算答错，请核对。"
        found.warnings.append(_said(draft.row, "答案", "partial_credit", message))


def _fill_verdict(draft: Draft, answers: list[Element]) -> None:
    right = [verdict_in(_text(answer)) for answer in answers if _fraction(answer) > 0]
    draft.kind = Kind.TRUE_FALSE
    draft.choices = frozenset(1 if verdict else 2 for verdict in right if verdict is not None) or None


def _fraction(answer: Element) -> float:
    if answer.find("correctanswer") is not None:  # of the Open University's kind
        return 100.0 if (answer.findtext("correctanswer") or "").strip() == "1" else 0.0
    try:
        return float((answer.get("fraction") or "0").replace(",", "."))
    except ValueError:
        return 0.0


# --- typed answers ---------------------------------------------------------------------------------------------------


def _fill_blank(draft: Draft, question: Element, answers: list[Element], found: Found) -> None:
    draft.kind = Kind.FILL_BLANK
    best = max(map(_fraction, answers), default=0)
    texts = [_text(answer, is_html=answer.get("format") == "html") for answer in answers if _fraction(answer) > 0]
    full = [
        _text(answer, is_html=answer.get("format") == "html") for answer in answers if 0 < best == _fraction(answer)
    ]
    plain = tuple(dict.fromkeys(text.replace("\\*", "*") for text in full if text and not _has_wildcard(text)))
    draft.blanks = (plain,) if plain else None
    if not plain and any(map(_has_wildcard, full)):
        draft.broken = f"答案“{full[0][:20]}”里的 * 代表任意文字，这里不支持。请列出每种算对的写法。"
    elif len(plain) < len(set(texts)):
        left = "、".join(text[:20] for text in dict.fromkeys(texts) if text.replace("\\*", "*") not in plain)
        message = f"“{left}”原来可得部分分数或含通配符 *，没有收进答案，请核对。"
        found.warnings.append(_said(draft.row, "答案", "partial_credit", message))
    if (question.findtext("usecase") or "").strip() == "1":
        found.warnings.append(_said(draft.row, "答案", "case_folded", "原来区分大小写，这里作答时不区分，请核对。"))


def _has_wildcard(text: str) -> bool:
    return bool(re.search(r"(?<!\\)\*", text))


def _text(element: Element | None, *, is_html: bool = True) -> str:
    """The text inside an element; the files that it shows lie beside it as ``<file>`` and are no part of it."""
    if element is None:
        return ""
    inner = element.find("text")
    if inner is None and len(element):
        own = [child for child in element if child.tag not in ("feedback", "file")]
        text = (element.text or "") + "".join("".join(child.itertext()) for child in own)
    else:
        text = "".join((inner if inner is not None else element).itertext())
    plain = not is_html or element.get("format") in ("plain_text", "markdown")
    return text.strip() if plain else text_of_html(text)
