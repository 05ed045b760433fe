"""One draft in; a question, or what is wrong with it, out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from question_bank.alternatives import with_alternatives
from question_bank.blanks import NO_ANSWERS, blanks_from, synonyms
from question_bank.choice_keys import ChoiceKey, TwoMeanings, position_of
from question_bank.content import FALSE, MOST_OPTIONS, TRUE, QuestionContent
from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.albums import Album
from question_bank.reading.drafts import Draft, RowProblem
from question_bank.reading.keys import letters_in
from question_bank.reading.kind_words import are_verdicts, verdict_in
from question_bank.reading.options import items_of_list
from question_bank.reading.pictured import set_pictures
from question_bank.reading.stems import blanks_in, is_ambiguous, key_in_stem, option_in_stem, shown_between_blanks
from question_bank.reading.unseen import without_unseen
from question_bank.settled_options import settled_options
from question_bank.shown_keys import (
    KeysDisagree,
    other_key_explained,
    stem_without_answers,
    stem_without_letters,
    stem_without_verdict,
)
from question_bank.tags import LONGEST_TAG, MOST_TAGS, kept
from question_bank.verdict_keys import VerdictKey

_ODD_MARKS = set("VvOo○〇●WwRrＶｖＯｏ")
"""Marks that some write for 对 and others for 错, or for something else; they are no answer in words."""


@dataclass
class Judged:
    """What became of a draft: a question, or at least one problem."""

    content: QuestionContent | None = None
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)


class _Problem(Exception):
    def __init__(self, column: str, code: str, message: str) -> None:
        super().__init__(code)
        self.column, self.code, self.message = column, code, message


def judged(draft: Draft, album: Album | None = None) -> Judged:
    """Settle kind, options and key of a draft. Contradictions are named, never guessed away.

    ``album`` holds the pictures of its file.
    """
    if album:
        set_pictures(draft, album)
    judging = _Judging(draft, album or Album())
    try:
        content = judging.content()
        if other := other_key_explained(draft, content, judging.options, judging.labels):
            judging.warn("解析", "keys_disagree", f"解析最后写着 {other}，前面说的和答案一致，请核对。")
    except _Problem as problem:
        return Judged(problems=[_row_problem(draft, problem)])
    except KeysDisagree as why:
        stated = _short(judging.key) or "别的"
        message = f"{why.where}里写着 {why.shown}，答案写着 {stated}。请核对，留下对的那个。"
        return Judged(problems=[_row_problem(draft, _Problem(draft.key_column, "keys_disagree", message))])
    return Judged(content, warnings=[_row_problem(draft, warning) for warning in judging.warnings])


def _row_problem(draft: Draft, problem: _Problem) -> RowProblem:
    return RowProblem(draft.sheet, draft.row, problem.column, problem.code, problem.message)


class _Judging:
    """The settling of one draft, in the order a person would do it: stem, options, kind, key."""

    def __init__(self, draft: Draft, album: Album) -> None:
        self.draft, self.album = draft, album
        self.warnings: list[_Problem] = []
        self.stem = draft.stem if draft.exact else draft.stem.strip()
        self.key = draft.key if draft.exact else without_unseen(draft.key).strip()
        self.settled = settled_options(draft)
        self.options, self.labels = self.settled.texts, self.settled.labels
        self.explanation, self.source = draft.explanation, draft.source
        self.pieces: tuple[str, ...] = ()
        self.took_key_from_stem = False

    def content(self) -> QuestionContent:
        draft = self.draft
        if draft.trouble is not None:
            raise _Problem(*draft.trouble)
        if draft.unsupported:
            raise _Problem(
                "题型",
                "kind_not_supported",
                f"不支持这种题型：{draft.unsupported}。请改为单选、多选、判断、填空或简答。",
            )
        if draft.broken:
            raise _Problem("", "not_well_formed", draft.broken)
        if not self.stem and draft.pictures:
            raise _Problem(draft.stem_column, "stem_missing", "题干只有图。请补一句话，例如“图中的标志表示（ ）。”。")
        if not self.stem:
            raise _Problem(draft.stem_column, "stem_missing", "没有题干。请填写题干，或删去这一行。")
        if not draft.exact and not self.key and draft.choices is None and draft.blanks is None:
            self._take_key_from_stem()
        kind = draft.kind or self._kind()
        if kind is None:
            raise _Problem("题型", "kind_unknown", "看不出是什么题型：没有选项，也没有答案。请填写题型和答案。")
        if draft.pictures_below:
            self.warn("选项", "picture_below_options", "图在选项或题干的后面，已当作题干的图收下，请核对。")
        if not kind.has_options:
            self._leave_pictured_options()
        self._look_at_tags()
        parts = {
            Kind.SINGLE_CHOICE: self._choice,
            Kind.MULTIPLE_CHOICE: self._choice,
            Kind.TRUE_FALSE: self._judgement,
            Kind.FILL_BLANK: self._blanks,
            Kind.SHORT_ANSWER: self._model_answer,
        }[kind](kind)
        return QuestionContent(
            kind=kind,
            stem=self.stem,
            explanation=self.explanation,
            source=self.source,
            domain=draft.domain,
            difficulty=draft.difficulty,
            checked_on=draft.checked_on,
            valid_until=draft.valid_until,
            pictures=self.settled.pictures(draft, self.album, has_options=kind.has_options),
            **parts,  # type: ignore[arg-type]  # each part is a field of its own type
        )

    def _look_at_tags(self) -> None:
        tags = self.draft.tags
        if len(kept(tags)) < len(tags) or any(len(tag) > LONGEST_TAG for tag in tags):
            message = f"标签最多 {MOST_TAGS} 个，每个最多 {LONGEST_TAG} 个字，多出来的没有收下。"
            self.warn("标签", "tags_cut", message)

    # --- options -----------------------------------------------------------------------------------------------------

    def _leave_pictured_options(self) -> None:
        """判断, 填空 and 简答 show no options: pictures that lie there belong to the stem."""
        self.options = [self._bare(text) for text in self.options]
        while self.options and not self.options[-1]:
            self.options.pop()

    def _bare(self, text: str) -> str:
        return self.album.part(text, exact=True)[0] if self.draft.pictures else text

    @property
    def _filled(self) -> list[str]:
        return list(filter(None, self.options))

    def _position(self, letter: str) -> int | None:
        return position_of(letter, self.options, self.labels)

    # --- kind --------------------------------------------------------------------------------------------------------

    def _kind(self) -> Kind | None:
        draft, hint = self.draft, self.draft.hint
        if hint is not None and not draft.is_choice:
            return hint
        filled = self._filled
        if draft.blanks is not None:
            return Kind.FILL_BLANK
        if draft.is_choice and len(filled) >= 2 and hint in (Kind.SINGLE_CHOICE, Kind.MULTIPLE_CHOICE):
            return hint
        if not draft.is_choice and are_verdicts(filled):
            return Kind.TRUE_FALSE
        if draft.choices is not None:
            return Kind.MULTIPLE_CHOICE if len(draft.choices) > 1 else Kind.SINGLE_CHOICE
        if len(filled) >= 2 or draft.is_choice:
            numbers = self._numbers() if self.key else None
            several = numbers is not None and len(numbers) > 1
            return Kind.MULTIPLE_CHOICE if several or self._says_several() else Kind.SINGLE_CHOICE
        return self._kind_without_options()

    def _says_several(self) -> bool:
        return bool(re.search(r"[（(【\[]\s*(多选|不定项)题?\s*[）)】\]]", self.stem))

    def _kind_without_options(self) -> Kind | None:
        if not self.key:
            return None
        is_letter = letters_in(self.key) in (["A"], ["B"]) and self.key.upper() not in self.draft.verdicts
        if not is_letter and self._verdict() is not None:
            return Kind.TRUE_FALSE
        if letters_in(self.key) is not None:
            return Kind.SINGLE_CHOICE  # its options are lost: to be named
        if self.key in _ODD_MARKS and not blanks_in(self.stem):
            message = f"答案写作“{self.key}”，看不出是对还是错。请填写题型，判断题的答案请写“对”或“错”。"
            raise _Problem(self.draft.key_column, "key_not_understood", message)
        items = items_of_list(self.key) or []
        if len(items) > max(1, blanks_in(self.stem)):
            return Kind.SHORT_ANSWER  # the texts of all right options, which are lost
        if len(self.key) <= 60 and "\n" not in self.key and (self.pieces or blanks_in(self.stem)):
            return Kind.FILL_BLANK
        if stem_without_answers(self.stem, blanks_from(self.key, 0)) != self.stem:
            return Kind.FILL_BLANK  # the stem shows its answers in brackets, too
        return Kind.SHORT_ANSWER

    def _take_key_from_stem(self) -> None:
        draft = self.draft
        kind = draft.kind or (None if draft.is_choice else draft.hint)
        if kind is Kind.FILL_BLANK and self._filled:
            return  # the option columns hold its answers
        if draft.blanks_are_empty and kind in (None, Kind.FILL_BLANK) and "__" in self.stem and not self._filled:
            return
        is_verdict = are_verdicts(self._filled)
        looked_for = Kind.TRUE_FALSE if kind is None and is_verdict else kind
        found = key_in_stem(self.stem, looked_for, len(self.options))
        if found is None and is_verdict:
            found = key_in_stem(self.stem, Kind.SINGLE_CHOICE, 2)
        if found is None and kind is Kind.TRUE_FALSE and draft.verdicts and not self._filled:
            found = key_in_stem(self.stem, Kind.SINGLE_CHOICE, 2)
        if found is None and len(self._filled) > 1:
            found = option_in_stem(self.stem, self.options)
        if found is None:
            return
        if is_ambiguous(found, kind):
            raise _Problem(
                draft.stem_column, "key_ambiguous", "题干里有几处像答案的地方，分不清哪处是答案。请把答案写在“答案”列。"
            )
        self.stem, self.key, self.pieces = found.stem, found.key, found.pieces
        self.took_key_from_stem = True
        self.explanation, self.source = self.explanation or found.why, self.source or found.source

    def _is_stated_apart(self) -> bool:
        return bool(self.key) and not self.draft.exact and not self.took_key_from_stem

    # --- choices -----------------------------------------------------------------------------------------------------

    def _choice(self, kind: Kind) -> dict[str, object]:
        if len(self._filled) < 2:
            raise _Problem("选项", "options_missing", "选项不足两个。请补上选项，或改成判断、填空、简答题。")
        if len(self.options) > MOST_OPTIONS:
            raise _Problem("选项", "too_many_options", f"选项超过 {MOST_OPTIONS} 个。请减少选项。")
        numbers = self.draft.choices if self.draft.choices is not None else self._key_numbers()
        if not numbers:
            raise _Problem(self.draft.key_column, "key_missing", "没有标出正确答案。请填写答案。")
        self._require_no_gap(numbers)
        if self._is_stated_apart():
            self.stem = stem_without_letters(self.stem, self.options, numbers, self._position)
        if kind is Kind.SINGLE_CHOICE and len(numbers) > 1:
            raise _Problem(
                self.draft.key_column,
                "kind_and_key_disagree",
                f"题型是单选题，答案却有 {len(numbers)} 个（{self.key}）。请改题型或改答案。",
            )
        if kind is Kind.MULTIPLE_CHOICE and len(numbers) == 1:
            self.warn(self.draft.key_column, "single_right_option", "多选题只有一个正确选项，已按多选题收下，请核对。")
        if self.settled.are_equal():
            self.warn("选项", "options_equal", "有两个选项文字相同，请核对。")
        return {"options": tuple(map(self._bare, self.options)), "choices": frozenset(numbers)}

    def _require_no_gap(self, numbers: Iterable[int]) -> None:
        if all(self.options):
            return
        letters = "、".join(chr(64 + place) for place, text in enumerate(self.options, 1) if not text)
        raise _Problem(
            "选项", "option_empty", f"选项 {letters} 是空的，后面还有选项。请补上，或把后面的选项前移并改正答案。"
        )

    def _key_numbers(self) -> frozenset[int]:
        if not self.key:
            raise _Problem(self.draft.key_column, "key_missing", "没有答案。请填写答案，例如 A 或 ABD。")
        numbers = self._numbers()
        if numbers is None:
            raise _Problem(
                self.draft.key_column,
                "key_not_among_options",
                f"答案“{_short(self.key)}”不在选项里。请改成选项的字母，例如 A 或 ABD。",
            )
        return numbers

    def _numbers(self) -> frozenset[int] | None:
        """Which options the key means; None if it means none of them. Two meanings are a problem."""
        choice = ChoiceKey(self.draft, self.key, self.options, self.labels)
        try:
            numbers = choice.numbers()
        except TwoMeanings as error:
            raise _Problem(
                self.draft.key_column,
                "key_ambiguous",
                f"答案“{_short(self.key)}”既可以是选项的编号，也可以是选项的内容。请改成选项的字母，例如 A。",
            ) from error
        self.explanation = self.explanation or choice.explanation
        return numbers

    # --- judgements --------------------------------------------------------------------------------------------------

    def _judgement(self, _kind: Kind) -> dict[str, object]:
        draft = self.draft
        if draft.choices is not None:
            return {"choices": self._choice_as_verdict(draft.choices)}
        if not self.key:
            raise _Problem(draft.key_column, "key_missing", "没有答案。请填写“对”或“错”。")
        if draft.verdicts_unclear and self.key in ("1", "2"):
            raise _Problem(
                draft.key_column,
                "verdict_unclear",
                f"判断题的答案写作 {self.key}，文件里没有说明 1、2 哪个是对。请改成“对”或“错”。",
            )
        verdict = self._verdict()
        if verdict is None:
            filled = self._filled
            if len(filled) > 1 and any(verdict_in(text) is None for text in filled):
                raise _Problem(
                    "选项", "kind_and_options_disagree", "题型是判断题，选项却不是“对”和“错”。请改题型或改选项。"
                )
            code = "key_not_among_options" if letters_in(self.key) else "key_not_understood"
            raise _Problem(draft.key_column, code, f"看不懂判断题的答案“{_short(self.key)}”。请改成“对”或“错”。")
        if self._is_stated_apart():
            found = stem_without_verdict(self.stem, verdict)
            self.stem, self.explanation = found.stem, self.explanation or found.why
        return {"choices": frozenset({TRUE if verdict else FALSE})}

    def _choice_as_verdict(self, choices: frozenset[int]) -> frozenset[int]:
        """A key stated outright: TRUE or FALSE, or the number of the option that says so."""
        if len(choices) != 1:
            raise _Problem(self.draft.key_column, "key_missing", "判断题要有一个正确答案。请标出“对”或“错”。")
        if not self._filled:
            return choices
        verdict = verdict_in(self.options[next(iter(choices)) - 1])
        if verdict is None:
            raise _Problem(
                "选项", "kind_and_options_disagree", "题型是判断题，选项却不是“对”和“错”。请改题型或改选项。"
            )
        return frozenset({TRUE if verdict else FALSE})

    def _verdict(self) -> bool | None:
        stated = VerdictKey(self.draft, self.key, self.options, self.labels)
        verdict = stated.verdict()
        self.explanation = self.explanation or stated.remark
        return verdict

    # --- blanks and texts --------------------------------------------------------------------------------------------

    def _blanks(self, _kind: Kind) -> dict[str, object]:
        if self.draft.blanks is not None:
            return {"blanks": self.draft.blanks}
        if self.pieces:
            return {"blanks": tuple(with_alternatives((piece,)) for piece in self.pieces)}
        filled = self._filled
        if not self.key and filled:
            return {"blanks": self._blanks_by_column(filled)}
        if not self.key or (not self.draft.exact and self.key.strip("。.（）()") in NO_ANSWERS):
            raise _Problem(self.draft.key_column, "key_missing", "没有答案。请填写答案；几个空之间用“；”隔开。")
        letters = letters_in(self.key)
        places = [self._position(letter) for letter in letters] if letters and filled else []
        if places and all(places) and (len(filled) == 1 or len(places) == len(filled)):
            return {"blanks": tuple(synonyms(self.options[place - 1]) for place in places if place)}
        if len(filled) > 1 and places:
            raise _Problem(
                "选项", "kind_and_options_disagree", "题型是填空题，却有几个选项供选择。请改题型，或把答案写成文字。"
            )
        blanks = blanks_from(self.key, blanks_in(self.stem))
        if self._is_stated_apart():
            self.stem = stem_without_answers(self.stem, blanks)
        if self.draft.exact:
            return {"blanks": blanks}
        self._count_blanks(self.draft.key_column, blanks)
        return {"blanks": tuple(map(with_alternatives, blanks))}

    def _count_blanks(self, column: str, answers: Sequence[Sequence[str]]) -> None:
        drawn = blanks_in(self.stem)
        if drawn < 2 or drawn == len(answers):
            return
        count = f"题干有 {drawn} 个空，答案有 {len(answers)} 个"
        if len(answers) < drawn and (shown := shown_between_blanks(self.stem, answers)):
            message = f"{count}，“{shown}”像是填在空里的答案。请把空写成空的，答案都写在答案里。"
            raise _Problem(column, "blanks_differ", message)
        self.warn(column, "blanks_differ", f"{count}，请核对。")

    def _blanks_by_column(self, filled: list[str]) -> tuple[tuple[str, ...], ...]:
        """Answers in the option columns: one for each blank, or several for the only blank that is drawn."""
        if blanks_in(self.stem) == 1:
            return (tuple(dict.fromkeys(part for text in filled for part in synonyms(text))),)
        self._count_blanks("选项", blanks := tuple(map(synonyms, filled)))
        return blanks

    def _model_answer(self, _kind: Kind) -> dict[str, object]:
        answer, filled = self.key, self._filled
        letters = letters_in(self.key)
        if not self.draft.exact and not filled and (items := items_of_list(answer)):
            answer = "\n".join(item.strip() for item in items)
        if filled and (not answer or (letters and all(self._position(letter) for letter in letters))):
            answer = "\n".join(filled)
        return {"model_answer": answer}

    def warn(self, column: str, code: str, message: str) -> None:
        self.warnings.append(_Problem(column, code, message))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 30 else line[:30] + "…"
