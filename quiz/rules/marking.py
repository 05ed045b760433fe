"""阅卷: a marking is made from a paper's versions, the answers at the end, and the rulings about the questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from question_bank.content import QuestionContent
from question_bank.digests import digest_of
from quiz.rules.contest import MultipleChoice
from quiz.rules.drawing import PaperLine
from quiz.rules.grading import Chosen, points_for


class RulingKind(StrEnum):
    """What a judge may rule about a question in a contest, about an attempt, or about an entry."""

    ANOTHER_KEY = "another_key"  # 更正答案; value: {"choices": [2]} or {"blanks": [["12315"]]}
    FULL_MARKS = "full_marks"  # 全体给分
    OUT_OF_TOTAL = "out_of_total"  # 不计分
    SET_ASIDE = "set_aside"  # 作废, about an attempt, or about an entry and so all its attempts
    EXTRA_TIME = "extra_time"  # 补时, about an attempt; value: {"ms": 60000}
    UNDO = "undo"  # 撤销, of the ruling that ``undoes_id`` names


QUESTION_RULINGS = frozenset({RulingKind.ANOTHER_KEY, RulingKind.FULL_MARKS, RulingKind.OUT_OF_TOTAL})


@dataclass(frozen=True)
class QuestionRuling:
    """A ruling about one question of the contest, as marking needs it."""

    kind: RulingKind
    choices: frozenset[int] = frozenset()
    blanks: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Marked:
    """Points and worth for each position in hundredths, their sums, and the digest of all it was made from."""

    points: tuple[int, ...]
    worth: tuple[int, ...]
    made_from: str

    @property
    def score(self) -> int:
        return sum(self.points)

    @property
    def full(self) -> int:
        return sum(self.worth)


def mark(
    paper: Sequence[PaperLine],
    contents: Mapping[int, QuestionContent],
    answers: Mapping[int, Chosen],
    *,
    multiple: MultipleChoice,
    rulings: Mapping[int, QuestionRuling] | None = None,
) -> Marked:
    """Mark one attempt. ``contents`` and ``rulings`` go by version id, ``answers`` by position (from 1)."""
    rulings = rulings or {}
    worth = [line.points for line in paper]
    points = [
        points_for(contents[version], answers[position], worth=full, multiple=multiple) if answers.get(position) else 0
        for position, (version, _options, full) in enumerate(paper, 1)
    ]
    # Only the rulings about its own questions: any other leaves the marking as it was, and so its digest.
    ruled_about = {line.version for line in paper} & rulings.keys() if rulings else ()
    for at, line in enumerate(paper) if ruled_about else ():
        if line.version in rulings:
            chosen, ruling = answers.get(at + 1, ()), rulings[line.version]
            points[at], worth[at] = _ruled(line, contents[line.version], chosen, multiple, ruling)
    made_from = [
        [[version, contents[version].digest, full] for version, _options, full in paper],
        [[position, list(answers[position])] for position in sorted(answers)],
        [
            [v, rulings[v].kind.value, sorted(rulings[v].choices), [list(b) for b in rulings[v].blanks]]
            for v in sorted(ruled_about)
        ],
        [multiple.rule.value, multiple.points],
    ]
    return Marked(tuple(points), tuple(worth), digest_of(made_from))


def _ruled(
    line: PaperLine, content: QuestionContent, chosen: Chosen, multiple: MultipleChoice, ruling: QuestionRuling
) -> tuple[int, int]:
    """Points and worth of a question that a judge has ruled about."""
    if ruling.kind is RulingKind.OUT_OF_TOTAL:
        return 0, 0
    if ruling.kind is RulingKind.FULL_MARKS:
        return line.points, line.points
    return points_for(under(content, ruling), chosen, worth=line.points, multiple=multiple), line.points


def under(content: QuestionContent, ruling: QuestionRuling | None) -> QuestionContent:
    """The question with the key that holds in the contest: its own, or the one a ruling gave it."""
    if ruling is None or ruling.kind is not RulingKind.ANOTHER_KEY:
        return content
    return replace(content, choices=ruling.choices, blanks=ruling.blanks)
