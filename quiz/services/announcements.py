"""公示: say what an announcement would hold, sign it off, withdraw it; each act on record."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from question_bank.database import db, snapshot, transaction
from quiz.errors import Mistakes, NotFound, WrongState
from quiz.models import Announcement, Contest
from quiz.models.contests import ContestState
from quiz.queries import announcements as find
from quiz.queries import standings as ladders
from quiz.queries.contests import contest_for_change
from quiz.queries.standings import PersonRow, Within
from quiz.rules import announcements as rules
from quiz.rules.announcements import LADDERS, Content, Table, Wish
from quiz.rules.contest import ContestTerms
from quiz.rules.participation import LadderRow
from quiz.rules.ranking import rounded
from quiz.rules.wording import day_in_words, leaderboard_in_words
from quiz.services import attempts, audit, boards
from quiz.services.exports import street_ladder, unit_ladder

PERIOD = timedelta(days=6)
CLOSING = "公示期内，单位或个人对结果有异议的，请向下列联系人反映，写明姓名、联系方式和事实依据。"


class Changed(Mistakes):
    """What would be signed is no longer what was looked at."""


def rows_shown(contest: Contest, terms: ContestTerms) -> dict[str, int]:
    """How many rows of each ladder the terms make public."""
    totals = {
        "person": ladders.persons_total(contest.id),
        "unit": len(unit_ladder(contest, terms)),
        "street": len(street_ladder(contest, terms)),
    }
    return {by: terms.shown.rows(by, total) for by, total in totals.items()}


def first_wish(contest: Contest, *, host: str, now: datetime) -> Wish:
    """What the form starts from: the terms say how much of each ladder is public."""
    terms = contest.terms
    today = now.astimezone(terms.zone).date()
    shown = rows_shown(contest, terms)
    host = terms.about.host or host
    return Wish(
        heading=f"{terms.title}结果公示"[: rules.LONGEST_HEADING],
        opening=f"{terms.title}已于 {day_in_words(terms.closes_at.astimezone(terms.zone).date())}结束。"
        "现将竞赛结果予以公示，姓名只显示姓氏。",
        closing=CLOSING,
        rows={by: min(shown[by], rules.MOST_ROWS) for by in LADDERS},
        objections_from=today,
        objections_to=today + PERIOD,
        contact=terms.about.contact,
        office=host,
        signed_on=today,
    )


def draft(contest_id: int, wish: Wish, *, now: datetime) -> Content:
    """The announcement as it would be signed now. Raises WrongState, BoardFrozen, Mistakes."""
    attempts.submit_expired(contest_id, now=now)
    with snapshot():
        contest = db.session.get_one(Contest, contest_id)
        _require_end(contest, now)
        boards.require_shown(contest, now=now)
        return _content(contest, wish)


def sign(contest_id: int, wish: Wish, *, seen: str, reason: str, actor_id: int, now: datetime) -> Announcement:
    """Sign off exactly what was looked at, whose digest is ``seen``, as the next version.

    Raises NotFound, WrongState, BoardFrozen, Mistakes; Changed where the ladders have moved meanwhile.
    Again: nothing changes.
    """
    from quiz.services.announcement_pdf import announcement_pdf  # what draws it takes a fifth of every start to load

    with transaction() as session:
        contest = contest_for_change(contest_id)
        if contest is None:
            raise NotFound
        _require_end(contest, now)
        boards.require_shown(contest, now=now)
        content = _content(contest, wish)
        last = find.last_announcement(contest_id)
        if content.sha256 != seen:
            problem = "成绩或规程刚刚有变化，公示内容和您看到的不同了。请再看一遍，再签发。"
            raise Changed(problems=[problem], fields={})
        if last and last.sha256 == seen:
            return last
        if last and not reason.strip():
            raise Mistakes(problems=["请填更改的原因。"], fields={"reason": "请填更改的原因。"})
        signed = Announcement(
            contest_id=contest_id,
            number=last.number + 1 if last else 1,
            content=content.stored(),
            sha256=seen,
            pdf=announcement_pdf(content, signed_at=now),
            reason=reason.strip() if last else "",
            signed_by=actor_id,
            signed_at=now,
        )
        session.add(signed)
        session.flush()
        _record("results.announced", signed, actor_id=actor_id, now=now)
    return signed


def withdraw(contest_id: int, *, reason: str, actor_id: int, now: datetime) -> Announcement:
    """Withdraw what stands. Raises NotFound where nothing stands, Mistakes without a reason."""
    with transaction() as session:
        contest_for_change(contest_id)
        last = find.last_announcement(contest_id)
        if last is None or last.is_withdrawal:
            raise NotFound
        if not reason.strip():
            raise Mistakes(problems=["请填撤回的原因。"], fields={"reason": "请填撤回的原因。"})
        withdrawal = Announcement(
            contest_id=contest_id, number=last.number + 1, is_withdrawal=True, reason=reason.strip(),
            signed_by=actor_id, signed_at=now,
        )  # fmt: skip
        session.add(withdrawal)
        session.flush()
        _record("results.announcement_withdrawn", withdrawal, actor_id=actor_id, now=now)
    return withdrawal


def _require_end(contest: Contest, now: datetime) -> None:
    state = contest.state_at(now)
    if state not in (ContestState.CLOSED, ContestState.SEALED):
        raise WrongState(state=state.label, wanted=ContestState.CLOSED.label)


def _record(act: str, announcement: Announcement, *, actor_id: int, now: datetime) -> None:
    audit.record(
        act, f"contest:{announcement.contest_id}", actor_id=actor_id, now=now, contest_id=announcement.contest_id,
        version=announcement.number, sha256=announcement.sha256, reason=announcement.reason,
    )  # fmt: skip


# --- what it holds ---------------------------------------------------------------------------------------------------


def _content(contest: Contest, wish: Wish) -> Content:
    terms = contest.terms
    closes_on = terms.closes_at.astimezone(terms.zone).date()
    if found := rules.complaints(wish, rows_shown(contest, terms), closes_on=closes_on):
        raise Mistakes(problems=list(found.values()), fields=found)
    tables = [_persons(contest, terms, wish.rows["person"])]
    tables += [_places(contest, terms, by, wish.rows[by]) for by in ("unit", "street")]
    return Content(
        contest=terms.title,
        heading=wish.heading,
        opening=wish.opening,
        closing=wish.closing,
        objections=rules.period_in_words(wish.objections_from, wish.objections_to),
        contact=wish.contact,
        office=wish.office,
        signed_on=day_in_words(wish.signed_on),
        tables=tuple(table for table in tables if table.rows),
    )


def _persons(contest: Contest, terms: ContestTerms, rows: int) -> Table:
    people = ladders.persons(contest.id, terms.ties, within=Within(), most=rows) if rows else []
    total = ladders.persons_total(contest.id)
    return Table(
        by="person",
        title=LADDERS["person"],
        rule=leaderboard_in_words(terms, "person"),
        part=f"{f'前 {len(people)} 名，' if len(people) < total else ''}共 {total} 人",
        headers=("名次", "姓名", "街道", "单位", "得分", "用时"),
        rows=tuple(map(_person, people)),
    )


def _person(row: PersonRow) -> tuple[str, ...]:
    return (
        _rank(row.place.rank), row.name, row.street or "–", row.unit or "–",
        _plain(row.score / 100), _elapsed(row.elapsed_ms),
    )  # fmt: skip


def _places(contest: Contest, terms: ContestTerms, by: str, rows: int) -> Table:
    whole: Sequence[LadderRow] = unit_ladder(contest, terms) if by == "unit" else street_ladder(contest, terms)
    return Table(
        by=by,
        title=LADDERS[by],
        rule=leaderboard_in_words(terms, by),
        part=f"{f'前 {rows} 个，' if rows < len(whole) else ''}共 {len(whole)} 个",
        headers=("名次", "单位" if by == "unit" else "街道", "参与人数", "应参加人数", "参与率", "平均成绩", "得分"),
        rows=tuple(_place(row) for row in whole[:rows]),
    )


def _place(row: LadderRow) -> tuple[str, ...]:
    tally = row.tally
    return (
        _rank(row.place.rank), tally.name, str(tally.participants), str(tally.headcount),
        f"{rounded(tally.participation_rate * 100):.2f} %", _plain(tally.mean / 100), _plain(row.score),
    )  # fmt: skip


def _rank(rank: int | None) -> str:
    return str(rank) if rank else "不排名"


def _plain(value: Fraction) -> str:
    return f"{rounded(value):.2f}"


def _elapsed(milliseconds: Fraction) -> str:
    """12 分 40.5 秒: to the millisecond, because that may decide a rank."""
    thousandths = round(rounded(milliseconds, 0))
    minutes, rest = divmod(thousandths, 60_000)
    seconds = f"{rest / 1000:.3f}".rstrip("0").rstrip(".")
    return f"{minutes} 分 {seconds} 秒" if minutes else f"{seconds} 秒"
