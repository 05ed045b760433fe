"""What a participant sees of the rulings about the questions of an own result."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from question_bank.content import QuestionContent
from quiz.models import Attempt, Marking, Ruling
from quiz.queries.attempts import PaperContents, Position, as_question_ruling
from quiz.queries.rulings import standing_by_version
from quiz.rules.grading import Chosen
from quiz.rules.marking import RulingKind, mark, under

_SAID = {
    RulingKind.ANOTHER_KEY: "评委更正了这道题的答案，下面是更正后的。",
    RulingKind.FULL_MARKS: "评委裁定这道题全体给分。",
    RulingKind.OUT_OF_TOTAL: "评委裁定这道题不计分，满分相应减少。",
}


@dataclass(frozen=True)
class RulingsShown:
    """The paper with the keys that hold, and what to say beside each question.

    ``is_pending``: the marks that stand were made before a ruling, or before it was undone.
    """

    paper: PaperContents
    by_version: Mapping[int, Ruling]
    keys_shown: bool
    is_pending: bool

    def kind_of(self, position: Position) -> str:
        ruling = self.by_version.get(position.line.version)
        return ruling.kind if ruling else ""

    def about(self, position: Position, *, is_out: bool) -> dict[str, Any]:
        """A reason may give the key away: it waits for the keys. ``is_out``: the marks leave the question out."""
        ruling = self.by_version.get(position.line.version)
        if ruling is None or (ruling.kind == RulingKind.ANOTHER_KEY and not self.keys_shown):
            return {"ruling": "", "ruling_words": "", "ruling_reason": "", "is_out": is_out}
        return {
            "ruling": ruling.kind,
            "ruling_words": _SAID[RulingKind(ruling.kind)],
            "ruling_reason": ruling.reason if self.keys_shown else "",
            "is_out": is_out,
        }


def rulings_shown(
    attempt: Attempt, paper: PaperContents, marking: Marking, chosen: Mapping[int, Chosen], *, keys_shown: bool
) -> RulingsShown:
    by_version = standing_by_version(attempt.contest_id, (line.version for line in paper.lines))
    rulings = {version: as_question_ruling(ruling) for version, ruling in by_version.items()}
    multiple = attempt.entry.contest.terms.multiple_choice
    fresh = mark(paper.lines, paper.contents, chosen, multiple=multiple, rulings=rulings)
    return RulingsShown(
        paper=paper_under(paper, by_version),
        by_version=by_version,
        keys_shown=keys_shown,
        is_pending=(list(fresh.points), list(fresh.worth)) != (marking.points, marking.worth),
    )


def paper_under(paper: PaperContents, by_version: Mapping[int, Ruling]) -> PaperContents:
    """The paper with corrected keys; the explanation of a key that no longer holds goes with it."""
    return replace(
        paper,
        contents={version: _under(content, by_version.get(version)) for version, content in paper.contents.items()},
    )


def _under(content: QuestionContent, ruling: Ruling | None) -> QuestionContent:
    if ruling is None or ruling.kind != RulingKind.ANOTHER_KEY:
        return content
    return replace(under(content, as_question_ruling(ruling)), explanation="")
