"""Play a contest through: people start, answer, hand in, forget to, come back, each at a moment handed in."""

from datetime import datetime, time, timedelta
from random import Random

from sqlalchemy.orm import Session

from question_bank.content import QuestionContent
from question_bank.database import db
from question_bank.kinds import QuestionKind
from quiz.models import Attempt, Contest, Person
from quiz.queries import attempts as find
from quiz.queries.attempts import PaperContents, Position
from quiz.services import answers, attempts
from quiz.services.answers import Holder
from quiz.services.demo.entrants import Entrant

ENTRY_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_DIFFICULTY = {"易": 0.1, "难": -0.15}
_LEAVES_TO_THE_DEADLINE = 0.06
_LEAVES_A_QUESTION_OUT = 0.015
_THINKS_AGAIN = 0.04


def play(session: Session, contest: Contest, entrants: list[Entrant], chance: Random) -> None:
    """Everybody makes one to three attempts; what nobody hands in, the clock does."""
    for number, entrant in enumerate(entrants):
        # A few start, look at the first question, and never answer: they have an entry and take no part.
        looks_only = number % 75 == 74
        tries = 1 if looks_only else chance.choices((1, 2, 3), (70, 20, 10))[0]
        for moment in sorted(_moment(contest, chance) for _ in range(tries)):
            _attempt(contest, entrant, moment, chance, looks_only=looks_only)
        session.flush()
        session.expire_all()
    attempts.submit_expired(contest.id, now=contest.closes_at + timedelta(hours=1))


def _moment(contest: Contest, chance: Random) -> datetime:
    """Some moment between eight and ten o'clock at night, on a day of the contest, with time left to finish."""
    terms = contest.terms
    first, last = terms.opens_at.astimezone(terms.zone).date(), terms.closes_at.astimezone(terms.zone).date()
    day = first + timedelta(days=chance.randint(0, (last - first).days))
    at = datetime.combine(day, time(8), terms.zone) + timedelta(seconds=chance.randint(0, 14 * 3600))
    latest = terms.closes_at - timedelta(seconds=terms.time_limit_s + 60)
    return min(max(at, terms.opens_at + timedelta(seconds=chance.randint(1, 3600))), latest)


def _attempt(contest: Contest, entrant: Entrant, now: datetime, chance: Random, *, looks_only: bool) -> None:
    person: Person = entrant.person
    holder = Holder(person.id, person.session_epoch)
    code = "".join(chance.choice(ENTRY_CODE_LETTERS) for _ in range(10))
    seed = f"{chance.getrandbits(128):032x}"
    attempt_id = attempts.start(contest.slug, holder, now=now, seed=seed, entry_code=code)
    attempt = db.session.get_one(Attempt, attempt_id)
    paper = find.paper_contents(attempt.id)
    assert paper
    if looks_only:
        return
    stays = chance.random() >= _LEAVES_TO_THE_DEADLINE
    pace = chance.uniform(9, 40)
    for position in _answered(paper, chance, all_of_them=stays):
        now += timedelta(seconds=round(chance.uniform(0.4, 1.6) * pace, 3))
        if now >= attempt.deadline:
            return
        for _again in range(2 if chance.random() < _THINKS_AGAIN else 1):
            given = _answer(position, entrant.skill, chance)
            answers.save_answer(attempt.id, holder, position.number, given, now=now)
    if stays:
        attempts.submit(attempt.id, holder, now=now + timedelta(seconds=round(chance.uniform(2, 20), 3)))


def _answered(paper: PaperContents, chance: Random, *, all_of_them: bool) -> list[Position]:
    positions = [p for p in paper.positions if chance.random() >= _LEAVES_A_QUESTION_OUT]
    return positions if all_of_them else positions[: chance.randint(3, 15)]


def _answer(position: Position, skill: float, chance: Random) -> object:
    """The right answer as often as the skill says, else a wrong one of the kind people give."""
    content = position.content
    is_right = chance.random() < skill + _DIFFICULTY.get(content.difficulty, 0)
    if content.kind is QuestionKind.FILL_BLANK:
        return position.form.show([texts[0] if is_right else "不清楚" for texts in content.blanks])
    return position.form.show(sorted(content.choices) if is_right else _wrong_choice(position, content, chance))


def _wrong_choice(position: Position, content: QuestionContent, chance: Random) -> list[int]:
    others = sorted(set(position.form.shown) - content.choices)
    if content.kind is QuestionKind.MULTIPLE_CHOICE:
        if len(content.choices) > 1 and chance.random() < 0.6:
            return sorted(chance.sample(sorted(content.choices), len(content.choices) - 1))  # 漏选
        return sorted({*content.choices, chance.choice(others)} if others else {min(content.choices)})
    # The first wrong option draws most: every question gets a distractor that a judge can see.
    return [others[0] if chance.random() < 0.5 else chance.choice(others)]
