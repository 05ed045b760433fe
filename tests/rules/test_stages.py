"""晋级: who gets in by place, by quota and by mark; equals at the cut are all in."""

import pytest

from quiz.rules.stages import Candidate, Cut, CutBy, complaints, digest_of, in_words, through


def row(code: str, merit: int, street: int | None = 1, unit: int | None = None, score: int = 0) -> Candidate:
    return Candidate(code, (merit,), score, 1, street, unit)


def codes(cut: Cut, *rows: Candidate) -> list[str]:
    return [each.code for each in through(cut, rows)]


def test_the_first_n_get_in() -> None:
    assert codes(Cut(CutBy.RANK, 2), row("A", 1), row("B", 2), row("C", 3)) == ["A", "B"]
    assert codes(Cut(CutBy.RANK, 9), row("A", 1)) == ["A"]


def test_all_who_are_equal_at_the_cut_are_in_and_it_is_said() -> None:
    found = through(Cut(CutBy.RANK, 2), [row("A", 1), row("B", 2), row("C", 2), row("D", 2), row("E", 5)])
    assert [(each.code, each.rank, each.by_tie) for each in found] == [
        ("A", 1, False), ("B", 2, False), ("C", 2, True), ("D", 2, True),
    ]  # fmt: skip


def test_every_street_and_every_unit_has_its_own_places() -> None:
    rows = [row("A", 1, 1, 7), row("B", 2, 1, 7), row("C", 3, 2, 8), row("D", 4, 2, None), row("E", 5, None, 8)]
    assert codes(Cut(CutBy.STREET, 1), *rows) == ["A", "C"]
    assert codes(Cut(CutBy.UNIT, 1), *rows) == ["A", "C"]
    assert codes(Cut(CutBy.STREET, 2), *rows) == ["A", "B", "C", "D"]  # E counts for no street


def test_equals_within_a_street_share_its_last_place_though_others_stand_between() -> None:
    rows = [row("A", 1, 1), row("B", 1, 2), row("C", 1, 1), row("D", 2, 1)]
    assert codes(Cut(CutBy.STREET, 1), *rows) == ["A", "B", "C"]


def test_a_mark_is_reached_exactly() -> None:
    mean = Candidate("A", (1,), 26_999, 3, None, None)
    assert codes(Cut(CutBy.MARK, mark=9_000), mean, row("B", 2, score=9_000), row("C", 3, score=8_999)) == ["B"]


def test_the_digest_tells_every_rule_contest_and_result_apart() -> None:
    found = through(Cut(CutBy.RANK, 2), [row("A", 1), row("B", 2)])
    digests = {
        digest_of(Cut(CutBy.RANK, 2), "x", found),
        digest_of(Cut(CutBy.RANK, 3), "x", found),
        digest_of(Cut(CutBy.STREET, 2), "x", found),
        digest_of(Cut(CutBy.RANK, 2), "y", found),
        digest_of(Cut(CutBy.RANK, 2), "x", found[:1]),
        digest_of(Cut(CutBy.RANK, 2), "x", found[::-1]),
    }
    assert len(digests) == 6


@pytest.mark.parametrize("cut", [Cut(CutBy.RANK), Cut(CutBy.STREET, -1), Cut(CutBy.MARK), Cut(CutBy.UNIT, 10**7)])
def test_a_cut_that_lets_nobody_in_is_no_cut(cut: Cut) -> None:
    assert complaints(cut) != []
    assert complaints(Cut(CutBy.RANK, 1)) == complaints(Cut(CutBy.MARK, mark=1)) == []


def test_the_rule_in_words() -> None:
    assert in_words(Cut(CutBy.STREET, 3), "") == "每个街道前 3 名"
    assert in_words(Cut(CutBy.MARK, mark=9_000), "90") == "成绩达到 90 分"
    assert Cut.from_json(Cut(CutBy.UNIT, 3).as_json()) == Cut(CutBy.UNIT, 3)
