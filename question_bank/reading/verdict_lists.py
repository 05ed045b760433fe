"""Verdicts below the judgements they are for, by number and without a title: "1、√ 2、×"."""

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.key_blocks import keys_in_line
from question_bank.reading.kind_words import verdict_in
from question_bank.reading.lines import Line
from question_bank.reading.pieces import KEY, OPTION, STEM, Piece
from question_bank.reading.stems import key_in_stem

_FEW = 2


def take_verdicts_below(lines: list[Line], place: int, pieces: list[Piece]) -> int:
    """How many lines from ``place`` on give each judgement above its verdict, and nothing else; 0 if they do not."""
    first = _verdicts_in(lines[place].text)
    last = pieces[-1].number if pieces else None
    if not first or last is None or last < _FEW or next(iter(first)) >= last:
        return 0
    asked = _run_above(pieces, next(iter(first)))
    verdicts: dict[int, str] = {}
    count = 0
    for line in lines[place : place + len(asked)]:
        found = _verdicts_in(line.text)
        if not found or verdicts.keys() & found.keys():
            break
        verdicts |= found
        count += 1
    if len(asked) < _FEW or list(verdicts) != [piece.number for piece in asked]:
        return 0
    for piece in asked:
        piece.key = verdicts[piece.number or 0]
    return count


def _verdicts_in(text: str) -> dict[int, str]:
    keys = keys_in_line(text) if len(text) < 1_000 else {}
    return keys if all(verdict_in(key) is not None for key in keys.values()) else {}


def _run_above(pieces: list[Piece], first: int) -> list[Piece]:
    """The last judgements, numbered one by one from ``first`` on; [] if one of them has a key or options."""
    run: list[Piece] = []
    for piece in reversed(pieces):
        if not _waits(piece) or (run and piece.number != (run[-1].number or 0) - 1):
            return []
        run.append(piece)
        if piece.number == first:
            return run[::-1]
    return []


def _waits(piece: Piece) -> bool:
    is_judgement = piece.word is None and piece.section.kind in (None, Kind.TRUE_FALSE)
    has_key = piece.key is not None or piece.has(KEY) or piece.has(OPTION)
    return is_judgement and not has_key and key_in_stem("\n".join(piece.texts(STEM)), Kind.TRUE_FALSE, 0) is None
