"""Terms: from JSON to a value, to what is stored, and back; and every kind of bad input named."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.kinds import QuestionKind
from quiz.rules.contest import (
    Counts,
    KeysShown,
    Measure,
    MultipleChoiceRule,
    Per,
    Shown,
    Ties,
    from_stored,
    may_change_after_first_attempt,
)
from quiz.rules.terms_reader import TermsError, read_terms

WINDOW = {"title": "质量知识竞赛", "opens_at": "2026-06-20T09:00", "closes_at": "2026-07-20T18:00"}


def read(value: Any = None, **window: Any) -> Any:
    return read_terms({} if value is None else value, **{**WINDOW, **window})


def problems(value: Any = None, **window: Any) -> tuple[str, ...]:
    with pytest.raises(TermsError) as refused:
        read(value, **window)
    assert refused.value.problems
    return refused.value.problems


# --- the preset and its defaults -------------------------------------------------------------------------------------

LADDER = {
    "measures": [{"measure": "participation_rate", "weight": 50}, {"measure": "mean_score", "weight": 50}],
    "least_headcount": 0,
    "ties": ["participation_rate", "mean_score", "participants"],
}


def test_the_standard_preset_is_complete() -> None:
    line = {"domain": None, "difficulty": None, "points": 5}
    value = read().as_json()
    assert value.pop("about") == {"host": "", "contact": "", "notice": ""}
    assert value.pop("forget_on") == "2027-01-16"
    assert (value.pop("certificate"), value.pop("practice")) == (None, False)
    assert value == {
        "plan": [
            {"kind": "single_choice", "count": 12, **line},
            {"kind": "multiple_choice", "count": 4, **line},
            {"kind": "true_false", "count": 4, **line},
        ],
        "mix_questions": True,
        "mix_options": True,
        "multiple_choice": {"rule": "all_or_nothing"},
        "time_limit_s": 1200,
        "question_limit_s": None,
        "grace_s": 10,
        "attempts": {"allowed": 3, "per": "contest", "rounds": []},
        "counts": "best",
        "unit_ladder": LADDER,
        "street_ladder": LADDER,
        "ties": "share",
        "shown": {"person": 100, "unit": "half", "street": "all"},
        "keys_shown": "after_attempt",
        "time_zone": "Asia/Shanghai",
    }


def test_full_marks_and_the_number_of_questions_follow_from_the_plan() -> None:
    terms = read()
    assert (terms.full, terms.questions) == (10_000, 20)


def test_a_key_replaces_that_of_the_preset_whole_and_what_is_left_out_inside_has_its_default() -> None:
    terms = read({"attempts": {"per": "day"}, "unit_ladder": {"least_headcount": 5}})
    assert (terms.attempts.allowed, terms.attempts.per) == (1, Per.DAY)  # not the preset's 3
    assert terms.unit_ladder.least_headcount == 5
    assert terms.unit_ladder.measures == read().unit_ladder.measures
    plan = read({"plan": [{"kind": "fill_blank", "count": 2}]}).plan
    assert [(line.kind, line.count, line.points, line.domain) for line in plan] == [
        (QuestionKind.FILL_BLANK, 2, 500, None)
    ]


def test_moments_without_an_offset_are_in_the_zone_of_the_contest() -> None:
    assert read().opens_at == datetime(2026, 6, 20, 1, 0, tzinfo=UTC)
    assert read({"time_zone": "Asia/Urumqi"}).opens_at == datetime(2026, 6, 20, 3, 0, tzinfo=UTC)
    assert read(opens_at="2026-06-20T09:00Z").opens_at == datetime(2026, 6, 20, 9, 0, tzinfo=UTC)
    assert read(opens_at="2026-06-20T09:00:00.123999+02:00").opens_at == datetime(
        2026, 6, 20, 7, 0, 0, 123_000, tzinfo=UTC
    )


def test_points_are_exact_hundredths() -> None:
    assert read({"plan": [{"kind": "true_false", "count": 1, "points": 0.29}]}).plan[0].points == 29
    choice = read({"multiple_choice": {"rule": "partial", "points": 2.5}}).multiple_choice
    assert (choice.rule, choice.points) == (MultipleChoiceRule.PARTIAL, 250)


# --- round trip ------------------------------------------------------------------------------------------------------

words = st.text("质量安全服务ab1", min_size=1, max_size=6)
points = st.integers(1, 10_000).map(lambda n: n / 100)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda m: m.isoformat(timespec="milliseconds"))


def maybe(**choices: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=choices)


lines = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["single_choice", "multiple_choice", "true_false", "fill_blank"]),
        "count": st.integers(1, 20),
    },
    optional={"domain": st.none() | words, "difficulty": st.none() | words, "points": points},
)
measures = st.fixed_dictionaries(
    {"measure": st.sampled_from([m.value for m in Measure]), "mark": points, "n": st.integers(1, 99)},
    optional={"weight": st.integers(1, 100) | st.floats(0.01, 1e6)},
)
ladders = maybe(
    measures=st.lists(measures, min_size=1, max_size=4),
    least_headcount=st.integers(0, 100),
    ties=st.lists(st.sampled_from([m.value for m in Measure]), max_size=3),
)
rounds = st.lists(
    st.tuples(words, moments, st.timedeltas(timedelta(seconds=1), timedelta(days=9))),
    min_size=1,
    max_size=3,
    unique_by=lambda r: r[0],
).map(
    lambda found: [
        {"key": key, "from": start, "to": (datetime.fromisoformat(start) + long).isoformat()}
        for key, start, long in found
    ]
)
parts = st.integers(0, 500) | st.sampled_from(["half", "all"])
terms_in_json = maybe(
    plan=st.lists(lines, min_size=1, max_size=5),
    mix_questions=st.booleans(),
    mix_options=st.booleans(),
    multiple_choice=st.just({"rule": "all_or_nothing"})
    | st.fixed_dictionaries({"rule": st.sampled_from(["partial", "per_option"]), "points": points}),
    time_limit_s=st.integers(1, 100_000),
    question_limit_s=st.none() | st.integers(5, 600),
    grace_s=st.integers(0, 100),
    attempts=maybe(allowed=st.integers(1, 99), per=st.sampled_from(["contest", "day"]))
    | st.fixed_dictionaries({"per": st.just("round"), "rounds": rounds}),
    counts=st.sampled_from([c.value for c in Counts]),
    unit_ladder=ladders,
    street_ladder=ladders,
    ties=st.sampled_from([t.value for t in Ties]),
    shown=maybe(person=parts, unit=parts, street=parts),
    keys_shown=st.sampled_from([k.value for k in KeysShown]),
    practice=st.booleans(),
    certificate=st.none() | st.fixed_dictionaries({"mark": st.just(0.01)}),
    time_zone=st.sampled_from(["Asia/Shanghai", "Asia/Urumqi", "UTC"]),
    about=maybe(host=words, contact=words, notice=st.text("质量\n ab", max_size=20)),
    forget_on=st.dates(date(2026, 8, 1), date(2030, 1, 1)).map(date.isoformat),
)


@given(terms_in_json)
def test_what_is_stored_reads_as_the_same_value(value: dict[str, Any]) -> None:
    terms = read(value)
    assert from_stored(terms.stored()) == terms
    assert from_stored(terms.stored()).sha256 == terms.sha256


@given(terms_in_json)
def test_the_json_that_is_shown_makes_the_same_contest_again(value: dict[str, Any]) -> None:
    terms = read(value)
    assert read(terms.as_json()) == terms


# --- bad input -------------------------------------------------------------------------------------------------------

LINE = {"kind": "single_choice", "count": 1}


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ({"plans": []}, "terms.plans"),
        ({"plan": []}, "terms.plan"),
        ({"plan": "12"}, "terms.plan"),
        ({"plan": [{}]}, "terms.plan[0].kind"),
        ({"plan": [LINE, {"kind": "single_choice"}]}, "terms.plan[1].count"),
        ({"plan": [{**LINE, "kind": "essay"}]}, "terms.plan[0].kind"),
        ({"plan": [{**LINE, "kind": "short_answer"}]}, "terms.plan[0].kind"),
        ({"plan": [{**LINE, "kind": ["single_choice"]}]}, "terms.plan[0].kind"),
        ({"plan": [{**LINE, "count": 0}]}, "terms.plan[0].count"),
        ({"plan": [{**LINE, "count": True}]}, "terms.plan[0].count"),
        ({"plan": [{**LINE, "count": 1.0}]}, "terms.plan[0].count"),
        ({"plan": [{**LINE, "count": 301}]}, "terms.plan"),
        ({"plan": [{**LINE, "points": 0}]}, "terms.plan[0].points"),
        ({"plan": [{**LINE, "points": 0.001}]}, "terms.plan[0].points"),
        ({"plan": [{**LINE, "points": "5"}]}, "terms.plan[0].points"),
        ({"plan": [{**LINE, "points": float("nan")}]}, "terms.plan[0].points"),
        ({"plan": [{**LINE, "points": float("inf")}]}, "terms.plan[0].points"),
        ({"plan": [{**LINE, "domain": 3}]}, "terms.plan[0].domain"),
        ({"plan": [{**LINE, "colour": "red"}]}, "terms.plan[0].colour"),
        ({"plan": [17]}, "terms.plan[0]"),
        ({"mix_questions": "yes"}, "terms.mix_questions"),
        ({"mix_options": 1}, "terms.mix_options"),
        ({"multiple_choice": {"rule": "half"}}, "terms.multiple_choice.rule"),
        ({"multiple_choice": {"rule": "partial"}}, "terms.multiple_choice"),
        ({"multiple_choice": {"rule": "partial", "points": -1}}, "terms.multiple_choice.points"),
        ({"multiple_choice": "partial"}, "terms.multiple_choice"),
        ({"time_limit_s": 0}, "terms.time_limit_s"),
        ({"time_limit_s": 1.5}, "terms.time_limit_s"),
        ({"time_limit_s": None}, "terms.time_limit_s"),
        ({"time_limit_s": 10**10}, "terms.time_limit_s"),
        ({"question_limit_s": 4}, "terms.question_limit_s"),
        ({"question_limit_s": 601}, "terms.question_limit_s"),
        ({"question_limit_s": 30.0}, "terms.question_limit_s"),
        ({"question_limit_s": True}, "terms.question_limit_s"),
        ({"grace_s": -1}, "terms.grace_s"),
        ({"attempts": {"allowed": 0}}, "terms.attempts.allowed"),
        ({"attempts": {"per": "week"}}, "terms.attempts.per"),
        ({"attempts": {"per": "round"}}, "terms.attempts"),
        ({"attempts": {"per": "round", "rounds": [{"key": "r1"}]}}, "terms.attempts.rounds[0]"),
        (
            {"attempts": {"per": "round", "rounds": [{"key": "r1", "from": "2026-06-21", "to": "2026-06-20"}]}},
            "terms.attempts.rounds[0]",
        ),
        (
            {"attempts": {"per": "round", "rounds": [{"key": "r1", "from": "2026-06-20", "to": "2026-06-21"}] * 2}},
            "terms.attempts",
        ),
        ({"attempts": 3}, "terms.attempts"),
        ({"counts": "worst"}, "terms.counts"),
        ({"unit_ladder": {"measures": []}}, "terms.unit_ladder"),
        ({"unit_ladder": {"measures": [{"weight": 1}]}}, "terms.unit_ladder.measures[0]"),
        ({"unit_ladder": {"measures": [{"measure": "luck"}]}}, "terms.unit_ladder.measures[0].measure"),
        ({"unit_ladder": {"measures": [{"measure": "entries", "weight": -1}]}}, "terms.unit_ladder.measures[0].weight"),
        ({"unit_ladder": {"measures": [{"measure": "entries", "weight": 0}]}}, "terms.unit_ladder"),
        ({"unit_ladder": {"measures": [{"measure": "excellent_rate"}]}}, "terms.unit_ladder.measures[0]"),
        ({"street_ladder": {"measures": [{"measure": "best_n"}]}}, "terms.street_ladder.measures[0]"),
        ({"street_ladder": {"least_headcount": -5}}, "terms.street_ladder.least_headcount"),
        ({"street_ladder": {"ties": ["luck"]}}, "terms.street_ladder.ties[0]"),
        ({"street_ladder": {"colour": "red"}}, "terms.street_ladder.colour"),
        ({"ties": "split"}, "terms.ties"),
        ({"shown": {"person": "most"}}, "terms.shown.person"),
        ({"shown": {"unit": -1}}, "terms.shown.unit"),
        ({"shown": "all"}, "terms.shown"),
        ({"keys_shown": "never"}, "terms.keys_shown"),
        ({"practice": "yes"}, "terms.practice"),
        ({"certificate": 80}, "terms.certificate"),
        ({"certificate": {}}, "terms.certificate"),
        ({"certificate": {"mark": 0}}, "terms.certificate.mark"),
        ({"certificate": {"mark": 100.5}}, "terms.certificate"),
        ({"certificate": {"mark": 80, "gold": True}}, "terms.certificate.gold"),
        ({"time_zone": "Asia/Atlantis"}, "terms.time_zone"),
        ({"time_zone": 8}, "terms.time_zone"),
        ({"time_zone": ""}, "terms.time_zone"),
        ({"time_zone": "../etc/passwd"}, "terms.time_zone"),
        ({"about": {"host": 1}}, "terms.about.host"),
        ({"about": {"host": "\ud800"}}, "terms.about.host"),
        ({"forget_on": "soon"}, "terms.forget_on"),
        ({"forget_on": "2026-07-20"}, "terms.forget_on"),
        ([], "terms"),
        ("terms", "terms"),
    ],
)
def test_each_kind_of_bad_input_is_named_by_its_key(value: Any, key: str) -> None:
    assert any(problem.startswith(f"{key}：") for problem in problems(value)), problems(value)


@pytest.mark.parametrize(
    ("window", "key"),
    [
        ({"title": ""}, "title"),
        ({"title": "质" * 101}, "title"),
        ({"title": "质\n量"}, "title"),
        ({"title": "\ud800"}, "title"),
        ({"title": None}, "title"),
        ({"opens_at": "tomorrow"}, "opens_at"),
        ({"opens_at": None}, "opens_at"),
        ({"opens_at": 20260620}, "opens_at"),
        ({"closes_at": "2026-13-01"}, "closes_at"),
        ({"closes_at": "2026-06-20T09:00"}, "closes_at"),
        ({"closes_at": "2026-06-20T08:00"}, "closes_at"),
        ({"closes_at": "9999-12-31T23:00"}, "closes_at"),
        ({"opens_at": "0001-01-01T00:00"}, "opens_at"),
        ({"preset": "huge"}, "preset"),
        ({"preset": 1}, "preset"),
        ({"preset": None}, "preset"),
    ],
)
def test_a_bad_title_window_or_preset_is_named(window: dict[str, Any], key: str) -> None:
    assert any(problem.startswith(f"{key}：") for problem in problems(**window))


def test_half_a_character_is_told_from_what_is_no_text() -> None:
    assert problems(title="\ud800") == ("title：含有无法保存的字符，请重新输入。",)
    assert problems(title=7) == ("title：应是文字。",)


def test_everything_that_is_wrong_is_named_at_once() -> None:
    found = problems({"grace_s": -1, "colour": "red", "plan": [{"kind": "single_choice", "count": 0}]}, title="")
    assert len(found) == 4


# --- what may still change, and how much is shown --------------------------------------------------------------------


def test_after_the_first_attempt_only_texts_and_a_later_end_may_change() -> None:
    before = read()
    assert may_change_after_first_attempt(before, before)
    assert may_change_after_first_attempt(before, read(closes_at="2026-07-21T18:00", title="新标题"))
    assert may_change_after_first_attempt(before, read({"about": {"notice": "延期"}}))
    assert not may_change_after_first_attempt(before, read(closes_at="2026-07-19T18:00"))
    assert not may_change_after_first_attempt(before, read(opens_at="2026-06-19T09:00"))
    for change in ({"time_limit_s": 1300}, {"counts": "last"}, {"grace_s": 20}, {"forget_on": "2026-08-01"}):
        assert not may_change_after_first_attempt(before, read(change)), change


@pytest.mark.parametrize(
    ("part", "total", "rows"),
    [(100, 40, 40), (100, 400, 100), (0, 40, 0), ("half", 5, 3), ("half", 4, 2), ("half", 0, 0), ("all", 7, 7)],
)
def test_how_many_rows_are_shown(part: int | str, total: int, rows: int) -> None:
    assert Shown(unit=part).rows("unit", total) == rows


def test_a_weight_is_kept_as_it_was_written() -> None:
    terms = read({"unit_ladder": {"measures": [{"measure": "entries", "weight": 0.1}]}})
    assert terms.unit_ladder.measures[0].weight == Fraction(1, 10)
