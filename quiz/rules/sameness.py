"""How much two papers of one contest have in common: a pool hardly larger than the plan gives everybody the same."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from quiz.rules.contest import PaperPlanLine
from quiz.rules.drawing import PoolVersion, matches
from quiz.rules.wording import line_label

NOTABLE = Fraction(1, 2)
"""From here on organisers are told."""
NEARLY_ALL = Fraction(4, 5)


@dataclass(frozen=True)
class Sameness:
    """Which share of its questions a paper has in common with another on average: each line, and the ``whole``."""

    plan: tuple[PaperPlanLine, ...]
    lines: tuple[Fraction, ...]
    available: tuple[int, ...]
    whole: Fraction

    @property
    def sentence(self) -> str:
        """What to tell the organiser about the whole paper; empty when papers differ enough."""
        if self.whole < NOTABLE:
            return ""
        if self.whole == 1:
            return "每个人的卷子题目完全一样：题库里符合的题正好够一份。再导入一些题，或者减少抽题数。"
        common = f"任意两份卷子平均约有 {percent(self.whole)} 的题相同"
        if self.whole >= NEARLY_ALL:
            return f"每个人的卷子几乎一样：{common}。再导入一些题，或者减少抽题数。"
        return f"可抽的题偏少：{common}。题库越大，卷子越不一样。"

    def line_words(self, number: int) -> str:
        """The same about one line, counted from 0."""
        share = self.lines[number]
        if share < NOTABLE:
            return ""
        return "每份都是这些题" if share == 1 else f"两份约 {percent(share)} 相同"

    @property
    def sentences(self) -> list[str]:
        """The whole first, then each line that is drawn from too few; empty when papers differ enough."""
        named = [
            f"第 {number + 1} 行 {line_label(line)}抽 {line.count} 道，符合的有 {self.available[number]} 道，{words}。"
            for number, line in enumerate(self.plan)
            if (words := self.line_words(number))
        ]
        return [*filter(None, [self.sentence]), *named]


def sameness(plan: Sequence[PaperPlanLine], pool: Sequence[PoolVersion]) -> Sameness | None:
    """None when the plan is empty or the pool may not fill it.

    A line that draws ``wanted`` of ``available`` shares wanted / available of its questions; the whole paper shares
    the sum of wanted² / available over all questions. Where lines meet, what earlier ones leave is counted as left
    evenly: exact unless a narrow line comes before a wide one, and then a few hundredths too high (all lines follow one
    order of the questions, so that the wide line takes fewer of those left over).
    """
    alike = Counter((v.kind, v.domain, v.difficulty) for v in pool)
    example = {(v.kind, v.domain, v.difficulty): v for v in pool}
    sizes: Counter[tuple[bool, ...]] = Counter()
    for group, version in example.items():
        sizes[tuple(matches(line, version) for line in plan)] += alike[group]
    drawn = [{fits: Fraction(0) for fits in sizes} for _ in plan]  # by line: how likely a question of a group is drawn
    so_far = dict.fromkeys(sizes, Fraction(0))
    for number, line in enumerate(plan):
        left = sum((size * (1 - so_far[fits]) for fits, size in sizes.items() if fits[number]), Fraction(0))
        if left < line.count:
            return None
        for fits in sizes:
            if fits[number]:
                drawn[number][fits] = line.count * (1 - so_far[fits]) / left
                so_far[fits] += drawn[number][fits]
    common = [
        sum((sizes[fits] * chance * so_far[fits] for fits, chance in of_line.items()), Fraction(0)) for of_line in drawn
    ]
    questions = sum(line.count for line in plan)
    if not questions:
        return None
    return Sameness(
        plan=tuple(plan),
        lines=tuple(shared / line.count for shared, line in zip(common, plan, strict=True)),
        available=tuple(sum(size for fits, size in sizes.items() if fits[n]) for n in range(len(plan))),
        whole=sum(common, Fraction(0)) / questions,
    )


def percent(share: Fraction) -> str:
    """5/6 → 83 %; what is not all is never called 100 %."""
    return f"{min(round(share * 100), 99) if share < 1 else 100} %"
