"""Blocks of keys among the lines of a text, and the questions that they are for."""

import re

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import lines as look
from question_bank.reading.asked import Asked
from question_bank.reading.chapters import chapter_of
from question_bank.reading.key_blocks import (
    are_keys_in_order,
    are_shifted,
    is_title_of_keys,
    keys_in_line,
    keys_in_order,
    section_number_of,
    words_by_number,
)
from question_bank.reading.key_lists import key_fits, take_keys_below
from question_bank.reading.kind_words import KindWord, verdict_in
from question_bank.reading.lines import Line
from question_bank.reading.pieces import KEY, OPTION, STEM, Piece, Section
from question_bank.reading.stems import blanks_in, key_in_stem

_SECTION_WITH_KEYS = re.compile(
    r"^\s*(?P<section>[一二三四五六七八九十])\s*[、.．:：](?:[^:：]{0,12}[:：])?\s*(?P<keys>[A-LＡ-Ｌ√×✓✗对错].*)$"
)


class KeyBlocks:
    """Keeps the keys that stand in blocks until all questions are known. ``pieces`` grow while the lines are read."""

    def __init__(self, lines: list[Line], pieces: list[Piece]) -> None:
        self.lines, self.pieces = lines, pieces
        self.section, self.piece = Section(None, 0), None  # type: Section, Piece | None
        self.keys: list[tuple[Section, int, str]] = []
        self.asked = Asked(pieces)
        self.answered: set[int] = set()  # sections with keys among these
        self.given: dict[int, dict[int, str]] = {}  # by section: its keys by number
        self.unclear: set[int] = set()  # sections for which two different blocks of keys stand there
        self.in_keys = False
        self.key_section: Section | None = None
        self.chapter = ""  # whose keys follow
        self.taken_to = 0  # the lines before this place are read already
        self.are_complete = False  # each question above has just been given its key

    def take(self, place: int, section: Section, piece: Piece | None) -> bool:
        """Whether a line belongs to a block of keys, or stands over one."""
        line = self.lines[place]
        self.section, self.piece, text = section, piece, line.text
        self.are_complete = False
        if place < self.taken_to:
            return True
        if not self.in_keys and (count := take_keys_below(self.lines, place, self.pieces)):
            self.taken_to = place + count
            following = self.lines[self.taken_to].text if self.taken_to < len(self.lines) else ""
            self.are_complete = look.explanation_of(following) is None and "解析" not in following
            return True
        number, rest = section_number_of(text)
        if self.in_keys and number and (keys := keys_in_line(rest)):
            self.key_section = self._section_at(number)
            if self.key_section is not None:
                self._keep(keys)
            return True
        if self.in_keys and (keys := self._keys_without_numbers(text)):
            self._keep(keys)
            return True
        if self.in_keys and are_keys_in_order(text):
            return True  # not as many as the section has questions: nobody's, and no part of the last question
        if self._begins_chapter(place, text):
            return True
        answer = line.answer
        if answer and (keys := self._keys_of_section(place, answer) or self._words_of_section(answer)):
            self._keep(keys)
            return True
        if self.in_keys and (keys := self._words_of_section(text)):
            self._keep(keys)
            return True
        keys = keys_in_line(answer or text)
        are_verdicts = len(keys) == 2 and all(verdict_in(key) is not None for key in keys.values())
        # Two verdicts are no question: "1.√ 2.×" does not ask whether "√ 2." is wrong.
        if len(keys) >= (2 if answer or are_verdicts else 3) or (keys and (self.in_keys or _is_range(text))):
            self._keep(keys)
            self.in_keys = True
            return True
        if is_title_of_keys(text) and self._is_answer_of_question(place):
            if self.piece is not None and not self.piece.has(KEY):
                self.piece.add(KEY, "")
            return self.piece is not None
        if is_title_of_keys(text):
            self.in_keys, self.key_section, self.chapter = True, None, ""
            if word := look.section_of(re.sub(r"(参考|标准|正确)?答案.*", "", text)):
                self.key_section = self._section_of_kind(word)
            elif len(self.asked.sections()) == 1 or self._words_follow(place):
                self.key_section = self.section
            return True
        if not self.in_keys:
            return False
        word = line.section or look.section_of(re.sub(r"(参考|标准|正确)?答案.*", "", text))
        if word:
            if self._questions_follow(place):
                self.in_keys, self.chapter = False, ""
                return False
            self.key_section = self._section_of_kind(word)
            return True
        return look.is_meta(text) or self._take_written_key(text)  # the number of a page parts no keys

    def _begins_chapter(self, place: int, text: str) -> bool:
        """Whether keys of a chapter follow: its title stands there again, among keys or over them."""
        title = chapter_of(text) if self.in_keys or "答案" in text else ""
        if not title:
            return False
        if not any(section.chapter == title for section in self.asked.sections()):
            return False
        if not any(keys_in_line(section_number_of(line.text)[1]) for line in self.lines[place + 1 : place + 4]):
            return False  # the next chapter has a title that an earlier one had: 第一节
        self.in_keys, self.chapter = True, title
        sections = self._sections()
        self.key_section = sections[0] if len(sections) == 1 else None
        return True

    def _sections(self) -> list[Section]:
        """The sections of the chapter whose keys are read; of all where no chapter is named."""
        return [section for section in self.asked.sections() if self.chapter in ("", section.chapter)]

    def _keys_without_numbers(self, text: str) -> dict[int, str]:
        """ "二、√×√", or √×√ below 二、判断题: as many keys as the section has questions."""
        found = _SECTION_WITH_KEYS.match(text)
        if found:
            self.key_section = self._section_at("一二三四五六七八九十".index(found["section"]) + 1)
        return self._in_order(found["keys"] if found else text, self.key_section)

    def _keys_of_section(self, place: int, answer: str) -> dict[int, str]:
        """ "答案：ACB" below the last question of a section in which each has one key, and none has stated it."""
        following = self.lines[place + 1].text if place + 1 < len(self.lines) else ""
        if following and look.section_of(following) is None:
            return {}  # asked of every answer, so before anything that looks at all questions
        asked = self.asked.of(self.section)
        is_parted = self.section.kind is Kind.MULTIPLE_CHOICE and len(answer.split()) == len(asked)
        if (not is_parted and self.section.kind not in (Kind.SINGLE_CHOICE, Kind.TRUE_FALSE)) or len(asked) < 2:
            return {}
        if any(piece.has(KEY) or _stem_states_key(piece) for piece in asked):
            return {}
        return self._in_order(answer, self.section)

    def _words_of_section(self, text: str) -> dict[int, str]:
        """ "1.九 2.12315" below 填空题 that have just these numbers, and of which none has stated its answer."""
        section = (self.key_section or self.section) if self.in_keys else self.section
        words = words_by_number(text) if section.kind is Kind.FILL_BLANK else {}
        asked = self.asked.of(section) if words else ()
        own = blanks_in("\n".join(asked[-1].texts(STEM))) if asked and not self.in_keys else 0
        is_theirs = own != len(words) and len(asked) > 1 and [piece.number for piece in asked] == list(words)
        return words if is_theirs and not any(piece.has(KEY) or _stem_states_key(piece) for piece in asked) else {}

    def _in_order(self, text: str, section: Section | None) -> dict[int, str]:
        numbers = [piece.number for piece in (self.asked.of(section) if section else ()) if piece.number]
        return keys_in_order(text, numbers)

    def _take_written_key(self, text: str) -> bool:
        start = look.start_of(text)
        section = self.key_section
        if start is not None and self._waits_for_words(start.number):
            section = Section(None, -1)
        elif start is None or section is None or section.kind not in (Kind.FILL_BLANK, Kind.SHORT_ANSWER):
            self.in_keys, self.chapter = False, ""
            return False
        if len(words_by_number(text)) > 1 and section.kind is not Kind.SHORT_ANSWER:
            self.unclear.add(section.number)  # the answers of several questions, not of just those above
        self.keys.append((section, start.number, start.rest))
        self.answered.add(section.number)
        return True

    def _waits_for_words(self, number: int) -> bool:
        """Whether the only question of a number stands under no heading, and has neither options nor a key."""
        piece = None if self.asked.numbers_repeat() else self.asked.numbered(number)
        if piece is None or piece.section.kind is not None or piece.has(OPTION) or piece.has(KEY):
            return False
        return not any(number in given for given in self.given.values())

    def _is_answer_of_question(self, place: int) -> bool:
        """答案： on a line of its own, its text on the next."""
        following = [line.text for line in self.lines[place + 1 : place + 3]]
        if not following:
            return True
        stated = look.answer_of(following[0]) or following[0]
        if (
            keys_in_line(section_number_of(stated)[1])
            or look.section_of(following[0])
            or _SECTION_WITH_KEYS.match(stated)
            or chapter_of(following[0])
        ):
            return False
        if self._answers_are_listed(following[0]) or self._words_follow(place):
            return False
        if len(self._in_order(stated, self.section)) > 1:
            return False
        return self.piece is not None and not self.piece.has(KEY)

    def _answers_are_listed(self, text: str) -> bool:
        """Answers of several blanks by number, below the last of them: none of the section has one yet."""
        asked = self.asked.of(self.section)
        start = look.start_of(text)
        return (
            self.section.kind is Kind.FILL_BLANK
            and len(asked) > 1
            and not any(piece.has(KEY) for piece in asked)
            and start is not None
            and start.number == asked[0].number
        )

    def _words_follow(self, place: int) -> bool:
        """Whether lines of words below 参考答案 number the questions right above; those before have theirs."""
        asked = self.asked.of(self.section)
        if self.section.kind not in (Kind.FILL_BLANK, Kind.SHORT_ANSWER) or len(asked) < 2:
            return False  # the parts of one answer have numbers, too
        if any(piece.has(KEY) for piece in asked):
            return False
        in_words = (None, Kind.FILL_BLANK, Kind.SHORT_ANSWER)
        above = (s for s in reversed(self.asked.sections()) if s.kind in in_words and s.number < self.section.number)
        if (last := next(above, None)) and last.number not in self.answered:
            return False
        below = self.lines[place + 1 : place + 1 + len(asked)]
        numbers = [start.number for line in below if (start := line.start) and not keys_in_line(line.text)]
        return bool(numbers) and numbers == [piece.number for piece in asked]

    def _questions_follow(self, place: int) -> bool:
        following = [line.text for line in self.lines[place + 1 : place + 8]]
        if any(look.option_letter_of(text) == "A" for text in following):
            return True
        if not following or keys_in_line(following[0]) or look.start_of(following[0]) is None:
            return False
        if blanks_in(following[0]) or following[0].rstrip().endswith(("？", "?")):
            return True  # it asks, and answers nothing
        section = self._section_of_kind(self.lines[place].section)
        return section is None or section.kind not in (Kind.FILL_BLANK, Kind.SHORT_ANSWER)  # those have keys in words

    def _section_of_kind(self, word: KindWord | None) -> Section | None:
        fitting = [
            s
            for s in self._sections()
            if s.word and word and (s.word.kind, s.word.is_choice) == (word.kind, word.is_choice)
        ]
        return fitting[-1] if fitting else None

    def _section_at(self, number: int) -> Section | None:
        sections = self._sections()
        return sections[number - 1] if number <= len(sections) else None

    def _keep(self, keys: dict[int, str]) -> None:
        section = self.key_section or Section(None, -1) if self.in_keys else self.section
        if section.number == -1 and self.asked.numbers_repeat():
            section = self.section
            if not set(keys) <= {piece.number for piece in self.asked.of(section)}:
                self.unclear.add(section.number)  # they are for questions of other sections, too
        given = self.given.setdefault(section.number, {})
        if any(given.get(number, key) != key for number, key in keys.items()):
            self.unclear.add(section.number)  # two blocks for one section: no telling whose they are
        given |= keys
        self.keys += [(section, number, key) for number, key in keys.items()]
        self.answered.add(section.number)

    def _is_shifted(self, section: Section) -> bool:
        """Whether the keys of a section bear other numbers than its questions: nobody can tell whose they are."""
        asked = [piece.number for piece in self.asked.of(section) if piece.number]
        return are_shifted(sorted(self.given.get(section.number, {})), asked)

    def hand_out(self) -> None:
        """Each key of a block goes to the one question of its section that bears its number and has none."""
        waiting: dict[tuple[int, int], list[Piece]] = {}
        for piece in self.pieces:
            if piece.number is not None and not "".join(piece.texts(KEY)).strip():
                for number in (piece.section.number, -1):
                    waiting.setdefault((number, piece.number), []).append(piece)
        shifted = {section.number for section in self.asked.sections() if self._is_shifted(section)}
        for section, number, key in self.keys:
            if section.number in self.unclear | shifted:
                continue
            pieces = waiting.get((section.number, number), [])
            if not pieces and not self.asked.numbers_repeat():
                # The heading above the key is missing, and its number says whose it is.
                pieces = [piece for piece in waiting.get((-1, number), []) if key_fits(key, piece)]
            if len(pieces) == 1:
                pieces[0].keys_disagree = pieces[0].keys_disagree or pieces[0].key not in (None, key)
                pieces[0].key = pieces[0].key or key


def _stem_states_key(piece: Piece) -> bool:
    options = 4 if piece.has(OPTION) else 0
    return key_in_stem("\n".join(piece.texts(STEM)), piece.section.kind, options) is not None


def _is_range(text: str) -> bool:
    return bool(re.match(r"\s*\d+\s*[-~—–－至]+\s*\d+", text))
