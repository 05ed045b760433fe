"""Keys that an explanation states in a plain and final form: "…故选B。", "本题答案为ABD", "本题说法错误"."""

import re
import unicodedata
from collections.abc import Sequence

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.drafts import Draft
from question_bank.reading.kind_words import are_verdicts
from question_bank.reading.stems import key_in_stem, option_in_stem

_THUS = r"(?:故而|故|因此|因而|所以|综上所述|综上|由此可[知见]|据此|可见|即)"
_THIS = r"(?:本题|此题|该题|这道?题|本小题)"
_CLAUSE = r"(?:^|(?<=[。;,!?)\]】\s]))\s*"
_LETTERS = r"[A-La-l](?:[\s、,;和与及]*+[A-La-l])*+"
_PICK = (
    rf"[“\"'(\[【]?(?P<letters>{_LETTERS})(?![\s、,和与及]*[A-Za-z])[”\"')\]】]?"
    r"\s*(?:[两二三四五六]?个?(?:选项|项))?(?=\s*(?:[。.;,、!)\n]|$))"
)
_WORD = r"(?P<verdict>正确|错误|不正确|不对|对|错|√|×)的?(?=\s*(?:[。.;,!)\n]|$))"
_ANSWER = (
    rf"{_CLAUSE}(?:{_THUS}[,:]?\s*)?{_THIS}?的?[【\[]?(?:(?:正确|参考|标准|最佳|最终)的?(?:答案|选项)|答案)[】\]]?\s*"
    r"(?:应当?|应该)?(?:[为是选]\s*:?|:|(?=\s*[A-L】\]]))\s*"
)
_LETTER_FORMS = (
    re.compile(_ANSWER + _PICK),
    re.compile(
        rf"(?:(?<!事)(?<!变)故|因此|因而|所以|{_CLAUSE}(?:综上所述|综上),?){_THIS}?应?当?该?正?确?选择?\s*:?\s*{_PICK}"
    ),
    re.compile(rf"{_CLAUSE}(?:{_THUS},?)?{_THIS}应?当?该?正?确?选择?\s*:?\s*{_PICK}"),
    re.compile(rf"^\s*选择?\s*:?\s*{_PICK}"),
    re.compile(rf"{_CLAUSE}(?:{_THUS},?)?应?当?该?选择?\s*:?\s*{_PICK}(?=[。.!\s)]*$)"),
    re.compile(
        rf"{_CLAUSE}(?:{_THUS},?)?(?P<letters>{_LETTERS})\s*(?:选项|项)?[为是](?:{_THIS}的?)?(?:正确)?答案(?=\s*(?:[。.;,!)\n]|$))"
    ),
)
_RIGHT = re.compile(
    rf"{_CLAUSE}{_THUS}?(?:选项)?(?P<letters>{_LETTERS})(?![\s、,和与及]*[A-Za-z])\s*(?:选项|项)?(?:都|均)?[是为]?正确(?=\s*(?:[。.;,!)\n]|$))"
)
_SAYING = r"(?:说法|表述|描述|叙述|观点|陈述|论述|判断)"
_VERDICT_FORMS = (
    re.compile(_ANSWER + _WORD),
    re.compile(rf"{_CLAUSE}(?:{_THUS},?)?(?:{_THIS}|题干|题目|题中)的?{_SAYING}?[是为]?{_WORD}"),
    re.compile(rf"{_CLAUSE}(?:{_THUS},?)?(?:该|此|上述){_SAYING}[是为]?{_WORD}"),
    re.compile(rf"(?:(?<!事)(?<!变)故|因此|因而|所以),?{_SAYING}?[选为是]?{_WORD}"),
    re.compile(rf"^\s*{_SAYING}?{_WORD}"),
)
_SUPPOSED = re.compile(r"若|如果|假如|假设|倘若|如选|误以为|误认|误选|错选|易错|有人|有的|不少|许多|很多|同学|考生认")
_SAYS_SOMETHING = re.compile("选|答案|正确|错|对|√|×")
_SENTENCE = re.compile(r"[。;!?\n]")
_LONGEST = 4_000


def keys_explained(text: str, *, is_judgement: bool) -> list[str]:
    """The keys that an explanation states, each once: letters such as ABD, or a verdict."""
    if len(text) > _LONGEST or not _SAYS_SOMETHING.search(text):
        return []
    folded = unicodedata.normalize("NFKC", text)
    forms = (*_LETTER_FORMS, *_VERDICT_FORMS) if is_judgement else _LETTER_FORMS
    said = [mark for form in forms for mark in form.finditer(folded) if not _is_supposed(folded, mark.start())]
    return list(dict.fromkeys(filter(None, map(_key_of, sorted(said, key=lambda mark: mark.start())))))


def letters_called_right(text: str) -> list[str]:
    """The options of which an explanation says in passing that they are right: "选项A正确，选项BCD错误"."""
    folded = unicodedata.normalize("NFKC", text[:_LONGEST])
    return [key for mark in _RIGHT.finditer(folded) if (key := _key_of(mark))]


def _key_of(mark: re.Match[str]) -> str:
    groups = mark.groupdict()
    letters = re.findall("[A-L]", (groups.get("letters") or "").upper())
    if len(set(letters)) < len(letters):
        return ""
    return "".join(sorted(letters)) or groups.get("verdict") or ""


def _is_supposed(text: str, place: int) -> bool:
    """Whether the sentence says what would be, or what others choose."""
    begins = max((mark.end() for mark in _SENTENCE.finditer(text, max(0, place - 200), place)), default=0)
    return _SUPPOSED.search(text, begins, place) is not None


def take_explained_keys(drafts: Sequence[Draft]) -> None:
    """A question that states its key nowhere but in its explanation, there once and plainly, has that key."""
    for draft in drafts:
        if draft.explanation and not _states_key(draft):
            is_judgement = _is_judgement(draft)
            said = keys_explained(draft.explanation, is_judgement=is_judgement)
            if len(said) == 1 and (is_judgement or _may_be_letters(draft)):
                draft.key = said[0]


def _states_key(draft: Draft) -> bool:
    if draft.key.strip() or draft.trouble or draft.unsupported or draft.choices is not None or draft.blanks is not None:
        return True
    kind = Kind.TRUE_FALSE if _is_judgement(draft) else draft.kind or draft.hint
    if key_in_stem(draft.stem, kind, len(draft.options)) is not None:
        return True
    return option_in_stem(draft.stem, draft.options) is not None


def _is_judgement(draft: Draft) -> bool:
    if draft.kind is not None or not draft.is_choice:
        filled = [option for option in draft.options if option.strip()]
        return (draft.kind or draft.hint) is Kind.TRUE_FALSE or (draft.kind is None and are_verdicts(filled))
    return False


def _may_be_letters(draft: Draft) -> bool:
    kind = draft.kind or (None if draft.is_choice else draft.hint)
    return len(draft.options) > 1 and kind not in (Kind.FILL_BLANK, Kind.SHORT_ANSWER)
