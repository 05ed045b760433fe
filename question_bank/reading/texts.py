"""Questions in the common layout of texts and documents: "1、题干（ ）A… B… 答案：A" under 一、单选题."""

from collections.abc import Callable
from dataclasses import replace

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import ahead
from question_bank.reading import lines as look
from question_bank.reading.answers_behind import take_answers_behind
from question_bank.reading.chapters import chapter_of, sections_without_numbers
from question_bank.reading.drafts import Draft, Found
from question_bank.reading.explained_keys import take_explained_keys
from question_bank.reading.key_pages import hand_out, without_key_pages
from question_bank.reading.keys import letters_in, settle_keys
from question_bank.reading.keys_behind import take_keys_behind
from question_bank.reading.kind_words import KindWord, verdicts_in_legend
from question_bank.reading.lines import Line
from question_bank.reading.numbers_inside import (
    bare_numbers_run,
    brackets_number_questions,
    is_list_in_stem,
    squares_number_questions,
    take_glued_question,
)
from question_bank.reading.other_brackets import take_keys_in_other_brackets
from question_bank.reading.pieces import EXPLANATION, KEY, OPTION, STEM, Piece, Section, draft_of
from question_bank.reading.rewriting import in_common_layout
from question_bank.reading.shared_stems import give_shared_stems, without_shared_stems
from question_bank.reading.stems import key_in_stem
from question_bank.reading.text_keys import KeyBlocks
from question_bank.reading.text_problems import name_answers_above, no_keys, no_stem
from question_bank.reading.titles_between import is_title_between, quotes_law

FEW, _NEAR = 3, 7
_ENDS = ("。", "）", ")", "？", "?", "！", "√", "×", "；")


def drafts_of_lines(
    lines: list[Line], hint: Kind | None = None, finish: Callable[[list[Draft]], None] | None = None
) -> Found:
    """Every question in the lines, with keys that stand in blocks brought to theirs.

    ``finish`` may add what the lines themselves do not show, such as keys set in colour.
    """
    lines, pages = without_key_pages(in_common_layout(lines))
    lines, shared = without_shared_stems(lines)
    reader = _Reader([piece for line in lines for piece in look.pieces_of(line)], hint)
    reader.read()
    reader.keys.hand_out()
    problems = hand_out(pages, reader.pieces)
    give_shared_stems(shared, reader.pieces)
    drafts = [draft_of(piece) for piece in reader.pieces if piece.parts]
    if finish is not None:
        finish(drafts)
    take_keys_behind(drafts)
    take_keys_in_other_brackets(drafts)
    take_answers_behind(drafts)
    take_explained_keys(drafts)
    settle_keys(drafts)
    if not any(_has_key(draft) for draft in drafts):
        with_options = sum(len(draft.options) > 1 for draft in drafts)
        if len(drafts) >= FEW and (with_options or reader.is_numbered):
            return Found(problems=[no_keys(drafts)])
        if not with_options:
            return Found()  # prose
    if reader.answer_above_all and not _has_key(drafts[-1]):
        name_answers_above(drafts)
    asked = [draft for draft in drafts if draft.stem or draft.options]
    return Found(
        asked, problems + [no_stem(draft) for draft in drafts if draft.key and not (draft.stem or draft.options)]
    )


def _has_key(draft: Draft) -> bool:
    kind = draft.kind or draft.hint
    return (
        bool(draft.key or draft.blanks)
        or kind is Kind.SHORT_ANSWER
        or key_in_stem(draft.stem, kind, len(draft.options)) is not None
        or (bool(draft.verdicts) and key_in_stem(draft.stem, Kind.SINGLE_CHOICE, 2) is not None)
    )


class _Reader:
    """Goes through the lines once; what a line is may depend on those just before and after."""

    def __init__(self, lines: list[Line], hint: Kind | None) -> None:
        self.lines = look.with_numbers_joined([line for line in lines if line.text.strip()])
        self.pieces: list[Piece] = []
        self.section = Section(KindWord(hint) if hint else None, 0)
        self.piece: Piece | None = None
        self.chapter, self.headings = "", 0  # the title last seen, and how many headings were
        self.last = 0
        self.last_of_all = 0  # whatever its section
        self.inner = 0  # in a list inside an answer: its last number
        self.inner_mark = ""  # and what stands behind its numbers
        self.keys = KeyBlocks(self.lines, self.pieces)
        self.in_notice = False
        self.passed: Line | None = None  # the last line that belongs to no question
        self.answer_above_all = False  # an answer stands above the first question
        self.of_learner = False  # in what a learner answered, line by line
        starts = [start for line in self.lines if (start := line.start) and start.is_sure]
        self.brackets_count = brackets_number_questions(self.lines)
        asked = sum(line.letter == "A" or line.answer is not None for line in self.lines)
        self.squares_count = squares_number_questions(self.lines)
        self.without_numbers = sections_without_numbers(self.lines)
        self.bare_numbers = bare_numbers_run(self.lines)
        self.is_numbered = self.bare_numbers or (len(starts) * 4 >= asked and len(starts) > 0)

    def read(self) -> None:
        for place, line in enumerate(self.lines):
            if self.keys.take(place, self.section, self.piece):
                self.of_learner = False
                if self.keys.are_complete:
                    self.piece, self.last, self.inner = None, 0, 0
            else:
                self._take(place, line)

    # --- questions ---------------------------------------------------------------------------------------------------

    def _take(self, place: int, line: Line) -> None:
        text = line.text
        self.chapter = chapter_of(text) or self.chapter
        if (word := line.section) is not None and not self._is_kind_of_one(place, line):
            self.section = Section(word, self.section.number + 1, look.is_about_cases(text), chapter=self.chapter)
            self.section.verdicts = verdicts_in_legend(text)
            self.headings += 1
            self.in_notice = self.in_notice and not self._numbers_begin_below(place)
            self.piece, self.last, self.inner = None, 0, 0
            return
        if self.section.is_case and self._begins_material(place, line):
            self.piece, self.last, self.inner = None, 0, 0
            self.section.material = [text]
            return
        if self.in_notice or look.is_notice(text):
            self.in_notice = self._is_in_notice(place, line)
            if self.in_notice:
                return
        if self._take_about(place, line):
            return
        if self._begins_question(place, line):
            self._begin(line)
            return
        self._continue(place, line)

    def _begins_material(self, place: int, line: Line) -> bool:
        """Whether the text of the next case begins: it says so, or numbers begin anew below it."""
        if look.is_title_of_case(line.text):
            return True
        if self.piece is None or self.piece.role not in (KEY, EXPLANATION) or len(line.text) < 20:
            return False
        if line.start or line.answer is not None or line.explanation is not None:
            return False
        starts = (below.start for below in self.lines[place + 1 : place + 6])
        return next((start.number for start in starts if start), 0) == 1

    def _is_in_notice(self, place: int, line: Line) -> bool:
        """Rules go on until something looks like a question: options, an answer, or a key in the line."""
        if look.is_notice(line.text):
            return True
        start = line.start
        return start is None or not (
            (start.number == 1 and place and self.lines[place - 1].start is not None) or self._asks(place, start.rest)
        )

    def _numbers_begin_below(self, place: int) -> bool:
        """Whether 1 stands right below a heading that bears no digit: the rules above it have ended."""
        below = self.lines[place + 1].start if place + 1 < len(self.lines) else None
        return self.lines[place].start is None and below is not None and below.number == 1

    def _is_kind_of_one(self, place: int, line: Line) -> bool:
        """ "3. [多选题]", the stem on the next line: no heading, if options follow before the next number does."""
        start = line.start
        return start is not None and not look.inline_kind_of(start.rest)[1] and self._asks(place, "")

    def _take_about(self, place: int, line: Line) -> bool:
        """Lines that say something about the question at hand."""
        piece, text = self.piece, line.text
        if look.is_learners_answer(text) and line.answer is None:
            self.of_learner = ahead.learner_wrote_a_list(self.lines, place)
            return True
        if self.of_learner and line.start is not None:
            return True
        self.of_learner = False
        answer = line.answer
        if answer is None and piece is not None and (piece.role in (STEM, OPTION) or self.section.is_written):
            answer = look.answer_word_of(text)
        self.answer_above_all = self.answer_above_all or bool(
            answer and not self.pieces and place + 1 < len(self.lines)
        )
        if answer and piece is None and self.passed is not None and self.passed is self.lines[place - 1]:
            self._open(self.passed.number, None, self.passed.text, None)  # its number is missing
            piece = self.piece
        if answer is not None and piece is not None:
            if piece.role == KEY and not piece.parts[-1][1]:
                piece.take_last()  # 答案： twice, the first time as a title
            piece.add(KEY, answer)
            first = look.start_of(answer)
            self.inner, self.inner_mark = (1, first.mark) if first is not None and first.number == 1 else (0, "")
            return True
        explanation = line.explanation
        is_short = piece is not None and piece.role in (OPTION, KEY) and not self.section.is_written
        if explanation is None and is_short:
            explanation = look.reason_of(text)
        if explanation is None and piece is not None and piece.role == OPTION and quotes_law(self.lines, place):
            explanation = text
        if explanation is not None and piece is not None:
            piece.add(EXPLANATION, explanation)
            self.inner = 0
            return True
        if piece is not None and piece.role != STEM and (source := look.source_of(text)) is not None:
            piece.source = source
            return True
        if piece is not None and is_short and (law := look.law_named_in(text)) is not None:
            piece.source = piece.source or law
            return True
        if look.is_meta(text):
            if piece is not None and (difficulty := look.difficulty_of(text)):
                piece.difficulty = difficulty
            return True
        return False

    def _begins_question(self, place: int, line: Line) -> bool:
        text, start = line.text, line.start
        if (
            self.section.is_written
            and look.chinese_start_of(text) is not None
            and not self._digits_number_this_section(place)
        ):
            return True
        if start is None:
            if look.names_its_kind(text) and (self.piece is None or self._is_complete(self.piece)):
                return True
            return (not self.is_numbered or self._lacks_numbers()) and self._is_next_unnumbered(line)
        if not self._counts(start) or is_list_in_stem(self.lines, place, start, self.piece):
            return False
        expected = start.number == self.last + 1
        if not start.is_sure:
            if self.piece is None and self._runs_on(place, start.number):  # the numbers go on under a heading
                expected = expected or self._asks(place, start.rest) or start.rest.endswith(_ENDS)
            is_due = self.piece is None or self._is_complete(self.piece) or self._is_numbered_alike(self.piece)
            return expected and is_due and len(start.rest) > 3
        evidence = self._asks(place, start.rest)
        if self.piece is not None and self.piece.role in (KEY, EXPLANATION) and self._is_list_inside(start):
            if not evidence:
                self.inner, self.inner_mark = start.number, start.mark
                return False
            return True
        if expected or self.piece is None:
            return True
        if self.section.is_written and not evidence:
            return False
        return evidence or start.number > self.last

    def _counts(self, start: look.Start) -> bool:
        """Whether a number in brackets is that of a question, as the text has it."""
        return not start.in_brackets or self.brackets_count or (start.mark == look.SQUARE and self.squares_count)

    def _is_list_inside(self, start: look.Start) -> bool:
        """Numbered lines of an answer or explanation: they begin with 1 where 1 is not due, and go on alike."""
        number = start.number
        if self.inner and self.inner_mark and start.mark != self.inner_mark:
            return False
        return number == self.inner + 1 and (
            self.inner > 0 or number != self.last + 1 or (self.piece is not None and self.piece.number is None)
        )

    def _digits_number_this_section(self, place: int) -> bool:
        return any(line.start for line in self.lines[max(0, place - 1) : place])

    def _asks(self, place: int, rest: str) -> bool:
        return ahead.asks(self.lines, place, rest, self.section.kind, bare_numbers=self.bare_numbers)

    def _is_next_unnumbered(self, line: Line) -> bool:
        if self.section.kind is Kind.TRUE_FALSE and look.begins_with_verdict(line.text):
            return True
        if line.letter:
            return False
        if self.piece is None:
            return not look.is_title(line.text)
        if self.section.kind is Kind.TRUE_FALSE:
            return True
        return self.piece.has(KEY) or (self.piece.has(OPTION) and self._stem_has_key(self.piece))

    def _lacks_numbers(self) -> bool:
        """A section without any number, in a text whose other sections are numbered."""
        return self.section.word is not None and self.headings in self.without_numbers

    def _stem_has_key(self, piece: Piece) -> bool:
        return key_in_stem("\n".join(piece.texts(STEM)), None, 4) is not None

    def _is_complete(self, piece: Piece) -> bool:
        return (
            piece.has(OPTION)
            or piece.has(KEY)
            or self.section.kind in (Kind.TRUE_FALSE, Kind.FILL_BLANK, Kind.SHORT_ANSWER)
        )

    def _runs_on(self, place: int, number: int) -> bool:
        """Whether a bare number follows the last one, or the next one follows it."""
        below = (line.start for line in self.lines[place + 1 : place + _NEAR])
        return number == self.last_of_all + 1 or next((s.number for s in below if s is not None), 0) == number + 1

    @staticmethod
    def _is_numbered_alike(piece: Piece) -> bool:
        """Whether a question bears a bare number, and its sentence has ended: then the next number begins the next."""
        return piece.number is not None and not piece.mark and piece.parts[-1][1].endswith(_ENDS)

    def _begin(self, line: Line) -> None:
        start = line.start
        counted = start is not None and self._counts(start)
        rest = start.rest if start is not None and counted else line.text
        if self.section.is_written and (bare := look.chinese_start_of(rest)) is not None:
            rest = bare
        word, stem = look.inline_kind_of(look.without_stem_name(rest))
        self._open(line.number, start.number if start is not None and counted else None, stem, word)
        self.pieces[-1].mark = start.mark if start is not None and counted else ""

    def _open(self, line: int, number: int | None, stem: str, word: KindWord | None) -> None:
        if self.chapter != self.section.chapter and (number == 1 or not self.section.chapter):
            self._begin_chapter()
        self.piece = Piece(line, number, self.section, word, material="\n".join(self.section.material))
        self.piece.add(STEM, stem)
        self.pieces.append(self.piece)
        self.last, self.inner = number if number is not None else self.last, 0
        self.last_of_all = self.last or self.last_of_all

    def _begin_chapter(self) -> None:
        """The numbers begin anew below a chapter's title: the heading above it still speaks for its questions."""
        if self.pieces and self.pieces[-1].section is self.section:
            self.section = replace(self.section, number=self.section.number + 1, material=[])
        self.section.chapter = self.chapter

    def _continue(self, place: int, line: Line) -> None:
        text, piece = line.text, self.piece
        letter = line.letter
        if piece is None:
            if letter == "A" and ahead.options_begin(self.lines, place) and place:
                self._open(line.number, None, self.lines[place - 1].text, None)  # its number was not to be read
                self.pieces[-1].add(OPTION, text)
            elif self.section.is_case:
                self.section.material.append(text)
            self.section.verdicts = self.section.verdicts or verdicts_in_legend(text)
            self.passed = None if self.section.is_case or look.is_title(text) else line
            return  # titles and notices before the first question
        if letter is not None and piece.role == KEY and not "".join(piece.texts(KEY)[-1:]).strip():
            piece.add(KEY, text)  # 答案： on a line of its own, the right options written out below it
        elif letter is not None and piece.role == KEY and _is_option_line(piece.texts(KEY)[-1]):
            piece.add(KEY, text)
        elif letter == "A" and self._waits_for_options(piece) and ahead.options_begin(self.lines, place):
            piece.add(OPTION, text)
        elif (
            letter == "A" and piece.has(OPTION) and piece.role != EXPLANATION and ahead.options_begin(self.lines, place)
        ):
            self._split_off(line)
            assert self.piece is not None
            self.piece.add(OPTION, text)
        elif letter is not None and piece.role in (STEM, OPTION) and self._is_option(piece, letter, place):
            piece.add(OPTION, text)
        elif letter is None and is_title_between(self.lines, place, piece, is_whole=self._is_complete(piece)):
            self.piece = None
        elif look.is_title(text) and self._is_complete(piece) and line.start is None and not self.section.is_written:
            self.piece = None
            self.last = 0
        elif self.section.is_written and not piece.has(KEY) and not ahead.answer_follows(self.lines, place):
            piece.add(KEY, text)
        else:
            piece.add(piece.role, text)

    def _is_option(self, piece: Piece, letter: str, place: int) -> bool:
        if piece.has(OPTION):
            return True
        return letter == "A" and ahead.has_option_b(self.lines, place)

    @staticmethod
    def _waits_for_options(piece: Piece) -> bool:
        """The answer may stand above the options: a key that is letters, and no option yet."""
        return piece.role == KEY and not piece.has(OPTION) and letters_in("".join(piece.texts(KEY))) is not None

    def _split_off(self, line: Line) -> None:
        """A second option A: the lines since the last option or answer were the stem of a question without number."""
        assert self.piece is not None
        tail: list[str] = []
        parts = self.piece.parts
        while parts and not look.option_letter_of(parts[-1][1]) and parts[-1][0] != STEM and len(parts) > 1:
            if parts[-1][0] == KEY and len(self.piece.texts(KEY)) == 1:
                break
            tail.insert(0, self.piece.take_last())
        if not tail and (glued := take_glued_question(self.piece)):
            self._open(line.number, *glued, None)
            return
        self._open(line.number, None, "\n".join(tail), None)


def _is_option_line(text: str) -> bool:
    return look.option_letter_of(text) is not None and letters_in(text) is None
