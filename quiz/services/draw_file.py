"""The public JSON of a draw: what an outsider needs to recompute it, and nothing else."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from question_bank.database import db
from quiz.models import DrawWinner, PrizeDraw
from quiz.models.prizes import WinnerState
from quiz.queries import prizes as find
from quiz.rules import prizes as rules


def draw_lines(draw_id: int) -> Iterator[str]:
    """The JSON piece by piece: every key on a line of its own, in one order, and every line of the list.

    It may be sent while it is read, by a session that begins only then.
    """
    draw = db.session.get_one(PrizeDraw, draw_id)
    pieces = [f'"{name}":{_text(value)}' for name, value in _facts(draw).items()]
    yield "{\n" + ",\n".join(pieces) + ',\n"list":'
    if draw.list_sha256 is None:
        yield "null\n}\n"
        return
    for number, line in enumerate(_list(draw)):
        yield ("[\n" if number == 0 else ",\n") + _text(line)
    yield "\n]\n}\n"


def draw_as_json(draw: PrizeDraw) -> dict[str, Any]:
    """The same as one value."""
    found: dict[str, Any] = json.loads("".join(draw_lines(draw.id)))
    return found


def _list(draw: PrizeDraw) -> Iterator[str]:
    marks = draw.marks or []
    return rules.list_lines(draw.rules, marks, find.the_list(draw.id), contest=draw.contest.slug, number=draw.number)


def _facts(draw: PrizeDraw) -> dict[str, Any]:
    winners = find.winners_of(draw.id)
    is_drawn = draw.drawn_at is not None
    return {
        "format": rules.FORMAT,
        "contest": draw.contest.slug,
        "contest_title": draw.contest.title,
        "number": draw.number,
        "title": draw.title,
        "fixed_at": _moment(draw.fixed_at),
        "list_sha256": draw.list_sha256,
        "announced_at": _moment(draw.announced_at),
        "seed_sha256": draw.seed_sha256,
        "public_source": draw.public_source,
        "public_at": _moment(draw.public_at),
        "public_number": draw.public_number,
        "drawn_at": _moment(draw.drawn_at),
        "seed": draw.seed if is_drawn else None,
        "abandoned_at": _moment(draw.abandoned_at),
        "abandoned_reason": draw.abandoned_reason or None,
        "tiers": _tiers(draw, winners) if is_drawn else [],
        "changes": [_change(draw, winner) for winner in sorted(_left(winners), key=lambda w: w.change or 0)],
    }


def _tiers(draw: PrizeDraw, winners: list[DrawWinner]) -> list[dict[str, Any]]:
    found = []
    stepped_in = [winner.successor_id for winner in sorted(_left(winners), key=lambda w: w.change or 0)]
    for at, tier in enumerate(draw.rules.tiers):
        mine = [winner for winner in winners if winner.tier == at]
        drawn = [w for w in mine if not w.stepped_in and w.state != WinnerState.SUBSTITUTE]
        later = sorted((w for w in mine if w.stepped_in), key=lambda w: stepped_in.index(w.id))
        still = [w for w in (*drawn, *later) if w.state == WinnerState.WINNER]
        found.append(
            {
                "name": tier.name,
                "prize": tier.prize,
                "drawn": _codes(drawn),
                "substitutes": _codes([w for w in mine if w not in drawn]),
                "winners": _codes(still),
            }
        )
    return found


def _left(winners: list[DrawWinner]) -> list[DrawWinner]:
    return [winner for winner in winners if winner.state == WinnerState.LEFT]


def _change(draw: PrizeDraw, winner: DrawWinner) -> dict[str, Any]:
    return {
        "tier": draw.rules.tiers[winner.tier].name,
        "entry_code": winner.entry.entry_code,
        "reason": winner.left_why,
        "at": _moment(winner.left_at),
        "substitute": winner.successor.entry.entry_code if winner.successor else None,
    }


def _codes(winners: list[DrawWinner]) -> list[str]:
    return [winner.entry.entry_code for winner in winners]


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _moment(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
