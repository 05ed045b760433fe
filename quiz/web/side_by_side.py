"""Two questions side by side, with what differs between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from question_bank.check import FoundQuestion
from question_bank.content import QuestionContent, letter
from question_bank.differences import Parts, differing_words, differs_only_in, marked
from question_bank.likeness import Pair
from question_bank.models import QuestionVersion
from quiz.queries.likeness import Alike

WORDS_SHOWN = 3

Asked = FoundQuestion | QuestionVersion


@dataclass(frozen=True)
class Side:
    """One of two questions: where it stands, and its texts in pieces with what differs."""

    place: str
    url: str
    kind: str
    stem: Parts
    options: list[tuple[str, Parts]]
    content: QuestionContent


@dataclass(frozen=True)
class ShownPair:
    percent: int
    note: str
    sides: tuple[Side, Side]


def shown_pairs(alike: Alike, pairs: Sequence[Pair]) -> list[ShownPair]:
    """Pairs as a page shows them: the earlier question on the left."""
    shown = []
    for pair in pairs:
        earlier = alike.held[pair.other] if pair.is_held else alike.asked[pair.other]
        later = alike.asked[pair.one]
        shown.append(ShownPair(int(pair.similarity * 100), note_on(earlier, later), _sides(earlier, later)))
    return shown


def note_on(earlier: Asked, later: Asked) -> str:
    """What one should know before calling two questions the same: often both are right."""
    one, other = earlier.content, later.content
    only = differs_only_in(one, other)
    if only:
        first, second = ("、".join(words[:WORDS_SHOWN]) for words in differing_words(one, other))
        what = {"number": "数字", "turn": "肯定、否定或大小的词", "both": "数字和肯定、否定的词"}[only]
        return f"只差{what}：{first or '无'} ↔ {second or '无'}，很可能是两道题。"
    if one.kind is other.kind and one.body_fingerprint == other.body_fingerprint:
        return "题干、选项一样，答案不同，请核对哪一个对。"
    if one.kind is not other.kind:
        return f"题型不同：{one.kind.label} ↔ {other.kind.label}。"
    return ""


def _sides(earlier: Asked, later: Asked) -> tuple[Side, Side]:
    stems = marked(earlier.content.stem, later.content.stem)
    options = _options(earlier.content.options_in_words, later.content.options_in_words)
    return _side(earlier, stems[0], options[0]), _side(later, stems[1], options[1])


def _side(question: Asked, stem: Parts, options: list[Parts]) -> Side:
    place, url = _place(question)
    lettered = [(letter(number), parts) for number, parts in enumerate(options, 1)]
    return Side(place, url, question.content.kind.label, stem, lettered, question.content)


def _place(question: Asked) -> tuple[str, str]:
    if isinstance(question, FoundQuestion):
        return " ".join(filter(None, ["文件", question.sheet, f"第 {question.row} 行"])), ""
    url = url_for("bank.question", question_id=question.question_id)
    return f"题库里编号 {question.question_id} 的题", url


def _options(first: Sequence[str], second: Sequence[str]) -> tuple[list[Parts], list[Parts]]:
    """Options in pieces. What stands on both sides is the same wherever it stands; the rest is compared in order."""
    one: list[Parts] = [[(text, False)] for text in first]
    other: list[Parts] = [[(text, False)] for text in second]
    mine = [place for place, text in enumerate(first) if text not in second]
    theirs = [place for place, text in enumerate(second) if text not in first]
    for here, there in zip(mine, theirs, strict=False):
        one[here], other[there] = marked(first[here], second[there])
    for here in mine[len(theirs) :]:
        one[here] = [(first[here], True)]
    for there in theirs[len(mine) :]:
        other[there] = [(second[there], True)]
    return one, other
