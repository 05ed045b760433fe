"""Algorithm 1 (DESIGN §5): which question versions make up a paper, in which order, drawn from a seed."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from question_bank.kinds import QuestionKind
from quiz.rules.contest import ContestTerms, PaperPlanLine

ALGORITHM = 1


@dataclass(frozen=True)
class PoolVersion:
    """What drawing needs to know of one question version. ``options`` counts them; ``pinned`` are option numbers."""

    version: int
    kind: QuestionKind
    domain: str
    difficulty: str
    options: int
    pinned: tuple[int, ...]
    digest: str

    def as_json(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "kind": self.kind.value,
            "domain": self.domain,
            "difficulty": self.difficulty,
            "options": self.options,
            "pinned": list(self.pinned),
            "digest": self.digest,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "PoolVersion":
        return cls(**{**value, "kind": QuestionKind(value["kind"]), "pinned": tuple(value["pinned"])})


class PaperLine(NamedTuple):
    """One position of a paper: the version, its option numbers in the order shown, its worth in hundredths."""

    version: int
    options: tuple[int, ...]
    points: int


class PoolTooSmall(Exception):
    """A line of the plan asks for more than the pool holds. ``line`` counts from 0."""

    def __init__(self, line: int, wanted: PaperPlanLine, available: int) -> None:
        super().__init__(line, wanted, available)
        self.line, self.wanted, self.available = line, wanted, available


def pool_digest(pool: Iterable[PoolVersion]) -> str:
    """SHA-256 of one line ``<version id>:<content digest>`` for each version, in order of id."""
    lines = "\n".join(f"{v.version}:{v.digest}" for v in sorted(pool, key=lambda v: v.version))
    return hashlib.sha256(lines.encode()).hexdigest()


class DrawingPool(tuple[PoolVersion, ...]):
    """A pool that finds out once which of its versions may fill a line, for all papers that are drawn from it."""

    def fitting(self, line: PaperPlanLine) -> tuple[PoolVersion, ...]:
        """The versions that match the line, in the order of the pool."""
        known: dict[PaperPlanLine, tuple[PoolVersion, ...]] = self.__dict__.setdefault("known", {})
        if line not in known:
            known[line] = tuple(v for v in self if matches(line, v))
        return known[line]


def draw_paper(terms: ContestTerms, pool: Iterable[PoolVersion], seed: str) -> tuple[PaperLine, ...]:
    """The paper that this plan, pool and seed give, always and everywhere. Raises PoolTooSmall."""
    drawn: dict[int, tuple[PoolVersion, int]] = {}
    by_paper = _hashes(f"paper|{seed}")
    versions = pool if isinstance(pool, DrawingPool) else DrawingPool(pool)
    for number, line in enumerate(terms.plan):
        matching = [v for v in versions.fitting(line) if v.version not in drawn]
        if len(matching) < line.count:
            raise PoolTooSmall(number, line, len(matching))
        matching.sort(key=lambda v: by_paper(v.version))
        drawn.update({v.version: (v, line.points) for v in matching[: line.count]})
    chosen = list(drawn.values())
    if terms.mix_questions:
        by_order = _hashes(f"order|{seed}")
        chosen.sort(key=lambda pair: by_order(pair[0].version))
    return tuple(PaperLine(v.version, _option_order(v, seed, terms.mix_options), points) for v, points in chosen)


def matches(line: PaperPlanLine, version: PoolVersion) -> bool:
    """Whether the version may fill the line: a domain matches its own name and whatever lies under it."""
    return (
        version.kind is line.kind
        and (line.difficulty is None or line.difficulty == version.difficulty)
        and (line.domain is None or _lies_in(version.domain, line.domain))
    )


def shortage(plan: Sequence[PaperPlanLine], pool: Sequence[PoolVersion]) -> list[int]:
    """For each line of the plan how many questions are missing after the lines before it took theirs.

    Which versions a line takes depends on the seed, so the worst case counts: the lines before may take what this one
    could use. A line is short when some seed would leave it short.
    """
    missing = []
    for number, line in enumerate(plan):
        matching = [v for v in pool if matches(line, v)]
        missing.append(max(0, line.count - (len(matching) - _most_taken(plan[:number], matching))))
    return missing


def _most_taken(lines: Sequence[PaperPlanLine], versions: Sequence[PoolVersion]) -> int:
    """How many of the versions the lines can take at most, each version being taken once (augmenting paths)."""
    alike = Counter((v.kind, v.domain, v.difficulty) for v in versions)
    example = {(v.kind, v.domain, v.difficulty): v for v in versions}
    fitting = [[group for group, v in example.items() if matches(line, v)] for line in lines]
    taken: dict[Any, Counter[int]] = {group: Counter() for group in alike}

    def take(number: int, tried: set[Any]) -> bool:
        for group in fitting[number]:
            if group in tried:
                continue
            tried.add(group)
            if taken[group].total() < alike[group]:
                taken[group][number] += 1
                return True
            for other in [n for n, count in taken[group].items() if count]:
                if take(other, tried):
                    taken[group][other] -= 1
                    taken[group][number] += 1
                    return True
        return False

    return sum(1 for number, line in enumerate(lines) for _ in range(line.count) if take(number, set()))


def _option_order(version: PoolVersion, seed: str, mix: bool) -> tuple[int, ...]:
    if not version.kind.has_options:
        return ()
    numbers = range(1, version.options + 1)
    if not mix:
        return tuple(numbers)
    free = [n for n in numbers if n not in version.pinned]
    free.sort(key=_hashes(f"option|{seed}|{version.version}"))
    return (*free, *sorted(version.pinned))


def _lies_in(path: str, domain: str) -> bool:
    """产品/食品 lies in 产品, in 食品 and in 产品/食品."""
    return f"/{domain}/" in f"/{path}/"


def _hashes(prefix: str) -> Callable[[int], bytes]:
    """SHA-256 of ``<prefix>|<number>``. Digests stand in the order of their hex."""
    begun = hashlib.sha256(f"{prefix}|".encode())

    def digest(number: int) -> bytes:
        hashed = begun.copy()
        hashed.update(b"%d" % number)
        return hashed.digest()

    return digest
