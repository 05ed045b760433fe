"""How an attempt went by domain."""

from collections.abc import Iterable
from dataclasses import dataclass

from quiz.rules.practice import domain_of


@dataclass(frozen=True)
class DomainShare:
    """What was earned in one domain; ``points`` and ``worth`` in hundredths."""

    domain: str
    questions: int
    right: int
    points: int
    worth: int

    @property
    def percent(self) -> int:
        return self.points * 100 // self.worth if self.worth else 0


def by_domain(marked: Iterable[tuple[str, int, int]]) -> list[DomainShare]:
    """From (domain path, points, worth) of each question to its upper domains, the weakest first."""
    found: dict[str, DomainShare] = {}
    for path, points, worth in marked:
        domain = domain_of(path)
        sum_ = found.get(domain, DomainShare(domain, 0, 0, 0, 0))
        found[domain] = DomainShare(
            domain,
            sum_.questions + 1,
            sum_.right + (points == worth),
            sum_.points + points,
            sum_.worth + worth,
        )
    return sorted(found.values(), key=lambda share: (share.percent, share.domain))
