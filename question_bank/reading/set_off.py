"""Keys that a Word document sets off instead of writing them, and words that are struck out."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from question_bank.content import tidied
from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.document_runs import BLANK, BOLD, COLOURED, HIGHLIGHTED, UNDERLINED
from question_bank.reading.drafts import Draft
from question_bank.reading.keys import letters_in
from question_bank.reading.stems import blanks_in, key_in_stem

Marked = dict[str, list[tuple[int, str]]]
"""Texts that are set off, by the way they are: (paragraph, text)."""

_ALL_BUT_ONE = "每道题都只有一个选项没有标出，分不清标出的是对的还是错的。请写明答案。"
_SAID_TWICE = "答案“{}”在题干里出现了几次，分不清哪一处是空。请把答案写到题的下面。"
_DISAGREE = "写着的答案是 {}，标出的选项却是 {}。请留下对的那个。"


def take_marked_keys(drafts: list[Draft], marked: Marked) -> None:
    """Where no question states its key: the option set off in its own way is the key; so is an underlined answer."""
    if not drafts:
        return
    ends = [draft.row for draft in drafts[1:]] + [1 << 30]
    choices = [(draft, end) for draft, end in zip(drafts, ends, strict=True) if len(draft.options) > 1]
    keyless = [(draft, end) for draft, end in choices if not states_key(draft)]
    stated = [(draft, end) for draft, end in choices if states_key(draft)]
    if keyless and len(keyless) * 10 >= len(choices) * 8:
        for mark in (HIGHLIGHTED, COLOURED, UNDERLINED, BOLD):
            keys = [_marked_options(draft, end, marked.get(mark, [])) for draft, end in keyless]
            if sum(bool(key) for key in keys) * 10 >= len(keys) * 8:
                _give(keyless, keys)
                _name_contradictions(stated, marked.get(mark, []))
                break
        else:
            _take_underlined_letters(keyless, marked.get(UNDERLINED, []))
    for draft, end in zip(drafts, ends, strict=True):
        is_blank = draft.kind in (None, Kind.FILL_BLANK) and draft.hint in (None, Kind.FILL_BLANK)
        if is_blank and not draft.options and not states_key(draft):
            _take_words(draft, _between(draft.row, end, marked.get(UNDERLINED, [])))
    _take_coloured_answers(list(zip(drafts, ends, strict=True)), marked.get(COLOURED, []))


def _between(row: int, end: int, marked: list[tuple[int, str]]) -> list[str]:
    return [text for _, text in _within(row, end, marked)]


def _within(row: int, end: int, marked: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """They stand in the order of their paragraphs."""
    return marked[bisect_left(marked, (row, "")) : bisect_left(marked, (end, ""))]


def _take_underlined_letters(keyless: Sequence["Place"], marked: list[tuple[int, str]]) -> None:
    """甲是 A 。, the letter underlined: a key where the stems of nearly all questions have one."""
    letters = [_letters_in_stem(draft, _between(draft.row, draft.row + 1, marked)) for draft, _ in keyless]
    if sum(map(bool, letters)) * 10 < len(letters) * 8:
        return
    for (draft, _), found in zip(keyless, letters, strict=True):
        if found:
            _take_words(draft, [found])
            draft.blanks, draft.key = None, found


def _letters_in_stem(draft: Draft, underlined: list[str]) -> str:
    found = [text for text in underlined if set(letters_in(text) or "?") <= set(draft.labels) and text in draft.stem]
    return found[0] if len(found) == 1 else ""


def _take_coloured_answers(drafts: Sequence["Place"], marked: list[tuple[int, str]]) -> None:
    """Answers in colour, where no blank is drawn and nearly all questions under 填空题 have one."""
    waiting = [
        (draft, _between(draft.row, end, marked))
        for draft, end in drafts
        if (draft.kind or draft.hint) is Kind.FILL_BLANK
        and not (draft.options or draft.blanks or states_key(draft) or blanks_in(draft.stem))
    ]
    told = [(draft, words) for draft, words in waiting if any(word in draft.stem for word in words)]
    if len(told) > 1 and len(told) * 10 >= len(waiting) * 8:
        for draft, words in told:
            _take_words(draft, words)


Place = tuple[Draft, int]
"""A draft, and the paragraph where the next one begins."""


def _give(keyless: Sequence[Place], keys: Sequence[str]) -> None:
    """What is marked is the key; where each question has all options but one marked, they may be the wrong ones."""
    told = [(len(draft.options), key) for (draft, _), key in zip(keyless, keys, strict=True) if key]
    all_but_one = all(len(key) == options - 1 > 1 for options, key in told)
    for (draft, _), key in zip(keyless, keys, strict=True):
        draft.key = key
        if all_but_one and key and Kind.MULTIPLE_CHOICE not in (draft.kind, draft.hint):
            draft.trouble = draft.trouble or ("答案", "key_ambiguous", _ALL_BUT_ONE)


def _name_contradictions(stated: Sequence[Place], marked: list[tuple[int, str]]) -> None:
    """Where marks are the keys of the other questions, a written key that says otherwise is a problem."""
    for draft, end in stated:
        letters, found = letters_in(draft.key), _marked_options(draft, end, marked)
        if letters and found and set(letters) != set(found):
            draft.trouble = draft.trouble or ("答案", "keys_disagree", _DISAGREE.format("".join(letters), found))


def name_struck_out(drafts: list[Draft], struck: list[tuple[int, str]]) -> None:
    """Words struck out by hand: left out or meant all the same? The question that holds them is named."""
    rows = [draft.row for draft in drafts]
    for place, text in struck:
        number = bisect_right(rows, place) - 1
        if number >= 0:
            message = f"这里有划掉的字“{text[:20]}”，分不清要不要。请删去划掉的字，或取消删除线。"
            drafts[number].trouble = drafts[number].trouble or ("题干", "struck_out", message)


def states_key(draft: Draft) -> bool:
    kind = draft.kind or draft.hint
    return bool(draft.key) or key_in_stem(draft.stem, kind, len(draft.options)) is not None


def _marked_options(draft: Draft, end: int, marked: list[tuple[int, str]]) -> str:
    """The letters of the options that are set off; none if all of them are."""
    here = [(place, tidied(text)) for place, text in _within(draft.row, end, marked)]
    in_stem = {text for place, text in here if place == draft.row and text in tidied(draft.stem)}
    if any(_covers(list(in_stem), option) for option in draft.options):
        return ""  # the stem's word, or the option's, where all stand in one paragraph?
    texts_here = [text for _, text in here if text not in in_stem]
    options = [tidied(option) for option in draft.options]
    bare = {re.sub(r"^[（(]?[a-l][)）.、．:：]", "", text) for text in texts_here}
    if bare and bare <= set(options):  # each is one option, and no part of a longer one
        letters = [label for label, option in zip(draft.labels, options, strict=False) if option in bare]
        return "".join(letters) if len(letters) < len(options) else ""
    letters = [
        label
        for label, option in zip(draft.labels, draft.options, strict=False)
        if _covers(texts_here, option) or any(text.strip("(.、:)（）．：") == label.lower() for text in texts_here)
    ]
    return "".join(letters) if len(letters) < len(draft.options) else ""


def _covers(marked: list[str], option: str) -> bool:
    bare = tidied(option)
    return bool(bare) and any(bare in text or (text in bare and len(text) * 10 >= len(bare) * 6) for text in marked)


def _take_words(draft: Draft, answers: list[str]) -> None:
    stem, place, blanks = draft.stem, 0, []
    for answer in answers:
        possible = list(re.compile(rf"[ \t\u3000]*{re.escape(answer)}[ \t\u3000]*").finditer(stem, place))
        apart = [found for found in possible if len(found[0]) > len(answer)]
        if not possible:
            continue
        if len(possible) > 1 and not apart:
            draft.trouble = draft.trouble or ("题干", "key_ambiguous", _SAID_TWICE.format(answer))
            return
        found = (apart or possible)[0]
        stem = stem[: found.start()] + BLANK + stem[found.end() :]
        place = found.start() + len(BLANK)
        blanks.append((answer,))
    if blanks:
        draft.stem, draft.blanks = stem, tuple(blanks)
