"""按比例组卷: a plan from how many questions of each kind there are to be, and shares of domains and difficulties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from question_bank.kinds import QuestionKind
from quiz.rules.contest import PaperPlanLine
from quiz.rules.drawing import PoolVersion, matches


@dataclass(frozen=True)
class KindQuota:
    """``points`` is what one question of the kind is worth, in hundredths."""

    kind: QuestionKind
    count: int
    points: int


def by_shares(total: int, shares: Mapping[str, int]) -> dict[str, int]:
    """Whole numbers that sum to ``total`` in these shares, by the largest remainder; of equal ones the first."""
    ideal = {name: Fraction(total * share, sum(shares.values())) for name, share in shares.items()}
    given = {name: int(exact) for name, exact in ideal.items()}
    for name in sorted(ideal, key=lambda each: given[each] - ideal[each])[: total - sum(given.values())]:
        given[name] += 1
    return given


def plan_by_quotas(
    kinds: Sequence[KindQuota],
    domains: Mapping[str, int],
    difficulties: Mapping[str, int],
    pool: Sequence[PoolVersion],
) -> tuple[PaperPlanLine, ...]:
    """Lines whose counts hold every kind, and the shares of domains and of difficulties over the whole paper, exactly.

    Without shares a domain or a difficulty is any. Where several plans hold them, one is taken that is near the shares
    in each cell and asks for what the pool has.
    """
    total = sum(quota.count for quota in kinds)
    in_domains = by_shares(total, domains) if domains else {"": total}
    in_levels = by_shares(total, difficulties) if difficulties else {"": total}

    def holds(cell: PaperPlanLine) -> int:
        return sum(1 for version in pool if matches(cell, version))

    def line(quota: KindQuota, domain: str, level: str, count: int = 1) -> PaperPlanLine:
        return PaperPlanLine(quota.kind, count, quota.points, domain or None, level or None)

    pairs = [(quota, domain) for quota in kinds for domain in in_domains]
    room = [[holds(line(quota, domain, "")) for domain in in_domains] for quota in kinds]
    table = spread([quota.count for quota in kinds], list(in_domains.values()), room)
    wanted = [count for row in table for count in row]
    room = [[holds(line(quota, domain, level)) for level in in_levels] for quota, domain in pairs]
    cells = spread(wanted, list(in_levels.values()), room)
    return tuple(
        line(quota, domain, level, count)
        for (quota, domain), row in zip(pairs, cells, strict=True)
        for level, count in zip(in_levels, row, strict=True)
        if count
    )


def spread(rows: Sequence[int], columns: Sequence[int], room: Sequence[Sequence[int]]) -> list[list[int]]:
    """A table with these sums of rows and columns (both of one total), near row × column / total in each cell.

    One question at a time goes to the cell that lacks most of its part; then what finds no room moves.
    """
    total = sum(rows)
    table = [[0] * len(columns) for _ in rows]
    rows_left, columns_left = list(rows), list(columns)

    def lacking(cell: tuple[int, int]) -> Fraction:
        row, column = cell
        return Fraction(rows[row] * columns[column], total) - table[row][column]

    for _ in range(total):
        open_cells = [(r, c) for r, left in enumerate(rows_left) if left for c, also in enumerate(columns_left) if also]
        row, column = max(open_cells, key=lacking)
        table[row][column] += 1
        rows_left[row] -= 1
        columns_left[column] -= 1
    while swap := _swap_to_room(table, room):
        (row, column), (other_row, other_column) = swap
        table[row][column] -= 1
        table[other_row][other_column] -= 1
        table[row][other_column] += 1
        table[other_row][column] += 1
    return table


def _swap_to_room(
    table: Sequence[Sequence[int]], room: Sequence[Sequence[int]]
) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """A cell that asks for more than there is, and one to trade with, so that both find room; the sums stay."""
    cells = [(r, c) for r, row in enumerate(table) for c in range(len(row)) if table[r][c]]
    for r, c in cells:
        if table[r][c] > room[r][c]:
            for r2, c2 in cells:
                if table[r][c2] < room[r][c2] and table[r2][c] < room[r2][c]:
                    return (r, c), (r2, c2)
    return None
