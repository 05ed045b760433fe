"""Points for one answer."""

from collections.abc import Collection, Sequence, Set

from question_bank.answers import blank_is_right
from question_bank.content import QuestionContent
from question_bank.kinds import QuestionKind
from quiz.rules.contest import MultipleChoice, MultipleChoiceRule

Chosen = Sequence[int] | Sequence[str]
"""What a person gave: option numbers of the version, or a text for each blank; empty when unanswered."""


def points_for(content: QuestionContent, chosen: Chosen, *, worth: int, multiple: MultipleChoice) -> int:
    """Points in hundredths for one answer to one question."""
    if content.kind is QuestionKind.FILL_BLANK:
        return worth if blanks_are_right([str(text) for text in chosen], content.blanks) else 0
    numbers = frozenset(map(int, chosen))
    if content.kind is QuestionKind.MULTIPLE_CHOICE:
        return multiple_choice_points(numbers, content.choices, worth=worth, rule=multiple)
    # Two right keys of a 单选 come only from a ruling: each of them is right.
    return worth if len(numbers) == 1 and numbers <= content.choices else 0


def multiple_choice_points(chosen: Set[int], key: Set[int], *, worth: int, rule: MultipleChoice) -> int:
    """多选题: a wrong option scores nothing; what a right but incomplete choice (漏选) scores is the contest's rule."""
    if chosen == key:
        return worth
    if not chosen or not chosen < key or rule.rule is MultipleChoiceRule.ALL_OR_NOTHING:
        return 0
    earned = rule.points * (len(chosen) if rule.rule is MultipleChoiceRule.PER_OPTION else 1)
    return min(earned, worth)


def blanks_are_right(texts: Sequence[str], accepted: Sequence[Collection[str]]) -> bool:
    """填空题: every blank holds one of its accepted texts."""
    return len(texts) == len(accepted) and all(map(blank_is_right, texts, accepted))
