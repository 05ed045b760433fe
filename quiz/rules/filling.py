"""题库够不够: each line of a paper plan held against the questions it may draw from."""

from collections.abc import Sequence
from dataclasses import dataclass

from quiz.rules.contest import PaperPlanLine
from quiz.rules.drawing import PoolVersion, matches, shortage
from quiz.rules.wording import line_label


@dataclass(frozen=True)
class LineReport:
    """``number`` counts from 1; ``available`` is what is left for the line in the worst case when it is short."""

    number: int
    line: PaperPlanLine
    wanted: int
    available: int
    missing: int
    taken_before: int = 0  # matching questions that lines before this one may take

    @property
    def words(self) -> str:
        """What is there; or what is missing, and what to do about it."""
        if not self.missing:
            return f"够，符合的有 {self.available} 道"
        return f"第 {self.number} 行 {line_label(self.line)}需要 {self.wanted} 道，{self._why}{self._remedy}"

    @property
    def _why(self) -> str:
        if self.taken_before:
            return f"前面各行取题之后可能只剩 {self.available} 道。"
        return f"题库里只有 {self.available} 道。" if self.available else "题库里一道也没有。"

    @property
    def _remedy(self) -> str:
        more = f"再导入 {self.missing} 道"
        if self.taken_before:
            return f"{more}，或把范围窄的行移到前面。"
        if self.line.domain:
            return f"{more}，或把这一行改成“不限领域”。"
        if self.line.difficulty:
            return f"{more}，或把这一行改成“不限难度”。"
        return f"{more}，或把这一行减为 {self.available} 道。" if self.available else f"{more}，或删去这一行。"


def plan_report(plan: Sequence[PaperPlanLine], pool: Sequence[PoolVersion]) -> list[LineReport]:
    """What the pool can give to each line of the plan, in order."""
    reports = []
    for number, (line, missing) in enumerate(zip(plan, shortage(plan, pool), strict=True), 1):
        matching = sum(1 for version in pool if matches(line, version))
        available = line.count - missing if missing else matching
        reports.append(LineReport(number, line, line.count, available, missing, matching - available))
    return reports


def shortages(plan: Sequence[PaperPlanLine], pool: Sequence[PoolVersion]) -> list[str]:
    """One sentence for each line that the pool cannot fill; empty when it can."""
    return [report.words for report in plan_report(plan, pool) if report.missing]
