"""What interchange formats have no place for, and where it stands in them instead.

GIFT, Moodle XML and QTI have one text for the learner's feedback and none for a source or a model answer: these stand
in that text, each behind its label on a line of its own. What no learner reads (difficulty, dates) stands in tags.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from question_bank.kinds import QuestionKind
from question_bank.reading.drafts import Draft

MODEL_ANSWER, EXPLANATION, SOURCE = "参考答案：", "解析：", "来源："
KIND, BLANKS, DOMAIN, DIFFICULTY = "题型：", "空数：", "领域：", "难度："
CHECKED_ON, VALID_UNTIL = "核对日期：", "有效期至："


@dataclass(frozen=True)
class Note:
    """The feedback of a question, by its parts."""

    explanation: str = ""
    source: str = ""
    model_answer: str = ""

    def __str__(self) -> str:
        parts = [MODEL_ANSWER + self.model_answer] if self.model_answer else []
        if self.explanation:
            is_alone = not self.model_answer and note_in(self.explanation) == Note(self.explanation)
            parts.append(self.explanation if is_alone else EXPLANATION + self.explanation)
        if self.source or note_in("\n".join(parts)).source:
            parts.append(SOURCE + self.source)
        return "\n".join(parts)


def note_in(text: str) -> Note:
    """The parts of a feedback: 参考答案 first, 来源 last, what is left is the explanation."""
    text, _, source = _parted_at_last_line(text.strip(), SOURCE)
    if text.startswith(MODEL_ANSWER):
        answer, _, explanation = text.removeprefix(MODEL_ANSWER).partition("\n" + EXPLANATION)
        return Note(explanation.strip(), source, answer.strip())
    return Note(text.removeprefix(EXPLANATION).strip(), source)


def _parted_at_last_line(text: str, label: str) -> tuple[str, str, str]:
    before, found, after = ("\n" + text).rpartition("\n" + label)
    return (before.strip(), found, after.strip()) if found else (text, "", "")


def take_note(draft: Draft, text: str) -> None:
    """Explanation, source and model answer of a draft from its feedback."""
    note = note_in(text)
    draft.explanation, draft.source = note.explanation, note.source or draft.source
    if note.model_answer and draft.kind is QuestionKind.SHORT_ANSWER and draft.key in ("", note.model_answer):
        draft.key = note.model_answer
    elif note.model_answer:
        draft.explanation = text.strip()  # a text that only begins so


def take_tags(draft: Draft, tags: Iterable[str]) -> None:
    """Difficulty, dates and whatever else a tag of ours names; other tags say nothing here."""
    for tag in tags:
        if tag.startswith(DIFFICULTY):
            draft.difficulty = tag.removeprefix(DIFFICULTY)
        elif tag.startswith(DOMAIN):
            draft.domain = tag.removeprefix(DOMAIN)
        elif tag.startswith(CHECKED_ON):
            draft.checked_on = _day(tag.removeprefix(CHECKED_ON))
        elif tag.startswith(VALID_UNTIL):
            draft.valid_until = _day(tag.removeprefix(VALID_UNTIL))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if re.fullmatch(r"\s*\d{4}-\d\d-\d\d\s*", text) else None
    except ValueError:
        return None


def domain_of_category(path: str) -> str:
    """$course$/top/产品/食品 → 产品/食品: Moodle's own first steps are no domain, and a domain has two levels."""
    steps = [step.strip().replace("\0", "/") for step in path.replace("//", "\0").split("/")]
    own = re.compile(r"\$\w+\$|top|默认|default(?: for .*)?", re.IGNORECASE)
    while steps and (not steps[0] or own.fullmatch(steps[0])):
        steps = steps[1:]
    return "/".join(filter(None, steps[:2]))
