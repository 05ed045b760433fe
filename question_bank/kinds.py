"""The kinds of question, and what each asks of its options and its key."""

from enum import StrEnum


class QuestionKind(StrEnum):
    """题型. The value is what JSON and the database hold."""

    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    TRUE_FALSE = "true_false"
    FILL_BLANK = "fill_blank"
    SHORT_ANSWER = "short_answer"

    @property
    def label(self) -> str:
        """The Chinese name, as organisers and participants read it."""
        return _LABELS[self]

    @property
    def has_options(self) -> bool:
        """Whether the question carries options of its own (判断 shows 对 and 错, which are nobody's text)."""
        return self in (QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE)

    @property
    def is_marked_by_machine(self) -> bool:
        """简答 is kept for study and for stage finals; it is never drawn into a paper."""
        return self is not QuestionKind.SHORT_ANSWER


_LABELS = {
    QuestionKind.SINGLE_CHOICE: "单选题",
    QuestionKind.MULTIPLE_CHOICE: "多选题",
    QuestionKind.TRUE_FALSE: "判断题",
    QuestionKind.FILL_BLANK: "填空题",
    QuestionKind.SHORT_ANSWER: "简答题",
}
