"""Questions in the common layout of texts and documents: "1、题干（ ）A… B… 答案：A" under 一、单选题."""

import re
from collections.abc import Callable
from itertools import groupby

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import lines as look
from question_bank.reading.drafts import Draft, Found, RowProblem
from question_bank.reading.key_blocks import (
    is_title_of_keys,
    keys_as_line,
    keys_in_line,
    keys_of_table,
    section_number_of,
)
from question_bank.reading.keys import letters_in, settle_keys
from question_bank.reading.kind_words import KindWord
from question_bank.reading.lines import Line
from question_bank.reading.options import labelled
from question_bank.reading.pieces import EXPLANATION, KEY, OPTION, STEM, Piece, Section, draft_of
from question_bank.reading.stems import key_in_stem

_LOOK_AHEAD = 14
FEW = 3


def drafts_of_lines(
    lines: list[Line], hint: Kind | None = None, finish: Callable[[list[Draft]], None] | None = None
) -> Found:
    """Every question in the lines, with keys that stand in blocks brought to theirs.

    ``finish`` may add what the lines themselves do not show, such as keys set in colour.
    """
    reader = _Reader([piece for line in lines for piece in look.pieces_of(line)], hint)
    reader.read()
    reader.hand_out_keys()
    drafts = [draft_of(piece) for piece in reader.pieces if piece.parts]
    if finish is not None:
        finish(drafts)
    settle_keys(drafts)
    if not any(_has_key(draft) for draft in drafts):
        with_options = sum(len(draft.options) > 1 for draft in drafts)
        if len(drafts) >= FEW and (with_options or reader.is_numbered):
            return Found(problems=[_no_keys(drafts)])
        if not with_options:
            return Found()  # prose
    return Found([draft for draft in drafts if draft.stem or draft.options])


def _has_key(draft: Draft) -> bool:
    kind = draft.kind or draft.hint
    return (
        bool(draft.key or draft.blanks)
        or kind is Kind.SHORT_ANSWER
        or key_in_stem(draft.stem, kind, len(draft.options)) is not None
    )


def _no_keys(drafts: list[Draft]) -> RowProblem:
    message = f"认出 {len(drafts)} 道题，但都没有答案，一道也不能收。请在每道题下写上“答案：A”，或在末尾列出全部答案。"
    return RowProblem("", None, "答案", "no_keys", message)


class _Reader:
    """Goes through the lines once; what a line is may depend on those just before and after."""

    def __init__(self, lines: list[Line], hint: Kind | None) -> None:
        lines = with_key_tables([line for line in lines if line.text.strip()])
        self.lines = look.with_numbers_joined(lines)
        self.pieces: list[Piece] = []
        self.section = Section(KindWord(hint) if hint else None, 0)
        self.piece: Piece | None = None
        self.last = 0
        self.last_of_all = 0  # whatever its section
        self.inner = 0  # in a list inside an answer: its last number
        self.keys: list[tuple[Section, int, str]] = []
        self.unclear: set[int] = set()  # sections for which two different blocks of keys stand there
        self.in_keys = False
        self.in_notice = False
        self.of_learner = False  # in what a learner answered, line by line
        self.key_section: Section | None = None
        starts = [start for line in self.lines if (start := look.start_of(line.text)) and start.is_sure]
        plain = sum(not start.in_brackets for start in starts)
        self.brackets_count = plain * 2 < len(starts)
        asked = sum(
            look.option_letter_of(line.text) == "A" or look.answer_of(line.text) is not None for line in self.lines
        )
        self.is_numbered = len(starts) * 4 >= asked and len(starts) > 0

    def read(self) -> None:
        for place, line in enumerate(self.lines):
            if not self._take_keys(place, line.text):
                self._take(place, line)

    # --- blocks of keys ----------------------------------------------------------------------------------------------

    def _take_keys(self, place: int, text: str) -> bool:
        number, rest = section_number_of(text)
        if self.in_keys and number and (keys := keys_in_line(rest)):
            self.key_section = self._section_at(number)
            if self.key_section is not None:
                self._keep(keys)
            return True
        answer = look.answer_of(text)
        keys = keys_in_line(answer or text)
        if len(keys) >= (2 if answer else 3) or (keys and (self.in_keys or _is_range(text))):
            self._keep(keys)
            self.in_keys = True
            return True
        if is_title_of_keys(text) and self._is_answer_of_question(place):
            self.of_learner = False
            if self.piece is not None and not self.piece.has(KEY):
                self.piece.add(KEY, "")
            return self.piece is not None
        if is_title_of_keys(text):
            self.in_keys, self.key_section = True, None
            if word := look.section_of(re.sub(r"(参考|标准|正确)?答案.*", "", text)):
                self.key_section = self._section_of_kind(word)
            return True
        if not self.in_keys:
            return False
        word = look.section_of(text) or look.section_of(re.sub(r"(参考|标准|正确)?答案.*", "", text))
        if word:
            if self._questions_follow(place):
                self.in_keys = False
                return False
            self.key_section = self._section_of_kind(word)
            return True
        return self._take_written_key(text)

    def _take_written_key(self, text: str) -> bool:
        start = look.start_of(text)
        section = self.key_section
        if start is None or section is None or section.kind not in (Kind.FILL_BLANK, Kind.SHORT_ANSWER):
            self.in_keys = False
            return False
        self.keys.append((section, start.number, start.rest))
        return True

    def _is_answer_of_question(self, place: int) -> bool:
        """答案： on a line of its own, its text on the next."""
        following = [line.text for line in self.lines[place + 1 : place + 3]]
        if not following:
            return True
        stated = look.answer_of(following[0]) or following[0]
        if keys_in_line(section_number_of(stated)[1]) or look.section_of(following[0]):
            return False
        return self.piece is not None and not self.piece.has(KEY)

    def _questions_follow(self, place: int) -> bool:
        following = [line.text for line in self.lines[place + 1 : place + 8]]
        return any(look.option_letter_of(text) == "A" for text in following) or (
            bool(following) and not keys_in_line(following[0]) and look.start_of(following[0]) is not None
            and self._section_of_kind(look.section_of(self.lines[place].text)) is None
        )  # fmt: skip

    def _section_of_kind(self, word: KindWord | None) -> Section | None:
        sections = {piece.section.number: piece.section for piece in self.pieces}.values()
        fitting = [
            s for s in sections if s.word and word and (s.word.kind, s.word.is_choice) == (word.kind, word.is_choice)
        ]
        return fitting[-1] if fitting else None

    def _section_at(self, number: int) -> Section | None:
        sections = list({piece.section.number: piece.section for piece in self.pieces}.values())
        return sections[number - 1] if number <= len(sections) else None

    def _keep(self, keys: dict[int, str]) -> None:
        section = self.key_section or Section(None, -1) if self.in_keys else self.section
        if section.number == -1 and self._numbers_repeat():
            section = self.section
        given = {number: key for kept, number, key in self.keys if kept.number == section.number}
        if any(given.get(number, key) != key for number, key in keys.items()):
            self.unclear.add(section.number)  # two blocks for one section: no telling whose they are
        self.keys += [(section, number, key) for number, key in keys.items()]

    def _numbers_repeat(self) -> bool:
        numbers = [piece.number for piece in self.pieces if piece.number]
        return len(set(numbers)) < len(numbers)

    def hand_out_keys(self) -> None:
        """Each key of a block goes to the one question of its section that bears its number and has none."""
        waiting: dict[tuple[int, int], list[Piece]] = {}
        for piece in self.pieces:
            if piece.number is not None and not "".join(piece.texts(KEY)).strip():
                for number in (piece.section.number, -1):
                    waiting.setdefault((number, piece.number), []).append(piece)
        for section, number, key in self.keys:
            if section.number in self.unclear:
                continue
            pieces = waiting.get((section.number, number), [])
            if len(pieces) == 1 and pieces[0].key in (None, key):
                pieces[0].key = key

    # --- questions ---------------------------------------------------------------------------------------------------

    def _take(self, place: int, line: Line) -> None:
        text = line.text
        if (word := look.section_of(text)) is not None and not self._is_kind_of_one(place, text):
            self.section = Section(word, self.section.number + 1)
            self.piece, self.last, self.inner = None, 0, 0
            return
        if self.in_notice or look.is_notice(text):
            self.in_notice = self._is_in_notice(place, text)
            if self.in_notice:
                return
        if self._take_about(place, text):
            return
        if self._begins_question(place, text):
            self._begin(line)
            return
        self._continue(place, line)

    def _is_in_notice(self, place: int, text: str) -> bool:
        """Rules go on until something looks like a question: options, an answer, or a key in the line."""
        if look.is_notice(text):
            return True
        start = look.start_of(text)
        return start is None or not (
            (start.number == 1 and place and look.start_of(self.lines[place - 1].text) is not None)
            or self._evidence(place, start.rest)
        )

    def _is_kind_of_one(self, place: int, text: str) -> bool:
        """ "3. [多选题]", the stem on the next line: no heading, if options follow before the next number does."""
        start = look.start_of(text)
        return start is not None and not look.inline_kind_of(start.rest)[1] and self._evidence(place, "")

    def _take_about(self, place: int, text: str) -> bool:
        """Lines that say something about the question at hand."""
        piece = self.piece
        if look.is_learners_answer(text) and look.answer_of(text) is None:
            self.of_learner = self._learner_wrote_a_list(place)
            return True
        if self.of_learner and look.start_of(text) is not None:
            return True
        self.of_learner = False
        answer = look.answer_of(text)
        if answer is None and piece is not None and (piece.role in (STEM, OPTION) or self.section.is_written):
            answer = look.answer_word_of(text)
        if answer is not None and piece is not None:
            piece.add(KEY, answer)
            self.inner = 1 if re.match(r"\s*[（(]?1\s*[.．、)）]", answer) else 0
            return True
        explanation = look.explanation_of(text)
        if explanation is not None and piece is not None:
            piece.add(EXPLANATION, explanation)
            self.inner = 0
            return True
        if piece is not None and piece.role != STEM and (source := look.source_of(text)) is not None:
            piece.source = source
            return True
        if look.is_meta(text):
            if piece is not None and (difficulty := look.difficulty_of(text)):
                piece.difficulty = difficulty
            return True
        return False

    def _learner_wrote_a_list(self, place: int) -> bool:
        """(1) … (2) … below 我的答案：, and then the right answer: a list that is no question and no answer."""
        for line in self.lines[place + 1 : place + _LOOK_AHEAD]:
            if look.answer_of(line.text) is not None:
                return True
            start = look.start_of(line.text)
            if start is None or not start.in_brackets:
                return False
        return False

    def _begins_question(self, place: int, text: str) -> bool:
        if (
            self.section.is_written
            and look.chinese_start_of(text) is not None
            and not self._digits_number_this_section(place)
        ):
            return True
        start = look.start_of(text)
        if start is None:
            if look.names_its_kind(text) and (self.piece is None or self._is_complete(self.piece)):
                return True
            return not self.is_numbered and self._is_next_unnumbered(text)
        if start.in_brackets and not self.brackets_count:
            return False
        expected = start.number == self.last + 1
        if not start.is_sure:
            if self.piece is None and start.number == self.last_of_all + 1:  # the numbers go on under a heading
                expected = expected or self._evidence(place, start.rest)
            return expected and (self.piece is None or self._is_complete(self.piece)) and len(start.rest) > 3
        evidence = self._evidence(place, start.rest)
        if self.piece is not None and self.piece.role in (KEY, EXPLANATION) and self._is_list_inside(start.number):
            if not evidence:
                self.inner = start.number
                return False
            return True
        if expected or self.piece is None:
            return True
        if self.section.is_written and not evidence:
            return False
        return evidence or start.number > self.last

    def _is_list_inside(self, number: int) -> bool:
        """Numbered lines of an answer or explanation: they begin with 1 where 1 is not due, and go on."""
        return number == self.inner + 1 and (
            self.inner > 0 or number != self.last + 1 or (self.piece is not None and self.piece.number is None)
        )

    def _digits_number_this_section(self, place: int) -> bool:
        return any(look.start_of(line.text) for line in self.lines[max(0, place - 1) : place])

    def _evidence(self, place: int, rest: str) -> bool:
        """Whether options or an answer follow before the next number does, or a key stands in the stem."""
        if key_in_stem(rest, self.section.kind, 4 if self.section.kind is None else 0) is not None or labelled(
            rest, behind_stem=True
        ):
            return True
        for line in self.lines[place + 1 : place + _LOOK_AHEAD]:
            if look.option_letter_of(line.text) == "A" or look.answer_of(line.text) is not None:
                return True
            if look.answer_word_of(line.text) is not None:
                return True
            if (start := look.start_of(line.text)) and start.is_sure:
                return False
            if look.section_of(line.text) or look.names_its_kind(line.text):
                return False
        return False

    def _is_next_unnumbered(self, text: str) -> bool:
        if look.option_letter_of(text):
            return False
        if self.piece is None:
            return not look.is_title(text)
        if self.section.kind is Kind.TRUE_FALSE:
            return True
        return self.piece.has(KEY) or (self.piece.has(OPTION) and self._stem_has_key(self.piece))

    def _stem_has_key(self, piece: Piece) -> bool:
        return key_in_stem("\n".join(piece.texts(STEM)), None, 4) is not None

    def _is_complete(self, piece: Piece) -> bool:
        return (
            piece.has(OPTION)
            or piece.has(KEY)
            or self.section.kind in (Kind.TRUE_FALSE, Kind.FILL_BLANK, Kind.SHORT_ANSWER)
        )

    def _begin(self, line: Line) -> None:
        start = look.start_of(line.text)
        counted = start is not None and (not start.in_brackets or self.brackets_count)
        rest = start.rest if start is not None and counted else line.text
        if self.section.is_written and (bare := look.chinese_start_of(rest)) is not None:
            rest = bare
        word, stem = look.inline_kind_of(look.without_stem_name(rest))
        self._open(line.number, start.number if start is not None and counted else None, stem, word)

    def _open(self, line: int, number: int | None, stem: str, word: KindWord | None) -> None:
        self.piece = Piece(line, number, self.section, word)
        self.piece.add(STEM, stem)
        self.pieces.append(self.piece)
        self.last, self.inner = number if number is not None else self.last, 0
        self.last_of_all = self.last or self.last_of_all

    def _continue(self, place: int, line: Line) -> None:
        text, piece = line.text, self.piece
        letter = look.option_letter_of(text)
        if piece is None:
            if letter == "A" and self._restarts(place) and place:
                self._open(line.number, None, self.lines[place - 1].text, None)  # its number was not to be read
                self.pieces[-1].add(OPTION, text)
            return  # titles and notices before the first question
        if letter is not None and piece.role == KEY and not "".join(piece.texts(KEY)[-1:]).strip():
            piece.add(KEY, text)  # 答案： on a line of its own, the right options written out below it
        elif letter is not None and piece.role == KEY and _is_option_line(piece.texts(KEY)[-1]):
            piece.add(KEY, text)
        elif letter == "A" and piece.has(OPTION) and piece.role != EXPLANATION and self._restarts(place):
            self._split_off(line)
            assert self.piece is not None
            self.piece.add(OPTION, text)
        elif letter is not None and piece.role in (STEM, OPTION) and self._is_option(piece, letter, place):
            piece.add(OPTION, text)
        elif (
            look.is_title(text)
            and self._is_complete(piece)
            and look.start_of(text) is None
            and not self.section.is_written
        ):
            self.piece = None
            self.last = 0
        elif self.section.is_written and not piece.has(KEY) and not self._marker_follows(place):
            piece.add(KEY, text)
        else:
            piece.add(piece.role, text)

    def _is_option(self, piece: Piece, letter: str, place: int) -> bool:
        if piece.has(OPTION):
            return True
        return letter == "A" and any(
            "B" in (look.option_letter_of(line.text) or "")
            or re.search(r"\s[（(\[【]?[BＢ]\s*[.．、:：)）\s一-鿿]|[;；,，。]\s*[BＢ]\s*[.．、:：)）]", line.text)
            for line in [self.lines[place], *self.lines[place + 1 : place + 4]]
        )

    def _restarts(self, place: int) -> bool:
        return any(look.option_letter_of(line.text) == "B" for line in self.lines[place + 1 : place + 3]) or bool(
            labelled(self.lines[place].text)
        )

    def _split_off(self, line: Line) -> None:
        """A second option A: the lines since the last option or answer were the stem of a question without number."""
        assert self.piece is not None
        tail: list[str] = []
        parts = self.piece.parts
        while parts and not look.option_letter_of(parts[-1][1]) and parts[-1][0] != STEM and len(parts) > 1:
            if parts[-1][0] == KEY and len(self.piece.texts(KEY)) == 1:
                break
            tail.insert(0, self.piece.take_last())
        self._open(line.number, None, "\n".join(tail), None)

    def _marker_follows(self, place: int) -> bool:
        """Whether 答： comes before the next question: then these lines are still the stem."""
        for line in self.lines[place + 1 : place + 40]:
            if look.answer_of(line.text) is not None or look.answer_word_of(line.text) is not None:
                return True
            start = look.start_of(line.text)
            if (start and start.is_sure and not start.in_brackets) or look.section_of(line.text):
                return False
        return False


def with_key_tables(lines: list[Line]) -> list[Line]:
    """Tables drawn with | that hold keys by number, each as one line of keys."""
    result: list[Line] = []
    for is_table, group in groupby(lines, key=lambda line: line.text.count("|") > 1):
        together = list(group)
        cells = [line.text.strip().strip("|").split("|") for line in together] if is_table else []
        keys = keys_of_table(cells)
        result += [Line(together[0].number, keys_as_line(keys))] if keys else together
    return result


def _is_option_line(text: str) -> bool:
    return look.option_letter_of(text) is not None and letters_in(text) is None


def _is_range(text: str) -> bool:
    return bool(re.match(r"\s*\d+\s*[-~—–－至]+\s*\d+", text))
