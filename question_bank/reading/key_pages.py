"""Pages that hold the keys with their explanations, behind the questions: "1.C", 【解析】 below, then "2.A" …"""

import re
from dataclasses import dataclass, field

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import lines as look
from question_bank.reading.chapters import chapter_of
from question_bank.reading.drafts import RowProblem
from question_bank.reading.key_blocks import ONE_KEY, are_shifted, keys_in_line, section_number_of
from question_bank.reading.kind_words import KindWord
from question_bank.reading.lines import Line
from question_bank.reading.pieces import EXPLANATION, KEY, Piece, Section
from question_bank.reading.stems import blanks_in

_TITLE = re.compile(
    r"^[^\w（(]*(?:[^\d，。？?]{0,20}?)答案(?:部分|如下|页|[与及和]\S{0,4}解析|汇总|详解)*\s*(?:[（(][^（）()]*[）)])?[^\w]*$"
)
_HAS_THEM = re.compile(
    r"\w\s*[（(【\[]\s*(?:内?含|[附带]有?|有)[^（()）【】\[\]]{0,6}答案|[题卷库]\s*[及和与附带含]\s*(?:参考|标准)?答案"
)
""" 质量题库（含答案） and 质量试题及答案 stand over the questions."""
_KEY_ALONE = re.compile(
    rf"^[\s（(【\[*]*(?P<key>{ONE_KEY})[）)】\]*\s]*(?:$|[。.;；,，:：](?P<after>.*)$|(?<=[\s）)】\]])(?P<rest>\S.*)$)",
    re.DOTALL,
)
_WHYS = re.compile(r"^[\W_]*(?:答案|试题|题目)?(?:解析|详解)(?:部分|如下)?[\W_]*$")
_ONE = re.compile(ONE_KEY)
_NEXT_PAPER = re.compile(r"^[\W_]*(?:第[一二三四五六七八九十\d]{1,3}[套卷章节篇]|试卷|模拟|练习).{0,16}$")


@dataclass
class Entry:
    """One key of such a page, with the number of its question and what stands below it."""

    line: int
    number: int
    key: str
    section: KindWord | None
    ordinal: int  # of the section on this page; 0 before the first heading
    chapter: str = ""  # whose title stands above it on this page
    why: list[str] = field(default_factory=list)


@dataclass
class Page:
    """The entries of one page; it speaks for the questions from line ``since`` on, and before its own first line."""

    since: int
    first: int
    entries: list[Entry]


def without_key_pages(lines: list[Line]) -> tuple[list[Line], list[Page]]:
    """The lines that are left when the pages of keys are taken out, and the pages."""
    rest: list[Line] = []
    pages: list[Page] = []
    since, place = 0, 0
    while place < len(lines):
        end, entries = _page_at(lines, place) if _is_title(lines[place]) else (place, [])
        if entries:
            pages.append(Page(since, lines[place].number, entries))
            since = lines[end - 1].number + 1
            place = end
        else:
            rest.append(lines[place])
            place += 1
    return rest, pages


def _is_title(line: Line) -> bool:
    if len(line.text) > 40 or line.answer or line.start is not None:
        return False
    return bool(_TITLE.match(line.text)) and not _HAS_THEM.search(line.text)


def _page_at(lines: list[Line], title: int) -> tuple[int, list[Entry]]:
    """Where the page below a title ends, and its entries; none unless all that is numbered there is a key."""
    entries: list[Entry] = []
    section = _section_of_keys(lines[title].text)
    ordinal, explained, only_why, chapter = int(section is not None), False, False, ""
    end = title + 1
    for place in range(title + 1, len(lines)):
        text = lines[place].text
        if look.option_letter_of(text) == "A" and _goes_on_with_b(lines, place):
            break
        if title_of_next := chapter_of(text):
            if not _keys_follow(lines, place):
                break
            chapter, section, ordinal = title_of_next, None, 0
        elif (word := look.section_of(text) or _section_of_keys(text)) is not None:
            section, ordinal = word, ordinal + 1
            continue  # it may stand over questions: the page ends with its last key
        elif entries and _WHYS.match(text):
            only_why = explained = True
        elif only_why and (start := look.start_of(text)) is not None:
            _explain(entries, start)
        elif together := keys_in_line(section_number_of(text)[1]):
            entries += [Entry(lines[place].number, n, key, section, ordinal, chapter) for n, key in together.items()]
        elif (start := look.start_of(text)) is not None and (start.is_sure or entries):
            entry = _entry(lines[place], start, section, ordinal)
            if entry is None:
                break
            entry.chapter = chapter
            entries.append(entry)
            explained = explained or bool(entry.why) or bool(section and section.kind is Kind.SHORT_ANSWER)
        elif look.is_meta(text):
            pass
        elif entries and text.strip():
            explained = _take_below(entries[-1], text) or explained
        elif text.strip():
            return end, []
        end = place + 1
    return end, entries if explained and len(entries) > 1 else []


def _section_of_keys(text: str) -> KindWord | None:
    """What "二、判断题答案" says of the keys below it."""
    bare = re.sub(r"\s*(?:的?(?:参考|标准|正确)?答案)\s*[:：]?\s*$", "", text)
    return look.section_of(bare) if bare != text else None


def _keys_follow(lines: list[Line], place: int) -> bool:
    """Whether what is numbered below a chapter's title are keys; else its questions begin."""
    for line in lines[place + 1 : place + 4]:
        if keys_in_line(section_number_of(line.text)[1]):
            return True
        if (start := line.start) is not None:
            return _entry(line, start, None, 0) is not None
    return False


def _explain(entries: list[Entry], start: look.Start) -> None:
    """A numbered line below 解析, behind all the keys: the entry goes last, since the lines below it are its own."""
    meant = [entry for entry in entries if entry.number == start.number]
    if len(meant) == 1:
        entries.remove(meant[0])
        entries.append(meant[0])
        meant[0].why.append(start.rest)


def _goes_on_with_b(lines: list[Line], place: int) -> bool:
    return any(line.letter == "B" for line in lines[place + 1 : place + 4]) or bool(
        re.search(r"\s[（(]?[BＢ]\s*[.．、)）]", lines[place].text)
    )


def _entry(line: Line, start: look.Start, section: KindWord | None, ordinal: int) -> Entry | None:
    """ "3. C", "3.【答案】C【解析】…", "3. C。因为…"; written answers under a heading that asks for them."""
    key, why = "", []
    for piece in look.pieces_of(Line(line.number, start.rest)):
        if (answer := piece.answer) is not None:
            found = _KEY_ALONE.match(answer)
            key, after = (found["key"], found["after"] or found["rest"] or "") if found else (answer, "")
            why += [after.strip()] if after.strip() else []
        elif (explanation := piece.explanation) is not None:
            why.append(explanation)
        elif found := _KEY_ALONE.match(piece.text):
            key, after = found["key"], (found["after"] or found["rest"] or "").strip()
            why += [look.explanation_of(after) or after] if after else []
        elif section is not None and section.kind in (Kind.FILL_BLANK, Kind.SHORT_ANSWER):
            if blanks_in(piece.text):
                return None  # it asks, and answers nothing
            key = piece.text
        else:
            return None
    return Entry(
        line.number,
        start.number,
        re.sub(r"[\s、,，]", "", key) if _ONE.fullmatch(key) else key,
        section,
        ordinal,
        why=why,
    )


def _take_below(entry: Entry, text: str) -> bool:
    """A line below a key; whether it explains."""
    if _NEXT_PAPER.match(text):
        return bool(entry.why)
    for piece in look.pieces_of(Line(0, text)):
        explanation, answer = piece.explanation, piece.answer
        if answer is not None and not entry.key:
            entry.key = answer
        elif explanation is None and not entry.why and entry.section and entry.section.kind is Kind.SHORT_ANSWER:
            entry.key = f"{entry.key}\n{piece.text}".strip()
        else:
            entry.why.append(explanation if explanation is not None else re.sub(r"^[\s>*]+", "", piece.text))
    return bool(entry.why)


# --- to the questions ------------------------------------------------------------------------------------------------


def hand_out(pages: list[Page], pieces: list[Piece]) -> list[RowProblem]:
    """Each entry goes to the one question that it can be meant for; one that finds none is a problem."""
    return [problem for page in pages for problem in _hand_out(page, pieces)]


def _hand_out(page: Page, pieces: list[Piece]) -> list[RowProblem]:
    asked = [piece for piece in pieces if page.since <= piece.line < page.first and piece.number is not None]
    by_number: dict[int | None, list[Piece]] = {}
    sections: dict[str, dict[int, Section]] = {}
    for piece in asked:
        by_number.setdefault(piece.number, []).append(piece)
        for chapter in {"", piece.section.chapter}:
            sections.setdefault(chapter, {})[piece.section.number] = piece.section
    problems = []
    shifted = _shifted_kinds(page, asked)
    for entry in page.entries:
        if entry.section is not None and entry.section.kind in shifted:
            continue  # their questions lack a key, and are named for it
        chapter = entry.chapter if entry.chapter in sections else ""
        possible = [p for p in by_number.get(entry.number, []) if chapter in ("", p.section.chapter)]
        if len(possible) > 1:
            number = _section_meant(entry, list(sections[chapter].values()))
            possible = [piece for piece in possible if piece.section.number == number]
        possible = [piece for piece in possible if not _asks_otherwise(piece, entry)]
        if len(possible) == 1:
            _give(entry, possible[0])
        elif not possible:
            problems.append(_no_question(entry))
    return problems


def _shifted_kinds(page: Page, asked: list[Piece]) -> set[Kind]:
    """The kinds of which there are as many keys as questions, in a row that begins with another number."""
    kinds = {entry.section.kind for entry in page.entries if entry.section and entry.section.kind}
    shifted = set()
    for kind in kinds:
        keys = [e.number for e in page.entries if e.section and e.section.kind is kind]
        numbers = [piece.number or 0 for piece in asked if piece.section.kind is kind]
        if are_shifted(keys, numbers):
            shifted.add(kind)
    return shifted


def _asks_otherwise(piece: Piece, entry: Entry) -> bool:
    """Whether a key stands under the heading of one kind, and the question under that of another."""
    kinds = {piece.section.kind, entry.section.kind if entry.section else None}
    return None not in kinds and len(kinds) > 1


def _section_meant(entry: Entry, sections: list[Section]) -> int | None:
    """The number of the section that an entry speaks of: the only one of its kind, else by its place on the page."""
    same_kind = [
        s for s in sections
        if s.word and entry.section and (s.word.kind, s.word.is_choice) == (entry.section.kind, entry.section.is_choice)
    ]  # fmt: skip
    if len(same_kind) == 1:
        return same_kind[0].number
    return sections[entry.ordinal - 1].number if 0 < entry.ordinal <= len(sections) else None


def _give(entry: Entry, piece: Piece) -> None:
    if not "".join(piece.texts(KEY)).strip() and piece.key in (None, entry.key):
        piece.key = entry.key
    for text in entry.why:
        piece.add(EXPLANATION, text)


def _no_question(entry: Entry) -> RowProblem:
    message = f"答案部分有第 {entry.number} 题的答案“{entry.key[:20]}”，却没有认出这道题。请核对题号，补上这道题。"
    return RowProblem("", entry.line, "答案", "key_without_question", message)
