"""Kinds that a column of codes states without a legend: what the rows that bear a code look like."""

import re
import unicodedata
from collections import defaultdict

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.drafts import Draft
from question_bank.reading.kind_words import KindWord, are_verdicts, kind_named, verdict_in


def settle_kinds(cells: list[tuple[Draft, str]], legend: dict[str, KindWord]) -> None:
    """What the kind column says; codes without a legend mean what the rows that bear them look like."""
    by_code: dict[str, list[Draft]] = defaultdict(list)
    for draft, text in cells:
        named = legend.get(text) or kind_named(text)
        if named is None:
            if text:
                by_code[text].append(draft)
            continue
        draft.kind, draft.is_choice, draft.unsupported = named.kind, named.is_choice, named.unsupported
    if by_code and len(by_code) <= 12:
        for drafts in by_code.values():
            _settle_code(drafts)


def _settle_code(drafts: list[Draft]) -> None:
    with_options = [draft for draft in drafts if sum(map(bool, draft.options)) >= 2]
    if len(with_options) * 2 < len(drafts):
        # "1" and "2" as verdicts: the options are nobody's text, and the code says judgement for all.
        keys = {draft.key.strip() for draft in drafts if draft.key.strip()}
        if keys and len(keys) <= 2 and (keys <= {"0", "1", "2"} or all(verdict_in(key) is not None for key in keys)):
            for draft in drafts:
                draft.kind = Kind.TRUE_FALSE
        return
    if all(are_verdicts([option for option in draft.options if option]) for draft in with_options):
        return
    lengths = [len(re.findall(r"[A-La-l]|\d", unicodedata.normalize("NFKC", draft.key))) for draft in with_options]
    several = sum(length > 1 for length in lengths)
    if several * 3 > len(lengths):
        for draft in with_options:
            draft.kind = Kind.MULTIPLE_CHOICE
