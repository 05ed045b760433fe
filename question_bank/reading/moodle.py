"""Moodle XML: ``<quiz><question type="multichoice">``."""

from xml.etree.ElementTree import Element

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.drafts import Draft, Found
from question_bank.reading.kind_words import verdict_in
from question_bank.reading.markup import text_of_html

_NO_QUESTIONS = {"category", "description"}
_NAMES = {
    "matching": "匹配题",
    "numerical": "数值题",
    "calculated": "计算题（公式）",
    "calculatedmulti": "计算题（公式）",
    "calculatedsimple": "计算题（公式）",
    "cloze": "完形填空",
    "multianswer": "完形填空",
    "ddwtos": "拖放题",
    "ddimageortext": "拖放题",
    "ddmarker": "拖放题",
    "gapselect": "选词填空",
    "ordering": "排序题",
    "randomsamatch": "匹配题",
}


def drafts_of_moodle(root: Element) -> Found:
    """Every question of a Moodle quiz; the row is its ordinal."""
    questions = [e for e in root.iter("question") if e.get("type") not in _NO_QUESTIONS]
    return Found([_draft(row, question) for row, question in enumerate(questions, 1)])


def _draft(row: int, question: Element) -> Draft:
    kind = question.get("type", "")
    draft = Draft("", row, _text(question.find("questiontext")), explanation=_text(question.find("generalfeedback")))
    answers = question.findall("answer")
    if kind in ("multichoice", "multichoiceset"):
        _fill_choice(draft, question, answers)
    elif kind == "truefalse":
        right = [verdict_in(_text(answer)) for answer in answers if _fraction(answer) > 0]
        draft.kind = Kind.TRUE_FALSE
        draft.choices = frozenset(1 if verdict else 2 for verdict in right if verdict is not None) or None
    elif kind == "shortanswer":
        draft.kind = Kind.FILL_BLANK
        texts = tuple(dict.fromkeys(_text(answer) for answer in answers if _fraction(answer) == 100 and _text(answer)))
        draft.blanks = (texts,) if texts else None
    elif kind == "essay":
        draft.kind, draft.key = Kind.SHORT_ANSWER, _text(question.find("graderinfo"))
    else:
        draft.unsupported = _NAMES.get(kind, kind or "?")
    return draft


def _fill_choice(draft: Draft, question: Element, answers: list[Element]) -> None:
    draft.options = [_text(answer) for answer in answers]
    is_single = question.get("type") == "multichoice" and (question.findtext("single") or "true").strip().lower() in (
        "true",
        "1",
    )
    draft.kind = Kind.SINGLE_CHOICE if is_single else Kind.MULTIPLE_CHOICE
    best = max((_fraction(answer) for answer in answers), default=0)
    enough = best if is_single and best > 0 else 0.0001
    numbers = [number for number, answer in enumerate(answers, 1) if _fraction(answer) >= enough]
    draft.choices, draft.key = frozenset(numbers), "、".join(chr(64 + number) for number in numbers)


def _fraction(answer: Element) -> float:
    try:
        return float(answer.get("fraction") or 0)
    except ValueError:
        return 0


def _text(element: Element | None) -> str:
    if element is None:
        return ""
    inner = element.find("text")
    text = "".join((inner if inner is not None else element).itertext())
    return text_of_html(text) if element.get("format") not in ("plain_text", "markdown") else text.strip()
