"""Made-up contests as bundles, without a database, and ways to falsify them."""

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from quiz.rules.bundle import KINDS, Digest, Recount, checked, line_of, moment_of, opening
from quiz.rules.bundle_check import Misfit
from quiz.rules.bundle_file import Unreadable, verify_text
from quiz.rules.contest import ContestTerms, Counts, Measure, Ties
from quiz.rules.drawing import PoolVersion, pool_digest
from quiz.rules.terms_reader import read_terms
from quiz.rules.wording import leaderboard_in_words

ROOT = Path(__file__).resolve().parents[1]
OPENS = datetime(2026, 6, 20, 1, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=9)
CODES = ("A", "B", "C", "单位一")
STREETS = ("S1", "S2")


def stand_alone() -> Any:
    """docs/verify.py, as whoever downloads it runs it."""
    sys.path.append(str(ROOT / "docs"))  # where draw_check.py lies beside it
    spec = importlib.util.spec_from_file_location("stand_alone", ROOT / "docs" / "verify.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


STAND_ALONE = stand_alone()


def ours(text: str, published: str | None = None) -> str | None:
    """What we find wrong; None: nothing."""
    try:
        verify_text(text.splitlines(keepends=True), published)
    except Misfit as misfit:
        return f"{misfit.where}：{misfit.why}"
    except Unreadable as error:
        return f"unreadable: {error}"
    return None


def theirs(text: str, published: str | None = None) -> str | None:
    """The same of the stand-alone script."""
    try:
        STAND_ALONE.verify(text.splitlines(keepends=True), published)
    except (STAND_ALONE.Misfit, STAND_ALONE.Unreadable) as error:
        return str(error)
    return None


BOTH: dict[str, Callable[..., str | None]] = {"ours": ours, "stand-alone": theirs}


# --- bundles as text -------------------------------------------------------------------------------------------------


def as_text(records: list[dict[str, Any]]) -> str:
    """result.json of these records: as somebody would write it who knows the format well."""
    digest = Digest()
    lines = [line_of(checked({k: v for k, v in record.items() if k != "check"})) for record in records]
    for line in lines:
        digest.add(line)
    return opening(digest.hex) + ",\n".join(lines) + "\n]}\n"


def records_in(text: str) -> list[dict[str, Any]]:
    return list(json.loads(text)["records"])


def digest_in(text: str) -> str:
    return str(json.loads(text)["digest"])


def of_kind(records: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [record for record in records if record["record"] == kind]


# --- made-up contests ------------------------------------------------------------------------------------------------

measures = st.sampled_from(Measure).flatmap(
    lambda m: st.fixed_dictionaries(
        {"measure": st.just(m.value), "weight": st.sampled_from([1, 30, 50, 0.5])},
        optional={},
    ).map(
        lambda v: v | ({"mark": 10} if m is Measure.EXCELLENT_RATE else {}) | ({"n": 2} if m is Measure.BEST_N else {})
    )
)
ladder_rules = st.fixed_dictionaries(
    {
        "measures": st.lists(measures, min_size=1, max_size=3),
        "least_headcount": st.sampled_from([0, 0, 5]),
        "ties": st.lists(st.sampled_from([m.value for m in Measure]), max_size=3),
    }
)
attempts_of_one = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2), st.booleans(), st.sampled_from([60_000, 60_001, 90_000])),
    max_size=3,
)
entries = st.lists(
    st.tuples(attempts_of_one, st.sampled_from([None, *CODES]), st.sampled_from([None, *STREETS])), max_size=8
)


@st.composite
def bundles(draw: st.DrawFn) -> str:
    terms = read_terms(
        {
            "plan": [{"kind": "true_false", "count": 3, "points": draw(st.sampled_from([5, 2.5, 3.33]))}],
            "counts": draw(st.sampled_from([c.value for c in Counts])),
            "ties": draw(st.sampled_from([t.value for t in Ties])),
            "attempts": {"allowed": 9},
            "unit_ladder": draw(ladder_rules),
            "street_ladder": draw(ladder_rules),
        },
        title="质量知识竞赛",
        opens_at=OPENS.isoformat(),
        closes_at=CLOSES.isoformat(),
    )
    headcounts = draw(st.lists(st.integers(0, 9), min_size=6, max_size=6))
    return as_text(list(records_of(terms, headcounts, draw(entries))))


def records_of(terms: ContestTerms, headcounts: list[int], who: list[Any]) -> Iterator[dict[str, Any]]:
    recount = Recount(terms)
    areas = [
        {"record": "area", "code": c, "name": c, "kind": "street", "parent": None, "headcount": n}
        for c, n in zip(STREETS, headcounts, strict=False)
    ]
    units = [
        {"record": "unit", "code": c, "name": c, "class": "学校", "street": None, "headcount": n}
        for c, n in zip(CODES, headcounts[2:], strict=False)
    ]
    for place in (*areas, *units):
        recount.place(place)
    versions = [PoolVersion.from_json({"version": n, "kind": "true_false", "domain": "", "difficulty": "", "options": 0,
                                       "pinned": [], "digest": f"{n:064x}"}) for n in (8, 9, 10)]  # fmt: skip
    facts = [_facts(terms, number, *one) for number, one in enumerate(who)]
    rulings = [r for one in facts for r in _rulings(one)]
    rulings = [{**r, "number": n} for n, r in enumerate(rulings, 1)]
    done = [recount.entry(one) for one in _in_order(terms, facts)]
    rows = list(recount.ladders())
    records: list[dict[str, Any]] = [
        {"record": "terms", "number": 1, "sha256": terms.sha256, "changed_at": moment_of(OPENS), "reason": "",
         "value": terms.stored()},
        *areas, *units, *({"record": "version", **v.as_json()} for v in versions), *rulings, *done, *rows,
    ]  # fmt: skip
    counts = {kind: len(of_kind(records, kind)) for kind in KINDS[1:]}
    yield {
        "record": "head", "format": 1, "contest": "c", "title": terms.title, "seal": 1, "sealed_at": moment_of(CLOSES),
        "previous": None, "reason": "", "terms": terms.sha256,
        "rules": {by: leaderboard_in_words(terms, by) for by in ("person", "unit", "street")},
        "pool": pool_digest(versions), "counts": counts,
    }  # fmt: skip
    yield from records


def _facts(terms: ContestTerms, number: int, attempts: list[Any], unit: str | None, street: str | None) -> Any:
    began = [OPENS + timedelta(hours=13 * place) for place in range(len(attempts))]
    each = terms.full // 3 / 100
    return {
        "record": "entry", "entry": f"E{number:03d}", "street": street, "unit": unit, "class": "学校",
        "attempts": [
            {"period": "", "number": place + 1, "started_at": moment_of(at), "elapsed_ms": took,
             "ended_at": moment_of(at + timedelta(milliseconds=took)), "score": _number(right * each),
             "full": _number(terms.full / 100), "answered": 3 if answered else 0, "set_aside": aside, "receipt": None}
            for place, (at, (right, answered, aside, took)) in enumerate(zip(began, attempts, strict=True))
        ],
    }  # fmt: skip


def _number(value: float) -> int | float:
    value = round(value, 2)
    return int(value) if value == int(value) else value


def _rulings(facts: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"record": "ruling", "kind": "set_aside", "value": {}, "reason": "替答", "made_at": moment_of(CLOSES),
         "undoes": None, "about": {"entry": facts["entry"], "period": a["period"], "attempt": a["number"]}}
        for a in facts["attempts"] if a["set_aside"]
    ]  # fmt: skip


def _in_order(terms: ContestTerms, facts: list[Any]) -> list[Any]:
    """As the ladder has them: each worked out by itself first."""

    def order(one: Any) -> tuple[Any, ...]:
        done = Recount(terms).entry({**one, "unit": None, "street": None})
        if done["exact"] is None:
            return (1, one["entry"])
        exact = STAND_ALONE.Fraction(done["exact"]["score"]), STAND_ALONE.Fraction(done["exact"]["elapsed_ms"])
        return (0, -exact[0], exact[1], done["finished_at"], one["entry"])

    return sorted(facts, key=order)
