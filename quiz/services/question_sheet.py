"""试题 of the judges' workbook: each question version that was shown, and what people answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from question_bank.content import FALSE, TRUE, QuestionContent, letter
from question_bank.kinds import QuestionKind
from question_bank.queries import versions_by_id
from question_bank.writing import key_as_text
from quiz.queries.exports import QuestionCounts
from quiz.services.export_sheets import Sheet
from quiz.services.sheets import RATE, WHOLE, Column
from quiz.services.xlsx import Value

OPTIONS_AT_LEAST = 4
STEM_WIDTH, OPTION_WIDTH, SOURCE_WIDTH = 40, 17, 32


@dataclass(frozen=True)
class _Shown:
    version: int
    content: QuestionContent
    counts: QuestionCounts

    @property
    def options(self) -> tuple[str, ...]:
        return ("对", "错") if self.content.kind is QuestionKind.TRUE_FALSE else self.content.options_in_words


assert (TRUE, FALSE) == (1, 2)  # 对 and 错 stand in the columns A and B


def questions(counts: Mapping[int, QuestionCounts]) -> Sheet:
    """The versions in their order; options by their own numbers, whatever letters papers gave them."""
    versions = versions_by_id(counts)
    shown = [_Shown(number, versions[number].content, counts[number]) for number in sorted(counts)]
    options = max([OPTIONS_AT_LEAST, *(len(question.options) for question in shown)])
    letters = [letter(number) for number in range(1, options + 1)]
    columns = [
        Column("版本号", WHOLE),
        Column("题型"),
        Column("领域"),
        Column("难度"),
        Column("题干", width=STEM_WIDTH),
        *(Column(f"选项{a}", width=OPTION_WIDTH) for a in letters),
        Column("答案", width=10),
        Column("出现次数", WHOLE, 8),
        Column("作答次数", WHOLE, 8),
        Column("答对次数", WHOLE, 8),
        Column("正确率", RATE, 10),
        *(Column(f"选{a}人次", WHOLE, 8) for a in letters),
        Column("来源", width=SOURCE_WIDTH),
    ]
    return "试题", columns, (_question(question, options) for question in shown)


def _question(question: _Shown, options: int) -> Sequence[Value]:
    content, counts = question.content, question.counts
    texts = question.options
    return (
        question.version,
        content.kind.label,
        content.domain,
        content.difficulty,
        content.stem,
        *(texts[place] if place < len(texts) else None for place in range(options)),
        key_as_text(content),
        counts.shown,
        counts.answered,
        counts.right,
        _right_rate(counts),
        *(counts.options[place + 1] if place < len(texts) else None for place in range(options)),
        content.source,
    )


def _right_rate(counts: QuestionCounts) -> float | None:
    """None without a single answer that counts, so that a question taken out of the total does not read as 0 %."""
    scored = counts.answered - counts.unscored
    return counts.right / scored if scored else None
