"""Questions that are nearly the same, found without comparing each with each.

The measure is Jaccard's, over pairs of neighbouring characters of stem and options after tidying and without
punctuation, each pair as often as it occurs. Options count whatever their order. At 7/10 a stem of thirty characters
may differ in a word or a number, while questions that merely share their turn of phrase stay apart. Questions that are
equal but for their numbers and their negations are alike however short they are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice

from question_bank.content import QuestionContent
from question_bank.kinds import QuestionKind
from question_bank.wording import frame_of, texts_of

THRESHOLD = Fraction(7, 10)
MOST_PARTNERS = 3
"""How many likenesses a question is shown with: a bank made from one pattern would fill pages with each."""
MOST_WORK = 300_000_000
"""Steps after which the search ends and says how far it came: half a minute or less."""
_STEPS_OF_A_COMPARISON = 20
_FIRST_LOOK, _FIRST_SHARED = 60, 4


@dataclass(frozen=True)
class Pair:
    """Two questions that are alike. ``one`` counts in the questions asked about from 0, ``other`` in those or,
    where ``is_held``, in the questions of the bank."""

    one: int
    other: int
    is_held: bool
    similarity: Fraction


@dataclass(frozen=True)
class Likeness:
    """What was found, the most alike first. ``compared`` of ``total`` questions were looked at."""

    pairs: tuple[Pair, ...]
    compared: int
    total: int

    @property
    def is_complete(self) -> bool:
        return self.compared == self.total


def alike(
    questions: Sequence[QuestionContent],
    held: Sequence[QuestionContent] = (),
    *,
    contradictions_too: bool = True,
    most_partners: int = MOST_PARTNERS,
    most_work: int = MOST_WORK,
) -> Likeness:
    """Which questions are nearly the same as an earlier one or as one that a bank holds.

    The very same question twice is no pair, and what the bank holds already is not asked about; where
    ``contradictions_too`` is not set, neither are two of ``questions`` that differ in their keys only.
    """
    search = _Search([*held, *questions], len(held), contradictions_too, most_partners)
    compared = search.run(most_work)
    search.pairs.sort(key=lambda pair: (-pair.similarity, pair.one, not pair.is_held, pair.other))
    return Likeness(tuple(search.pairs), compared, len(questions))


def similarity(one: QuestionContent, other: QuestionContent) -> Fraction:
    """From 0 to 1."""
    first, second = Counter(_grams(one)), Counter(_grams(other))
    union = (first | second).total()
    return Fraction((first & second).total(), union) if union else Fraction(0)


def _grams(content: QuestionContent) -> list[str]:
    """Neighbouring characters of each text, the first with its beginning, so that a single character counts too."""
    marked = ["^" + text for text in texts_of(content)]
    return [text[place : place + 2] for text in marked for place in range(len(text) - 1)]


class _Search:
    """Prefix filtering: two sets of at least this likeness have some of their rarest members in common.

    Sets are lists of numbers, rarest first. A set of n members shares at least ``s = ceil(0.7 n)`` with one that is
    like it, so that the first k of those shared are among its first ``n - s + k``. What has fewer than k there in
    common is never compared.
    """

    def __init__(
        self, contents: Sequence[QuestionContent], held: int, contradictions_too: bool, most_partners: int
    ) -> None:
        self.contents, self.held, self.most_partners = contents, held, most_partners
        self.contradictions_too = contradictions_too
        self.sets = _rarest_first([_grams(content) for content in contents])
        self.prints = [content.fingerprint for content in contents]
        self.frames = [frame_of(content) for content in contents]
        self.framed: dict[str, list[int]] = defaultdict(list)
        self.having: dict[int, list[int]] = defaultdict(list)
        self.pairs: list[Pair] = []
        self.work = 0

    def run(self, most_work: int) -> int:
        """Look at one question after the other, those of the bank first. Gives how many were compared."""
        held = set(self.prints[: self.held])
        for number, members in enumerate(self.sets):
            is_asked = number >= self.held
            if is_asked and self.prints[number] in held:
                continue  # it will not be taken
            if is_asked and self.work > most_work:
                return number - self.held
            prefix = members[: len(members) - _least_shared(len(members)) + _FIRST_SHARED]
            if is_asked:
                self._find_partners(number, members, prefix)
            for member in prefix:
                self.having[member].append(number)
            if self.frames[number]:
                self.framed[self.frames[number]].append(number)
        return len(self.sets) - self.held

    def _find_partners(self, number: int, members: list[int], prefix: list[int]) -> None:
        found = 0
        mine = set(members)
        for other in self._candidates(number, prefix):
            self.work += _STEPS_OF_A_COMPARISON
            theirs = self.sets[other]
            shared, sizes = len(mine.intersection(theirs)), len(mine) + len(theirs)
            is_alike = _reaches(shared, sizes) or (self.frames[number] and self.frames[number] == self.frames[other])
            if is_alike and not self._is_known(number, other):
                self._note(number, other, Fraction(shared, sizes - shared))
                found += 1
                if found == self.most_partners:
                    return

    def _candidates(self, number: int, prefix: list[int]) -> Iterator[int]:
        """Questions that could be like this one: a few that share its rarest members at once, then all others.

        The few end the search where a whole bank is cut from one pattern.
        """
        size = len(self.sets[number])
        same_frame = self.framed.get(self.frames[number], [])
        yield from same_frame
        seen = set(same_frame)
        for other in islice(chain.from_iterable(self.having[member] for member in prefix), _FIRST_LOOK):
            if other not in seen and _may_reach(size, len(self.sets[other])):
                yield other
            seen.add(other)
        in_common: Counter[int] = Counter()
        for member in prefix:
            in_common.update(self.having[member])
        self.work += in_common.total()
        least = min(_FIRST_SHARED, _least_shared(size))
        for other, times in in_common.items():
            if times >= least and other not in seen and _may_reach(size, len(self.sets[other])):
                yield other

    def _is_known(self, number: int, other: int) -> bool:
        """Whether the pair is told elsewhere, or told apart by its pictures."""
        one, two = self.contents[number], self.contents[other]
        if self.prints[number] == self.prints[other] or one.pictures != two.pictures:
            return True
        if self.contradictions_too or other < self.held or one.kind is QuestionKind.SHORT_ANSWER:
            return False
        return one.body_fingerprint == two.body_fingerprint

    def _note(self, number: int, other: int, likeness: Fraction) -> None:
        is_held = other < self.held
        self.pairs.append(Pair(number - self.held, other if is_held else other - self.held, is_held, likeness))


def _rarest_first(grams_of_each: list[list[str]]) -> list[list[int]]:
    """Each list as a set of numbers in order of rarity; the second time that a member occurs it is another member."""
    frequency: Counter[tuple[str, int]] = Counter()
    sets = []
    for grams in grams_of_each:
        times: Counter[str] = Counter()
        members = []
        for gram in grams:
            members.append((gram, times[gram]))
            times[gram] += 1
        frequency.update(members)
        sets.append(members)
    rank = {member: place for place, member in enumerate(sorted(frequency, key=lambda m: (frequency[m], m)))}
    return [sorted(rank[member] for member in members) for members in sets]


def _least_shared(size: int) -> int:
    return -(-size * THRESHOLD.numerator // THRESHOLD.denominator)


def _may_reach(size: int, other: int) -> bool:
    """Whether sets of these sizes can be alike at all."""
    return min(size, other) * THRESHOLD.denominator >= max(size, other) * THRESHOLD.numerator


def _reaches(shared: int, sizes: int) -> bool:
    """shared / (sizes - shared) >= 7/10, in whole numbers."""
    return shared * (THRESHOLD.numerator + THRESHOLD.denominator) >= sizes * THRESHOLD.numerator > 0
