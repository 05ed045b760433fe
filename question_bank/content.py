"""QuestionContent: what a question says, apart from where it is kept."""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from question_bank.digests import digest_of
from question_bank.kinds import QuestionKind

TRUE, FALSE = 1, 2
"""判断: 对 is option 1 (shown as A), 错 option 2 (shown as B)."""

MOST_OPTIONS = 26

_PINNED = {"以上都对", "以上都是", "以上皆是", "以上都不对", "以上都不是"}


@dataclass(frozen=True)
class QuestionContent:
    """One question as its author means it.

    ``options`` are texts in the author's order, numbered from 1 by everything that refers to them; empty except for
    单选 and 多选. ``choices`` is the key of 单选, 多选 (option numbers) and 判断 (``TRUE`` or ``FALSE``);
    ``blanks`` the accepted texts for each blank of 填空; ``model_answer`` that of 简答. ``pictures`` are pairs of a
    place (0 the stem, else the option's number) and the SHA-256 of the picture's bytes, in the order shown. An option
    that is a picture alone has no text.
    """

    kind: QuestionKind
    stem: str
    options: tuple[str, ...] = ()
    choices: frozenset[int] = frozenset()
    blanks: tuple[tuple[str, ...], ...] = ()
    model_answer: str = ""
    explanation: str = ""
    source: str = ""
    domain: str = ""
    difficulty: str = ""
    checked_on: date | None = None
    valid_until: date | None = None
    pictures: tuple[tuple[int, str], ...] = ()

    @property
    def key_as_letters(self) -> list[str] | list[list[str]]:
        """The key in the shape of CONTRACT §2: letters, ``["对"]``, texts per blank, or the model answer."""
        if self.kind is QuestionKind.TRUE_FALSE:
            return ["对" if TRUE in self.choices else "错"]
        if self.kind is QuestionKind.FILL_BLANK:
            return [list(texts) for texts in self.blanks]
        if self.kind is QuestionKind.SHORT_ANSWER:
            return [self.model_answer] if self.model_answer else []
        return [letter(number) for number in sorted(self.choices)]

    @property
    def options_in_words(self) -> tuple[str, ...]:
        """The options where no picture can be shown."""
        return tuple(text or "［图］" for text in self.options)

    @property
    def pinned(self) -> tuple[int, ...]:
        """Numbers of options that speak about the others (以上都对) and so stay last when options are mixed."""
        return tuple(number for number, text in enumerate(self.options, 1) if _speaks_of_all(text))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that a participant or a judge could be shown: equal digests, equal versions."""
        value = [
            self.kind.value, self.stem, list(self.options), sorted(self.choices), [list(b) for b in self.blanks],
            self.model_answer, self.explanation, self.source, self.domain, self.difficulty,
            *([[list(pair) for pair in self.pictures]] if self.pictures else []),
        ]  # fmt: skip
        return digest_of(value)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of kind, stem, options and key after tidying: equal fingerprints are the same question twice."""
        key: list[object] = [sorted(self.choices), [sorted(map(tidied, texts)) for texts in self.blanks]]
        value = [self.kind.value, *self._body(), *key, *([tidied(self.model_answer)] if self.model_answer else [])]
        return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()

    @property
    def body_fingerprint(self) -> str:
        """The same without the key: equal here with unequal ``fingerprint`` is a contradiction."""
        return hashlib.sha256(json.dumps([self.kind.value, *self._body()], ensure_ascii=False).encode()).hexdigest()

    def _body(self) -> list[object]:
        body: list[object] = [tidied(self.stem), [tidied(option) for option in self.options]]
        return [*body, [list(pair) for pair in self.pictures]] if self.pictures else body


def letter(number: int) -> str:
    """1 → A, 2 → B …"""
    return chr(ord("A") + number - 1)


def tidied(text: str) -> str:
    """A text as it is compared: full-width forms folded, white space gone, case folded."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def _speaks_of_all(text: str) -> bool:
    return tidied(text).strip("。.;；,，") in _PINNED
