"""Keys as people write them, and what the keys of a whole sheet say of each."""

import re
import unicodedata
from itertools import pairwise

from question_bank.content import tidied
from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.drafts import Draft
from question_bank.reading.kind_words import are_verdicts, verdict_in
from question_bank.reading.stems import blanks_in, draws_empty_blank

_SCRAPS = re.compile(
    r"^\s*(?:正确答案|参考答案|标准答案|答案|答(?=:)|(?:本题|[故应])?选[项择]?|(?:option|choice)(?=[\s:]*[a-l]$))\s*[:：为是]?\s*|"
    r"[。.;；,，、]+\s*$",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"['\"]?[A-La-l]['\"]?(?:[\s,;、|┋/\\.&+$#和与及·•)—-]*['\"]?[A-La-l]['\"]?)*[.。]?")
_BEHIND = re.compile(r"(?<=[A-La-l])\s*(?:选?项|[(\[【]?全选[)\]】]?)$")
_BESIDE_EACH = re.compile(r"选项(?=\s*[A-La-l])|(?<=[A-La-l])选?项(?=[\s,;、和与及])")
_OPEN, _CLOSE = r"[(\[【{<《〔「]", r"[)\]】}>》〕」]"
_IN_BRACKETS = re.compile(rf"(?:{_OPEN}\s*[A-La-l]\s*{_CLOSE}[\s,;、]*){{2,}}")
_IN_ONE_PAIR = re.compile(rf"^{_OPEN}|{_CLOSE}$")
_RANGE = re.compile(r"([A-L])\s*[-—–]+\s*([A-L])", re.IGNORECASE)
_NUMBERS = re.compile(r"[\[\s]*\d{1,2}(?:[\s,，;；、|/.]+\d{1,2})*[\]\s]*")


_QUOTES = str.maketrans("“”‘’", "\"\"''")
_FEWER_THAN_TEN = 9

LONGEST_LIST = 120


def letters_in(key: str) -> list[str] | None:
    """A, ABD, "A,B", "A、B", "A.B", "(A)(B)", '["A","B"]' … → the letters; None where the key is something else."""
    if len(key) > LONGEST_LIST:
        return None
    folded = unicodedata.normalize("NFKC", key).translate(_QUOTES).strip()
    folded = _SCRAPS.sub("", folded).strip()
    folded = _BESIDE_EACH.sub("", _BEHIND.sub("", folded))
    if _IN_BRACKETS.fullmatch(folded):
        folded = re.sub(rf"{_OPEN}|{_CLOSE}", " ", folded).strip()
    folded = _IN_ONE_PAIR.sub("", folded).strip()
    if (ends := _RANGE.fullmatch(folded)) and abs(ord(ends[1].upper()) - ord(ends[2].upper())) > 1:
        return None  # "A-C": these two, or all from the one to the other
    folded = re.sub(r"(?<=[A-L]) and (?=[A-L])", ",", folded)
    if not _LETTERS.fullmatch(folded):
        return None
    letters = re.findall("[A-L]", folded.upper())
    # CACAO is a word, and so is "bad": a letter twice, or small letters out of order, are no list of options.
    is_word = len(folded) == len(letters) > 1 and folded.islower() and letters != sorted(letters)
    return None if is_word or len(set(letters)) < len(letters) else letters


def settle_keys(drafts: list[Draft]) -> None:
    """Let the keys of a sheet explain each other: letters, option numbers (from 0 or from 1), or option texts."""
    choices = [draft for draft in drafts if draft.key.strip() and sum(map(bool, draft.options)) >= 2]
    base = _base([draft for draft in choices if not _is_judgement(draft)] or choices)
    lettered = sum(letters_in(draft.key) is not None and not _is_option(draft) for draft in choices)
    texts = sum(letters_in(draft.key) is None and _is_option(draft) for draft in choices)
    are_glued = _are_glued(choices)
    for draft in drafts:
        draft.key_base, draft.keys_are_glued = base, are_glued
        draft.keys_are_letters = lettered > 0 and texts == 0
    _settle_verdicts(drafts)
    _name_odd_words(drafts)
    _settle_blanks(drafts)


_ODD_WORD = "别的题答案是对或错，这道题写作“{}”，看不出是对还是错。请改成“对”或“错”，别的题型请填写题型。"
_A_WORD = 4


def _name_odd_words(drafts: list[Draft]) -> None:
    """Among judgements that only their keys tell, a short word such as 成立 is no model answer."""
    told = [d for d in drafts if d.key.strip() and not (d.kind or d.hint or d.is_choice or any(d.options) or d.blanks)]
    odd = [draft for draft in told if verdict_in(draft.key) is None and draft.key.strip() not in ("0", "1")]
    if len(odd) * 3 > len(told):
        return
    for draft in odd:
        key = draft.key.strip()
        if len(key) <= _A_WORD and not key.isdigit() and not blanks_in(draft.stem) and letters_in(key) is None:
            draft.trouble = draft.trouble or (draft.key_column, "key_not_understood", _ODD_WORD.format(key))


def _settle_blanks(drafts: list[Draft]) -> None:
    """____质量____: two blanks or one answer? Where another stem draws an odd blank, blanks are empty in this file."""
    drawn = [draft for draft in drafts if not draft.key.strip() and not draft.options and draft.blanks is None]
    if any(draws_empty_blank(draft.stem) for draft in drawn):
        for draft in drawn:
            draft.blanks_are_empty = True


def _base(choices: list[Draft]) -> int:
    """What the first option is called where most keys are numbers; -1 where keys are no numbers, or contradict."""
    numeric = [draft for draft in choices if _NUMBERS.fullmatch(draft.key)]
    if not choices or len(numeric) * 2 < len(choices):
        return -1
    numbers = [set(map(int, re.findall(r"\d+", draft.key))) for draft in numeric]
    if not any(0 in found for found in numbers):
        return 1
    return -1 if any(len(draft.options) in found for draft, found in zip(numeric, numbers, strict=True)) else 0


def _are_glued(choices: list[Draft]) -> bool:
    """134 for options 1, 3 and 4: all keys are digits that rise, each an option's number, and some have several."""
    told = [draft for draft in choices if not _is_judgement(draft)]
    keys = [draft.key.strip() for draft in told]
    return any(len(key) > 1 and key.isdigit() for key in keys) and all(map(_is_glued, told))


def _is_glued(draft: Draft) -> bool:
    digits = re.sub(r"[\s,，;；、|/.]+", "", draft.key)
    return len(draft.options) <= _FEWER_THAN_TEN and rising(digits, len(draft.options))


def rising(digits: str, most: int) -> bool:
    """Whether a text is nothing but digits from 1 to ``most``, each higher than the one before."""
    return (
        digits.isascii()
        and digits.isdigit()
        and digits[0] > "0"
        and int(digits[-1]) <= most
        and (all(left < right for left, right in pairwise(digits)))
    )


def _is_judgement(draft: Draft) -> bool:
    return draft.kind is Kind.TRUE_FALSE or are_verdicts([option for option in draft.options if option.strip()])


def _is_option(draft: Draft) -> bool:
    key = tidied(draft.key)
    return any(tidied(option) == key for option in draft.options if option and len(option) <= 2 * len(draft.key) + 2)


def _settle_verdicts(drafts: list[Draft]) -> None:
    """Judgements keyed 1 and 2: nothing says which is 对 unless the file has a legend."""
    judgements = [draft for draft in drafts if (draft.kind or draft.hint) is Kind.TRUE_FALSE and not any(draft.options)]
    if any(draft.key.strip() == "2" for draft in judgements) and not any(draft.verdicts for draft in judgements):
        for draft in judgements:
            draft.verdicts_unclear = True
