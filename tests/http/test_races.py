"""Double taps, scripts and two devices at once, against several server processes on a real database."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from question_bank.database import db
from quiz.clock import system_clock
from quiz.errors import Mistakes
from quiz.models import Attempt, Marking, Person
from quiz.services import extra_time
from soak.killing import everything
from soak.races import races
from tests.conftest import DATABASES
from tests.http.browser import Browser, Reply
from tests.http.platforms import QUESTIONS, Platform, a_phone

THREADS = 20


def at_once(acts: Sequence[Callable[[], Any]], threads: int = THREADS) -> list[Any]:
    """Run the acts in as many threads, all let go at the same moment; what each gave."""
    results: list[Any] = [None] * len(acts)
    gate = threading.Barrier(threads)
    turns = iter(range(len(acts)))
    lock = threading.Lock()

    def work() -> None:
        gate.wait()
        while True:
            with lock:
                turn = next(turns, None)
            if turn is None:
                return
            try:
                results[turn] = acts[turn]()
            except Exception as error:
                results[turn] = error

    pool = [threading.Thread(target=work) for _ in range(threads)]
    for thread in pool:
        thread.start()
    for thread in pool:
        thread.join(120)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results


def statuses(replies: Sequence[Reply]) -> Counter[int]:
    return Counter(reply.status for reply in replies)


@pytest.mark.parametrize("kind", DATABASES)
def test_no_limit_is_passed_by_people_who_do_everything_ten_times_at_once(kind: str, tmp_path: Path) -> None:
    """``make soak`` does it at length."""
    with everything(kind, tmp_path) as system:
        raced = races(system.platform, requests=700, people=10)
    assert raced.faults == []
    assert min(raced.registrations, raced.starts, raced.hand_ins) >= 100


def devices(browser: Browser, number: int) -> list[Browser]:
    """The same session many times over, each with a connection of its own."""
    browser.fetch_token()
    return [browser.copy() for _ in range(number)]


def total(platform: Platform, slug: str) -> int:
    return int(Browser(platform.port).json(f"/contests/{slug}/standings")["total"])


@pytest.mark.parametrize("unit", ["none", "late"])
def test_two_hundred_taps_on_start_open_one_attempt(platform: Platform, unit: str) -> None:
    """Of a resident, and of somebody whose unit the contest does not count yet: two ways through the first start."""
    slug = platform.a_contest()
    where = {"kind": "employee", "unit": platform.a_late_unit()} if unit == "late" else {}
    browser = platform.a_participant(**where)
    taps = devices(browser, 200)
    replies = at_once([lambda tap=tap: tap.start(slug) for tap in taps])
    assert statuses(replies) == {303: 200}, [r.text for r in replies if r.status != 303][:3]
    assert len({reply.location for reply in replies}) == 1
    attempt = browser.json(replies[0].location)
    assert (attempt["state"], len(attempt["questions"])) == ("open", QUESTIONS)


def test_the_attempts_allowed_are_never_exceeded(platform: Platform) -> None:
    """Start and hand in, over and over, from many threads: three attempts come of it."""
    slug = platform.a_contest(attempts={"allowed": 3})
    browser = platform.a_participant()
    seen: set[str] = set()

    def tap(device: Browser) -> list[Reply]:
        started = device.start(slug)
        if started.status != 303:
            return [started]
        seen.add(started.location)
        return [started, device.post(f"{started.location}/submit", {"a1": "A"}, accept="application/json")]

    replies = [r for pair in at_once([lambda d=d: tap(d) for d in devices(browser, 80)]) for r in pair]
    assert set(statuses(replies)) == {303, 409}, statuses(replies)
    assert {r.json["reason"] for r in replies if r.status == 409} == {"attempts_used"}
    assert len(seen) == 3
    assert all(browser.json(attempt)["state"] == "ended" for attempt in seen)
    assert platform.count(Attempt, Attempt.contest_id == platform.contest_id(slug)) == 3
    assert platform.difference(slug) is None


def test_many_hand_ins_at_once_mark_once(platform: Platform) -> None:
    """Each carries another answer: one of them counts, whole, and the others change nothing."""
    slug = platform.a_contest()
    browser = platform.a_participant()
    attempt = browser.start(slug).location
    positions = {q["kind"]: q["position"] for q in browser.json(attempt)["questions"]}
    taps = devices(browser, 60)
    carried = [{f"a{p}": letter for p in positions.values()} for letter in ("A", "B") for _ in range(30)]
    replies = at_once([lambda t=t, f=f: t.post(f"{attempt}/submit", f) for t, f in zip(taps, carried, strict=True)])
    assert statuses(replies) == {303: 60}
    assert {reply.location for reply in replies} == {f"{attempt}/result"}
    results = at_once([lambda t=t: t.json(f"{attempt}/result") for t in taps[:THREADS]])
    assert all(result == results[0] for result in results)
    letters = {tuple(q["answer"]) for q in results[0]["questions"] if q["answer"]}
    assert len(letters) == 1
    assert total(platform, slug) == 1
    assert platform.count(Marking, Marking.attempt_id == int(attempt.rsplit("/", 1)[1])) == 1
    assert platform.difference(slug) is None


def test_of_many_who_register_one_phone_one_gets_it(platform: Platform) -> None:
    phone = a_phone()
    browsers = [Browser(platform.port) for _ in range(24)]
    for browser in browsers:
        browser.fetch_token()
    replies = at_once([lambda b=b, n=n: b.register(phone, name=f"王小{n}") for n, b in enumerate(browsers)])
    assert statuses(replies) == {303: 1, 409: 23}, statuses(replies)
    assert {r.json["reason"] for r in replies if r.status == 409} == {"phone_taken"}
    assert platform.count(Person, Person.phone == phone) == 1
    signed_in = [b for b, r in zip(browsers, replies, strict=True) if r.status == 303]
    assert signed_in[0].get("/me").status == 200
    again = Browser(platform.port)
    again.fetch_token()
    assert again.post("/sign-in", {"account": phone, "password": "kaoshi2026"}).status == 303


def test_saves_of_two_devices_leave_no_gap_and_the_last_stored_was_acknowledged(platform: Platform) -> None:
    slug = platform.a_contest()
    browser = platform.a_participant()
    attempt = browser.start(slug).location
    position = next(q["position"] for q in browser.json(attempt)["questions"] if q["kind"] == "single_choice")
    acknowledged: list[tuple[int, list[str]]] = []
    lock = threading.Lock()

    def save(device: str, seq: int, tap: Browser) -> Reply:
        answer = ["ABCD"[(seq + (device == "tablet")) % 4]]
        reply = tap.save(attempt, position, answer, device=f"{device}-{seq}", seq=seq)
        if reply.status == 200:
            with lock:
                acknowledged.append((reply.json["revision"], reply.json["answer"]))
        return reply

    taps = devices(browser, 100)
    acts = [lambda t=taps[n], d=("phone", "tablet")[n % 2], n=n: save(d, n, t) for n in range(100)]
    replies = at_once(acts)
    assert statuses(replies) == {200: 100}
    assert sorted(revision for revision, _answer in acknowledged) == list(range(1, 101))
    stored = browser.json(attempt)["questions"][position - 1]
    assert (stored["revision"], stored["answer"]) == max(acknowledged)


def test_a_quarrel_is_told_to_all_but_one(platform: Platform) -> None:
    """Twenty devices that all saw revision 0: one is taken, the others are told what stands there."""
    slug = platform.a_contest()
    browser = platform.a_participant()
    attempt = browser.start(slug).location
    position = next(q["position"] for q in browser.json(attempt)["questions"] if q["kind"] == "single_choice")
    taps = devices(browser, THREADS)
    replies = at_once(
        [lambda t=t, n=n: t.save(attempt, position, ["ABCD"[n % 4]], revision=0, device=f"d{n}", seq=1)
         for n, t in enumerate(taps)]
    )  # fmt: skip
    assert statuses(replies) == {200: 1, 409: THREADS - 1}
    stored = browser.json(attempt)["questions"][position - 1]
    told = {(r.json["reason"], tuple(r.json["answer"]), r.json["revision"]) for r in replies if r.status == 409}
    assert told == {("superseded", tuple(stored["answer"]), 1)}


def test_a_save_and_a_hand_in_at_once_never_lose_an_acknowledged_answer(platform: Platform) -> None:
    slug = platform.a_contest(attempts={"allowed": 99})
    browser = platform.a_participant()
    for _turn in range(12):
        attempt = browser.start(slug).location
        *savers, submitter = devices(browser, QUESTIONS + 1)
        replies = at_once(
            [
                *(lambda s=s, p=p, a=attempt: s.save(a, p, ["A"]) for p, s in enumerate(savers, 1)),
                lambda s=submitter, a=attempt: s.post(f"{a}/submit"),
            ],
            threads=QUESTIONS + 1,
        )
        *saves, submitted = replies
        assert submitted.status == 303 and set(statuses(saves)) <= {200, 409}
        shown = {q["position"]: q["answer"] for q in browser.json(f"{attempt}/result")["questions"]}
        for position, reply in enumerate(saves, 1):
            assert shown[position] == (["A"] if reply.status == 200 else []), (position, reply.text)
        # What was acknowledged was there when the attempt was marked, not only afterwards.
        assert platform.answered(attempt) == statuses(saves)[200]


def test_many_people_start_save_and_hand_in_at_once(platform: Platform) -> None:
    slug = platform.a_contest()
    people = [platform.a_participant() for _ in range(8)]
    for browser in people:
        browser.fetch_token()

    def whole(browser: Browser) -> Any:
        attempt = browser.start(slug).location
        for question in browser.json(attempt)["questions"]:
            answer = ["A", "B"] if question["kind"] == "multiple_choice" else ["A"]
            assert browser.save(attempt, question["position"], answer).status == 200
        assert browser.post(f"{attempt}/submit").status == 303
        return browser.json(f"{attempt}/result")

    results = at_once([lambda b=b: whole(b) for b in people], threads=8)
    assert len({result["entry_code"] for result in results}) == 8
    ladder = Browser(platform.port).json(f"/contests/{slug}/standings")
    assert sorted(row["score"] for row in ladder["rows"]) == sorted(result["score"] for result in results)
    assert platform.difference(slug) is None


def test_whoever_looks_first_hands_in_what_is_overdue_and_only_once(platform: Platform) -> None:
    slug = platform.a_contest(time_limit_s=1, grace_s=0)
    people = [platform.a_participant() for _ in range(3)]
    attempts = []
    for browser in people:
        attempts.append(browser.start(slug).location)
        browser.save(attempts[-1], 1, [])
    until = threading.Event()
    until.wait(1.2)
    lookers = [Browser(platform.port) for _ in range(4)]
    replies = at_once(
        [
            *(lambda b=b, a=a: b.get(f"{a}/result", accept="application/json")
              for b, a in zip(people, attempts, strict=True)),
            *(lambda b=b: b.get(f"/contests/{slug}/standings", accept="application/json") for b in lookers),
        ],
        threads=7,
    )  # fmt: skip
    assert statuses(replies) == {200: 7}, [r.text[:300] for r in replies if r.status != 200]
    assert {reply.json["elapsed_ms"] for reply in replies[:3]} == {1000}
    assert platform.difference(slug) is None


def test_saves_a_hand_in_and_extra_time_at_once_leave_deadline_and_record_in_step(platform: Platform) -> None:
    slug = platform.a_contest(attempts={"allowed": 99})
    contest_id = platform.contest_id(slug)
    browser = platform.a_participant()

    def give() -> bool:
        try:
            with platform.office():
                extra_time.give(contest_id, minutes=1, reason="停电", actor_id=None, now=system_clock())
        except Mistakes:  # the hand-in came first
            return False
        return True

    for _turn in range(8):
        attempt = browser.start(slug).location
        *savers, submitter = devices(browser, 4)
        *saves, submitted, first, second = at_once(
            [
                *(lambda s=s, p=p, a=attempt: s.save(a, p, ["A"]) for p, s in enumerate(savers, 1)),
                lambda s=submitter, a=attempt: s.post(f"{a}/submit"),
                give,
                give,
            ],
            threads=6,
        )
        assert submitted.status == 303 and set(statuses(saves)) <= {200, 409}
        with platform.office():
            stored = db.session.get_one(Attempt, int(attempt.rsplit("/", 1)[1]))
            assert stored.extra_ms == 60_000 * (first + second)
            limit = timedelta(minutes=20, milliseconds=stored.extra_ms)
            assert stored.deadline - stored.started_at == limit
            assert stored.accepts_until - stored.deadline == timedelta(seconds=10)
            assert stored.answered == statuses(saves)[200]
