"""每题限时: questions open one after another by the server's clock, whatever devices ask for."""

from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import select

from question_bank.database import db, transaction
from quiz.errors import BadAnswer, Ended, NotFound, QuestionClosed, QuestionNotOpen, SignedOut, Superseded
from quiz.models import Attempt, Contest, Person, QuestionTurn
from quiz.queries import attempts as find
from quiz.queries.question_turns import last_turn, question_limit
from quiz.rules.question_turns import Turn
from quiz.services import contests, extra_time
from quiz.services.answers import Holder, Saved, save_answer
from quiz.services.question_turns import Look, go_on, look
from tests.builders import QUESTIONS, a_contest, a_person, a_start, holder, right_answers, submitted, wrong_answer
from tests.conftest import MORNING

pytestmark = pytest.mark.usefixtures("context")

MS = timedelta(milliseconds=1)
DEADLINE = MORNING + timedelta(minutes=20)


def at(seconds: float) -> datetime:
    return MORNING + timedelta(seconds=seconds)


@pytest.fixture
def contest() -> Contest:
    return a_contest(MORNING, question_limit_s=30, mix_questions=False)


@pytest.fixture
def person() -> Person:
    return a_person(MORNING)


@pytest.fixture
def attempt(contest: Contest, person: Person) -> Attempt:
    return a_start(contest, person, MORNING)


@pytest.fixture
def me(person: Person) -> Holder:
    return holder(person)


@pytest.fixture
def first(attempt: Attempt, me: Holder) -> Turn:
    turn = look(attempt.id, me, now=MORNING).turn
    assert turn
    return turn


def save(attempt: Attempt, me: Holder, position: int, answer: Any = None, *, now: datetime, **more: Any) -> Saved:
    answer = right_answers(attempt.id)[position] if answer is None else answer
    return save_answer(attempt.id, me, position, answer, now=now, **more)


def turns(attempt: Attempt) -> list[tuple[int, datetime, datetime]]:
    query = select(QuestionTurn.position, QuestionTurn.opened_at, QuestionTurn.closes_at)
    rows = db.session.execute(query.where(QuestionTurn.attempt_id == attempt.id).order_by(QuestionTurn.position))
    return [tuple(row) for row in rows]  # type: ignore[misc]  # as many columns as the query names


# --- opening ---------------------------------------------------------------------------------------------------------


def test_the_first_look_opens_the_first_question_and_a_second_look_changes_nothing(
    attempt: Attempt, me: Holder
) -> None:
    assert turns(attempt) == []
    assert look(attempt.id, me, now=at(3)).turn == Turn(1, at(3), at(33))
    assert look(attempt.id, me, now=at(20)) == Look(Turn(1, at(3), at(33)))
    assert len(turns(attempt)) == 1


def test_going_on_opens_the_next_for_its_own_time_and_twice_is_once(attempt: Attempt, me: Holder, first: Turn) -> None:
    go_on(attempt.id, me, 1, now=at(12))
    go_on(attempt.id, me, 1, now=at(13))
    assert turns(attempt) == [(1, at(0), at(30)), (2, at(12), at(42))]


def test_a_look_after_the_time_goes_on_by_itself_one_question_at_a_time(
    attempt: Attempt, me: Holder, first: Turn
) -> None:
    assert look(attempt.id, me, now=at(30) - MS) == Look(first)
    assert look(attempt.id, me, now=at(100)) == Look(Turn(2, at(100), at(130)), moved_from=1)
    assert look(attempt.id, me, now=at(101)) == Look(Turn(2, at(100), at(130)))


def test_a_programs_look_moves_nothing_on(attempt: Attempt, me: Holder, first: Turn) -> None:
    assert look(attempt.id, me, now=at(100), moves_on=False) == Look(first)


def test_nothing_is_opened_that_has_not_been_reached(attempt: Attempt, me: Holder, first: Turn) -> None:
    with pytest.raises(QuestionNotOpen):
        go_on(attempt.id, me, 2, now=at(1))
    assert len(turns(attempt)) == 1


def test_behind_the_last_question_there_is_none(attempt: Attempt, me: Holder, first: Turn) -> None:
    for position in range(1, QUESTIONS + 1):
        go_on(attempt.id, me, position, now=at(position))
    assert look(attempt.id, me, now=at(500)) == Look(Turn(QUESTIONS + 1, at(QUESTIONS), at(QUESTIONS)))
    with pytest.raises(QuestionClosed):
        save(attempt, me, QUESTIONS, now=at(QUESTIONS))
    assert len(turns(attempt)) == QUESTIONS + 1


def test_past_the_deadline_the_grace_shows_no_further_question(attempt: Attempt, me: Holder, first: Turn) -> None:
    go_on(attempt.id, me, 1, now=DEADLINE - timedelta(seconds=5))
    assert last_turn(attempt.id) == Turn(2, DEADLINE - timedelta(seconds=5), DEADLINE)
    look(attempt.id, me, now=DEADLINE)
    go_on(attempt.id, me, 2, now=DEADLINE)
    assert len(turns(attempt)) == 2
    save(attempt, me, 2, now=DEADLINE + timedelta(seconds=10))
    with pytest.raises(Ended):
        look(attempt.id, me, now=DEADLINE + timedelta(seconds=10) + MS)


def test_another_persons_attempt_and_one_without_turns_have_none_to_look_at(
    attempt: Attempt, me: Holder, person: Person
) -> None:
    stranger = holder(a_person(MORNING))
    for act in (lambda: look(attempt.id, stranger, now=MORNING), lambda: go_on(attempt.id, stranger, 1, now=MORNING)):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(SignedOut):
        look(attempt.id, Holder(person.id, person.session_epoch + 1), now=MORNING)
    ordinary = a_start(a_contest(MORNING), person, MORNING)
    with pytest.raises(NotFound):
        look(ordinary.id, me, now=MORNING)
    assert turns(attempt) == turns(ordinary) == []


def test_two_devices_that_ask_at_once_open_one_question(attempt: Attempt, me: Holder, first: Turn) -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy does not reach other threads
    number, gate, faults = attempt.id, Barrier(8), []

    def ask(place: int) -> None:
        with app.app_context():
            gate.wait(30)
            try:
                if place % 2:
                    go_on(number, me, 1, now=at(31))
                else:
                    look(number, me, now=at(31))
            except Exception as error:
                faults.append(error)

    threads = [Thread(target=ask, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    db.session.rollback()
    assert turns(attempt) == [(1, at(0), at(30)), (2, at(31), at(61))]


# --- saving ----------------------------------------------------------------------------------------------------------


def test_a_save_is_taken_to_the_last_millisecond_of_the_grace(attempt: Attempt, me: Holder, first: Turn) -> None:
    saved = save(attempt, me, 1, now=at(18))
    assert (saved.revision, saved.remaining_ms, saved.question_remaining_ms) == (1, 1_182_000, 12_000)
    assert save(attempt, me, 1, [], now=at(40)).question_remaining_ms == 0
    with pytest.raises(QuestionClosed) as refused:
        save(attempt, me, 1, now=at(40) + MS)
    assert refused.value.facts == {"position": 1, "answer": [], "revision": 2}
    assert find.answers_of(attempt.id)[1].revision == 2


def test_once_the_next_is_open_the_one_before_is_closed_for_ever(attempt: Attempt, me: Holder, first: Turn) -> None:
    save(attempt, me, 1, now=at(5), device="a", seq=1)
    go_on(attempt.id, me, 1, now=at(6))
    paper = find.paper_contents(attempt.id)
    assert paper
    with pytest.raises(QuestionClosed) as refused:
        save(attempt, me, 1, wrong_answer(paper.positions[0]), now=at(6))
    assert refused.value.facts["answer"] == right_answers(attempt.id)[1]


@pytest.mark.parametrize("position", [2, QUESTIONS])
@pytest.mark.parametrize("answer", [["A"], ["Z"], "字", None])
def test_of_a_question_to_come_nothing_is_taken_and_nothing_told(
    attempt: Attempt, me: Holder, first: Turn, position: int, answer: Any
) -> None:
    """Not even whether such an answer would fit."""
    with pytest.raises(QuestionNotOpen):
        save_answer(attempt.id, me, position, answer, now=at(1))
    assert find.answers_of(attempt.id) == {}


def test_before_the_first_look_nothing_is_taken(attempt: Attempt, me: Holder) -> None:
    with pytest.raises(QuestionNotOpen):
        save(attempt, me, 1, now=at(1))


def test_a_repeat_of_a_save_whose_reply_was_lost_is_no_refusal(attempt: Attempt, me: Holder, first: Turn) -> None:
    saved = save(attempt, me, 1, now=at(29), device="a", seq=4)
    assert save(attempt, me, 1, now=at(300), device="a", seq=4).revision == saved.revision
    go_on(attempt.id, me, 1, now=at(301))
    assert save(attempt, me, 1, now=at(302), device="b", seq=9).revision == 1  # another device that says the same
    with pytest.raises(QuestionClosed):
        save(attempt, me, 1, [], now=at(303), device="a", seq=5)


def test_what_is_wrong_or_quarrels_is_told_as_ever(attempt: Attempt, me: Holder, first: Turn) -> None:
    with pytest.raises(BadAnswer):
        save(attempt, me, 1, {"no": "answer"}, now=at(1))
    save(attempt, me, 1, now=at(2), device="a", seq=1)
    with pytest.raises(Superseded):
        save(attempt, me, 1, [], now=at(3), device="b", seq=1, revision=0)


def test_a_hand_in_carries_the_open_question_and_is_refused_whole_for_another(
    attempt: Attempt, me: Holder, first: Turn
) -> None:
    right = right_answers(attempt.id)
    with pytest.raises(QuestionNotOpen):
        submitted(attempt.id, me, now=at(9), answers={1: right[1], 2: right[2]})
    assert find.answers_of(attempt.id) == {}
    ended = submitted(attempt.id, me, now=at(9), answers={1: right[1]})
    assert (ended.answered, ended.elapsed_ms, bool(ended.receipt)) == (1, 9_000, True)
    with pytest.raises(Ended):
        save(attempt, me, 1, now=at(9))


def test_first_and_last_moments_are_those_of_the_saves(attempt: Attempt, me: Holder, first: Turn) -> None:
    save(attempt, me, 1, now=at(4))
    save(attempt, me, 1, [], now=at(7))
    row = find.answers_of(attempt.id)[1]
    assert (row.first_at, row.last_at) == (at(4), at(7))


def test_a_save_of_an_ordinary_contest_knows_nothing_of_turns(person: Person) -> None:
    contest = a_contest(MORNING)
    attempt = a_start(contest, person, MORNING)
    assert question_limit(contest.id) is None
    assert save(attempt, holder(person), 3, now=at(1)).question_remaining_ms is None


# --- when deadlines move ---------------------------------------------------------------------------------------------


def give(contest: Contest, now: datetime) -> int:
    return extra_time.give(contest.id, minutes=5, reason="停电", actor_id=7, now=now).ruling_id


def test_extra_time_prolongs_the_open_question(contest: Contest, attempt: Attempt, me: Holder, first: Turn) -> None:
    give(contest, at(20))
    assert last_turn(attempt.id) == Turn(1, at(0), at(330))
    assert save(attempt, me, 1, now=at(300)).question_remaining_ms == 30_000
    go_on(attempt.id, me, 1, now=at(310))
    assert last_turn(attempt.id) == Turn(2, at(310), at(340))


def test_extra_time_reopens_no_question(contest: Contest, attempt: Attempt, me: Holder, first: Turn) -> None:
    give(contest, at(41))
    assert last_turn(attempt.id) == first
    with pytest.raises(QuestionClosed):
        save(attempt, me, 1, now=at(41))


def test_taken_back_it_is_taken_from_the_open_question_too(
    contest: Contest, attempt: Attempt, me: Holder, first: Turn
) -> None:
    ruling = give(contest, at(10))
    extra_time.undo(ruling, contest.id, reason="给错了", actor_id=7, now=at(20))
    assert last_turn(attempt.id) == first


def test_a_later_closing_time_gives_a_question_its_own_time_back(person: Person) -> None:
    contest = a_contest(MORNING, question_limit_s=30, closes_at=at(20))
    attempt = a_start(contest, person, MORNING)
    look(attempt.id, holder(person), now=MORNING)
    assert last_turn(attempt.id) == Turn(1, at(0), at(20))
    contests.move_closing(contest.id, at(3600), reason="延长", actor_id=7, now=at(10))
    assert last_turn(attempt.id) == Turn(1, at(0), at(30))


def test_another_attempts_turns_stay_where_they_are(
    contest: Contest, attempt: Attempt, me: Holder, first: Turn
) -> None:
    other = a_person(MORNING)
    theirs = a_start(contest, other, MORNING)
    look(theirs.id, holder(other), now=MORNING)
    extra_time.give(
        contest.id,
        minutes=5,
        reason="停电",
        actor_id=7,
        now=at(10),
        whom=db.session.get_one(Attempt, theirs.id).entry.entry_code,
    )
    assert last_turn(attempt.id) == first
    assert last_turn(theirs.id) == Turn(1, at(0), at(330))


def test_an_opened_question_is_there_when_the_act_is(attempt: Attempt, me: Holder) -> None:
    with pytest.raises(RuntimeError), transaction():
        look(attempt.id, me, now=MORNING)
        raise RuntimeError
    assert turns(attempt) == []
