"""A bundle verifies as it was made, and nothing in it can be changed unseen: by us, and by the stand-alone script."""

import ast
import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.rules.bundle_difference import difference
from quiz.rules.terms_reader import read_terms
from tests.bundles import BOTH, ROOT, as_text, bundles, digest_in, of_kind, ours, records_in, records_of, theirs

Records = list[dict[str, Any]]


@settings(max_examples=150)
@given(text=bundles())
def test_whatever_the_contest_its_bundle_fits(text: str) -> None:
    assert ours(text) is None and ours(text, digest_in(text)) is None
    assert theirs(text) is None and theirs(text, digest_in(text)) is None


@settings(max_examples=60)
@given(text=bundles(), chance=st.randoms(use_true_random=False))
def test_whatever_single_value_is_changed_it_is_found(text: str, chance: random.Random) -> None:
    lines = text.splitlines()
    place = chance.randrange(1, len(lines) - 1)
    record = json.loads(lines[place].rstrip(","))
    path = chance.choice(list(leaves(record)))
    change(record, path)
    comma = "," if lines[place].endswith(",") else ""
    lines[place] = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + comma
    for look in BOTH.values():
        assert look("\n".join(lines) + "\n")
    # Whoever writes all digests anew is found by the published one, whatever was changed.
    forged = as_text([json.loads(line.rstrip(",")) for line in lines[1:-1]])
    if path != ("check",):
        for look in BOTH.values():
            assert look(forged, digest_in(text))


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inside is None:
        yield path
    for key, part in inside or ():
        yield from leaves(part, (*path, key))


def change(record: Any, path: tuple[Any, ...]) -> None:
    for key in path[:-1]:
        record = record[key]
    old = record[path[-1]]
    new = {str: lambda v: v + "x", bool: lambda v: not v, int: lambda v: v + 1, float: lambda v: v + 1}
    record[path[-1]] = new.get(type(old), lambda _: "x")(old)


# --- by somebody who writes every digest anew ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> Records:
    """Two units and a street, equals, an attempt set aside, an entry that takes no part."""
    terms = read_terms(
        {"plan": [{"kind": "true_false", "count": 3, "points": 5}], "attempts": {"allowed": 9}},
        title="质量知识竞赛", opens_at="2026-06-20T09:00", closes_at="2026-06-29T09:00",
    )  # fmt: skip
    one = [
        ([(3, 1, False, 60_000)], "A", "S1"),
        ([(1, 1, False, 90_000), (2, 1, False, 60_000)], "A", "S1"),
        ([(2, 1, False, 60_000)], "B", None),
        ([(3, 1, True, 60_000), (1, 1, False, 60_000)], None, "S2"),
        ([(0, 0, False, 60_000)], "B", None),
        ([], "C", "S2"),
    ]
    return list(records_of(terms, [9, 8, 7, 6, 5, 0], one))


def entry(records: Records, code: str) -> dict[str, Any]:
    return next(r for r in records if r.get("entry") == code)


def ladder(records: Records, code: str) -> dict[str, Any]:
    return next(r for r in of_kind(records, "ladder") if r["code"] == code)


def a_score(records: Records) -> None:
    entry(records, "E000")["attempts"][0]["score"] = 10


def a_score_that_does_not_count(records: Records) -> None:
    entry(records, "E001")["attempts"][0]["score"] = 15


def a_headcount(records: Records) -> None:
    next(r for r in records if r["record"] == "unit" and r["code"] == "A")["headcount"] = 70


def a_ruling(records: Records) -> None:
    of_kind(records, "ruling")[0]["about"]["entry"] = "E002"


def a_ruling_undone(records: Records) -> None:
    records[0]["counts"]["ruling"] += 1
    last = of_kind(records, "ruling")[-1]
    records.insert(records.index(last) + 1, {**last, "number": 2, "kind": "undo", "undoes": 1})


def a_rank(records: Records) -> None:
    entry(records, "E001")["rank"] = 1


def a_rank_of_a_unit(records: Records) -> None:
    ladder(records, "B")["rank"] = 1


def a_unit_score(records: Records) -> None:
    ladder(records, "B")["exact"] = "99"


def an_elapsed_time(records: Records) -> None:
    entry(records, "E002")["attempts"][0]["elapsed_ms"] = 1


def what_counts(records: Records) -> None:
    first, second = entry(records, "E001")["attempts"]
    first["counts"], second["counts"] = True, False


def an_entry_moved(records: Records) -> None:
    entry(records, "E002")["unit"] = "A"


def an_entry_of_no_unit_here(records: Records) -> None:
    entry(records, "E002")["unit"] = "Z"


def a_row_removed(records: Records) -> None:
    records[0]["counts"]["entry"] -= 1
    records.remove(entry(records, "E002"))


def a_row_added(records: Records) -> None:
    records[0]["counts"]["entry"] += 1
    last = entry(records, "E005")
    records.insert(records.index(last) + 1, {**copy.deepcopy(entry(records, "E003")), "entry": "E006"})


def a_row_twice(records: Records) -> None:
    records[0]["counts"]["entry"] += 1
    row = entry(records, "E005")
    records.insert(records.index(row), copy.deepcopy(row))


def two_rows_swapped(records: Records) -> None:
    a, b = (records.index(entry(records, code)) for code in ("E000", "E001"))
    records[a], records[b] = records[b], records[a]


def two_rows_swapped_with_their_ranks(records: Records) -> None:
    two_rows_swapped(records)
    first, second = entry(records, "E000"), entry(records, "E001")
    first["rank"], second["rank"] = second["rank"], first["rank"]


def a_ladder_row_removed(records: Records) -> None:
    records[0]["counts"]["ladder"] -= 1
    records.remove(of_kind(records, "ladder")[-1])


def the_terms(records: Records) -> None:
    of_kind(records, "terms")[0]["value"] = of_kind(records, "terms")[0]["value"].replace('"best"', '"last"')


def a_question(records: Records) -> None:
    of_kind(records, "version")[0]["digest"] = "f" * 64


FORGED = {
    a_score: "E000",
    a_score_that_does_not_count: "E001",
    a_headcount: "A",
    a_ruling: "E002",
    a_ruling_undone: "E003",
    a_rank: "E001",
    a_rank_of_a_unit: "B",
    a_unit_score: "B",
    an_elapsed_time: "E002",
    what_counts: "E001",
    an_entry_moved: "",
    an_entry_of_no_unit_here: "",
    a_row_removed: "",
    a_row_added: "",
    a_row_twice: "E005",
    two_rows_swapped: "",
    two_rows_swapped_with_their_ranks: "E002",
    a_ladder_row_removed: "",
    the_terms: "",
    a_question: "",
}


@pytest.mark.parametrize("look", BOTH)
@pytest.mark.parametrize("forge", FORGED, ids=lambda forge: forge.__name__)
def test_what_does_not_follow_from_the_facts_is_found_whatever_the_digests_say(
    sample: Records, forge: Callable[[Records], None], look: str
) -> None:
    records = copy.deepcopy(sample)
    assert BOTH[look](as_text(records)) is None
    forge(records)
    said = BOTH[look](as_text(records))
    assert said and FORGED[forge] in said


def test_a_fact_that_nothing_follows_from_is_named_by_its_row_and_found_by_the_digest(sample: Records) -> None:
    text = as_text(sample)
    for before, after in (('"name":"A"', '"name":"另"'), ('"reason":"替答"', '"reason":"无"')):
        for look in BOTH.values():
            assert look(text.replace(before, after, 1))
        assert "校验码对不上" in str(ours(text.replace(before, after, 1)))
        forged = as_text(records_in(text.replace(before, after, 1)))
        assert ours(forged) is None and theirs(forged) is None
        assert ours(forged, digest_in(text)) and theirs(forged, digest_in(text))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: "",
        lambda t: "{}",
        lambda t: t[: len(t) // 2],
        lambda t: t.removesuffix("]}\n"),
        lambda t: "<html>\n" + t,
    ],
)
def test_what_is_no_bundle_or_cut_off_is_unreadable(sample: Records, spoil: Callable[[str], str]) -> None:
    said = ours(spoil(as_text(sample)))
    assert said and said.startswith("unreadable")


def test_a_bundle_that_another_program_has_set_otherwise_still_fits(sample: Records) -> None:
    text = as_text(sample)
    assert ours(json.dumps(json.loads(text), indent=2, ensure_ascii=True)) is None


@pytest.mark.parametrize("look", BOTH)
def test_values_that_make_no_sense_are_said_and_never_a_traceback(sample: Records, look: str) -> None:
    for place in {record["record"]: place for place, record in enumerate(sample)}.values():
        for value in (None, [], {}, -1, "x", True, 1e400, "2026"):
            for key in sample[place]:
                records = copy.deepcopy(sample)
                if records[place][key] == value and type(records[place][key]) is type(value):
                    continue
                records[place][key] = value
                BOTH[look](as_text(records))  # raises nothing; what cannot be recomputed is the digest's affair


def test_the_script_needs_nothing_newer_than_it_says() -> None:
    tree = ast.parse((ROOT / "docs" / "verify.py").read_text(), feature_version=(3, 8))
    imported = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"hashlib", "json", "sys", "collections", "datetime", "fractions", "zoneinfo", "draw_check"}


# --- what is different -----------------------------------------------------------------------------------------------


def lines(records: Records) -> list[str]:
    return as_text(records).replace(",\n", "\n").splitlines()[1:-1]


def test_two_seals_of_the_same_are_not_different(sample: Records) -> None:
    later = copy.deepcopy(sample)
    later[0]["seal"] = 2
    assert difference(lambda: lines(sample), lambda: lines(later), 6) == {}


def test_what_is_different_is_counted_and_named(sample: Records) -> None:
    later = copy.deepcopy(sample)
    a_headcount(later)
    a_rank(later)
    entry(later, "E000")["exact"]["score"] = "14"
    later.remove(entry(later, "E005"))
    whole = difference(lambda: lines(sample), lambda: lines(later), 6)
    assert {k: v for k, v in whole["entries"].items() if k != "named"} == {"removed": 1, "score": 1, "rank": 1}
    assert [row["code"] for row in whole["entries"]["named"]] == ["E000", "E005", "E001"]
    assert [row["code"] for row in whole["units"]["named"]] == ["A"]
    parts = difference(lambda: lines(sample), lambda: lines(later), 6, at_once=2)
    assert parts["entries"].items() >= {"removed": 1, "score": 1, "rank": 1}.items()


@settings(max_examples=10)
@given(text=bundles())
def test_a_bundle_sealed_before_its_head_said_the_rules_still_fits(text: str) -> None:
    records = records_in(text)
    del records[0]["rules"]
    for look in BOTH.values():
        assert look(as_text(records)) is None
