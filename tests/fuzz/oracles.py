"""What must hold of every report, whatever the file was."""

import re
from dataclasses import fields

from question_bank.check import Report, check_file
from question_bank.content import MOST_OPTIONS, QuestionContent
from question_bank.exporting import Format, exported
from question_bank.kinds import QuestionKind as Kind
from tests.fuzz.tables import Placed

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def sound_report(data: bytes, name: str) -> Report:
    """The report of a file: the same each time, every message a sentence, every question one that can be asked."""
    report = check_file(data, name)
    assert check_file(data, name).digest == report.digest, "two readings differ"
    for problem in (*report.problems, *report.warnings):
        assert problem.code and re.search("[一-鿿]", problem.message), f"no sentence: {problem}"
    assert report.readable or not report.questions
    assert report.questions or report.problems, "nothing taken and nothing said"
    warned = {(warning.sheet, warning.row) for warning in report.warnings}
    for question in report.questions:
        require_sound(question.content)
        options = question.content.options
        assert len(set(options)) == len(options) or (question.sheet, question.row) in warned, f"twice: {options}"
    return report


def require_sound(content: QuestionContent) -> None:
    assert content.stem.strip(), "no stem"
    texts = [content.stem, *content.options, content.explanation, content.model_answer, *sum(content.blanks, ())]
    assert not any(_CONTROL.search(text) for text in texts), f"control character: {texts}"
    if content.kind.has_options:
        assert 2 <= len(content.options) <= MOST_OPTIONS and all(content.options), f"options: {content.options}"
        assert content.choices and content.choices <= set(range(1, len(content.options) + 1)), "key not an option"
        assert content.kind is Kind.MULTIPLE_CHOICE or len(content.choices) == 1
    elif content.kind is Kind.TRUE_FALSE:
        assert content.choices in (frozenset({1}), frozenset({2})) and not content.options
    elif content.kind is Kind.FILL_BLANK:
        assert content.blanks and all(texts and all(texts) for texts in content.blanks), f"blanks: {content.blanks}"


def require_conserved(report: Report, placed: Placed) -> int:
    """Every question taken exactly right or named where it stands, and nothing else taken; how many were taken."""
    named = {(problem.sheet, problem.row) for problem in report.problems}
    whole = {problem.sheet for problem in report.problems if problem.row is None}
    taken = {(question.sheet, question.row): question.content for question in report.questions}
    for place, truth in placed.items():
        if place in taken:
            assert taken[place] == truth, f"changed at {place}: {unlike(taken[place], truth)}"
        else:
            assert place in named or place[0] in whole or "" in whole, f"lost at {place}: {truth}"
    assert taken.keys() <= placed.keys(), f"invented: {[taken[place] for place in taken.keys() - placed.keys()]}"
    return len(taken)


def unlike(one: QuestionContent, other: QuestionContent) -> str:
    """The fields in which two questions differ, to be read by whoever mends it."""
    names = [field.name for field in fields(QuestionContent)]
    return "; ".join(
        f"{name} is {getattr(one, name)!r}, was {getattr(other, name)!r}"
        for name in names
        if getattr(one, name) != getattr(other, name)
    )


def require_returning(report: Report) -> None:
    """What was taken goes out as a workbook and comes in again unchanged."""
    contents = [question.content for question in report.questions]
    again = check_file(exported(contents, Format.WORKBOOK).data, "bank.xlsx")
    assert [question.content for question in again.questions] == contents, "the export came back changed"
