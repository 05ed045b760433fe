"""Keys below the questions they are for, by number and without a title: "1、√ 2、×", or "1. A" a line for each."""

import re

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.key_blocks import keys_in_line
from question_bank.reading.keys import letters_in
from question_bank.reading.kind_words import verdict_in
from question_bank.reading.lines import Line
from question_bank.reading.pieces import KEY, OPTION, STEM, Piece
from question_bank.reading.stems import key_in_stem

_FEW, _MOST_LINES, _LONGEST = 2, 60, 1_000
_DIGIT = re.compile(r"\d")
_NAMED = re.compile(r"^(\s*\d{1,9}\s*[.．、)）]\s*)[【（(]?(?:正确|参考|标准)?答案[】）)]?\s*[:：]?\s*")


def take_keys_below(lines: list[Line], place: int, pieces: list[Piece]) -> int:
    """How many lines from ``place`` on give each question above its key, and nothing else; 0 if they do not."""
    last = pieces[-1].number if pieces else None
    if last is None or last < _FEW:
        return 0
    first = _keys_in(lines[place])
    if not first or next(iter(first)) >= last:
        return 0
    asked = _run_above(pieces, next(iter(first)))
    keys: dict[int, str] = {}
    count = 0
    for line in lines[place : place + len(asked)]:
        found = _keys_in(line)
        if not found or keys.keys() & found.keys():
            break
        keys |= found
        count += 1
    fits = list(keys) == [piece.number for piece in asked] and all(key_fits(keys[p.number or 0], p) for p in asked)
    if len(asked) < _FEW or not fits:
        return 0
    for piece in asked:
        piece.key = keys[piece.number or 0]
    return count


def _keys_in(line: Line) -> dict[int, str]:
    text = line.answer or line.text
    if len(text) > _LONGEST or not _DIGIT.search(text):
        return {}
    return keys_in_line(_NAMED.sub(r"\1", text))


def _run_above(pieces: list[Piece], first: int) -> list[Piece]:
    """The last questions, numbered one by one from ``first`` on; [] if one of them has a key."""
    run: list[Piece] = []
    for piece in reversed(pieces):
        if not _waits(piece) or (run and piece.number != (run[-1].number or 0) - 1):
            return []
        run.append(piece)
        if piece.number == first:
            return run[::-1]
    return []


def _waits(piece: Piece) -> bool:
    if piece.key is not None or piece.has(KEY) or len(piece.parts) > _MOST_LINES:
        return False
    kind, stem = piece.section.kind, "\n".join(piece.texts(STEM))
    if piece.has(OPTION):
        return kind is not Kind.SHORT_ANSWER and key_in_stem(stem, None, len(piece.texts(OPTION)) + 1) is None
    is_judgement = piece.word is None and kind in (None, Kind.TRUE_FALSE)
    return is_judgement and key_in_stem(stem, Kind.TRUE_FALSE, 0) is None


def key_fits(key: str, piece: Piece) -> bool:
    """Letters for options, verdicts for judgements; T and F are no letters of options."""
    return letters_in(key) is not None if piece.has(OPTION) else verdict_in(key) is not None
