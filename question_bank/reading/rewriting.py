"""Layouts of texts that differ from the common one, rewritten into it. Each function knows one layout only."""

import re
from collections.abc import Callable
from itertools import groupby

from question_bank.reading import lines as look
from question_bank.reading.boxes import with_boxes_as_ticks
from question_bank.reading.glued_options import with_glued_options_parted
from question_bank.reading.glued_questions import parted
from question_bank.reading.heavenly_options import with_letters_for_heavenly_stems
from question_bank.reading.key_blocks import key_lines_of_table, keys_as_line, keys_in_line
from question_bank.reading.keys_by_kind import with_answers_by_kind_parted, with_headings_of_keys_parted
from question_bank.reading.lines import Line
from question_bank.reading.named_fields import with_fields_named
from question_bank.reading.number_signs import with_plain_numbers, with_questions_counted
from question_bank.reading.numbered_answers import with_listed_answers, with_numbered_answers
from question_bank.reading.numbered_options import with_letters_for_numbers
from question_bank.reading.numberings import (
    with_digits_for_chinese,
    with_keys_behind,
    with_numbers_before_kinds,
    with_numbers_once,
    with_one_level,
    with_parts_left_out,
)
from question_bank.reading.page_lines import (
    without_numbers_among_options,
    without_page_numbers,
    without_running_lines,
)
from question_bank.reading.survey_lines import from_survey, without_results
from question_bank.reading.unlettered import with_letters

_FEW = 2


def in_common_layout(lines: list[Line]) -> list[Line]:
    """The same lines as the common layout would write them."""
    for rewrite in _REWRITERS:
        lines = rewrite(lines)
    return lines


# --- ticks behind options -------------------------------------------------------------------------------------------

_TICK = re.compile(r"(?<=\S)\s*[（(【\[]\s*正确答案\s*[）)】\]]\s*$")


def with_ticks(lines: list[Line]) -> list[Line]:
    """ "B. 绿（正确答案）": the words are a tick, and begin no answer."""
    return [line.saying(_TICK.sub(" √", line.text)) for line in lines]


# --- circled numbers as letters --------------------------------------------------------------------------------------

_CIRCLED = "①②③④⑤⑥⑦⑧"
_CIRCLED_KEY = re.compile(rf"^[\s、,，]*[{_CIRCLED}](?:[\s、,，]*[{_CIRCLED}])*[\s。.]*$")


def with_letters_for_circles(lines: list[Line]) -> list[Line]:
    """①红 ②绿 with the answer ②: options A and B, unless options with letters combine the circles."""
    answers = [line for line in lines if _CIRCLED_KEY.match(line.answer or "")]
    if not answers or any(line.letter == "A" for line in lines):
        return lines
    return [_with_letters_for_circles(line) for line in lines]


def _with_letters_for_circles(line: Line) -> Line:
    answer = line.answer
    if answer and _CIRCLED_KEY.match(answer):
        return Line(line.number, "答案：" + "".join(_letter(sign) for sign in answer if sign in _CIRCLED))
    if re.match(r"\s*①", line.text) or (line.text.strip()[:1] in _CIRCLED and line.text.strip()):
        return Line(
            line.number, re.sub(rf"\s*([{_CIRCLED}])\s*[.．、]?", lambda m: f"   {_letter(m[1])}. ", line.text).strip()
        )
    return line


def _letter(circle: str) -> str:
    return "ABCDEFGH"[_CIRCLED.index(circle)]


# --- keys ------------------------------------------------------------------------------------------------------------


def with_key_tables(lines: list[Line]) -> list[Line]:
    """Tables drawn with | that hold keys by number, each as one line of keys."""
    result: list[Line] = []
    for is_table, group in groupby(lines, key=lambda line: line.text.count("|") > 1):
        together = list(group)
        cells = [line.text.strip().strip("|").split("|") for line in together] if is_table else []
        if keys := key_lines_of_table(cells):
            result += [Line(together[0].number, line) for line in keys]
        else:
            result += _explained_keys(together, cells) or together
    return result


def _explained_keys(lines: list[Line], rows: list[list[str]]) -> list[Line]:
    """A table of 题号, 答案 and 解析 as the lines of a page of keys; [] for any other."""
    names = [cell.strip() for cell in rows[0]] if rows else []
    parts = [next((n for n, name in enumerate(names) if re.fullmatch(wanted, name)), -1) for wanted in _PARTS]
    if min(parts) < 0:
        return []
    number, key, why = parts
    result = []
    for line, cells in zip(lines[1:], rows[1:], strict=False):
        if len(cells) == len(names) and cells[number].strip().isdigit():
            result.append(Line(line.number, f"{cells[number].strip()}.【答案】{cells[key].strip()}"))
            result += [Line(line.number, f"【解析】{cells[why].strip()}")]
    return result


_PARTS = (r"题号|序号|编号", r"(?:正确|参考|标准)?答案", r"(?:答案|试题)?解析|说明|依据")
_NUMBERS = re.compile(r"^\s*题\s*号\s*[:：]?\s*(?P<cells>\d{1,4}(?:\s+\d{1,4})*)\s*$")
_KEYS = re.compile(r"^\s*(?:参考|正确|标准)?答\s*案\s*[:：]?\s*(?P<cells>\S+(?:\s+\S+)*)\s*$")


def with_key_rows(lines: list[Line]) -> list[Line]:
    """题号 1 2 3 above 答案 A B C: one line of keys."""
    result: list[Line] = []
    for line in lines:
        numbers = _NUMBERS.match(result[-1].text) if result else None
        keys = _KEYS.match(line.text) if numbers else None
        if numbers and keys and len(numbers["cells"].split()) == len(keys["cells"].split()):
            by_number = dict(zip(map(int, numbers["cells"].split()), keys["cells"].split(), strict=True))
            result[-1] = Line(line.number, keys_as_line(by_number))
        else:
            result.append(line)
    return result


_ASKED = re.compile(
    r"^(?P<before>\s*(?:\d{1,4}\s*[.．、)）]\s*)?)(?:问|[Qq](?:uestion)?)\s*[:：]\s*(?P<rest>\S.*)$", re.DOTALL
)
_ANSWERED = re.compile(r"\s*(?:答|(?<![A-Za-z])[Aa](?:nswer)?)\s*[:：]\s*(?=\S)")


def with_answers_below(lines: list[Line]) -> list[Line]:
    """问：…？答：… : the question, and its answer on a line of its own."""
    asked = [place for place, line in enumerate(lines) if _ASKED.match(line.text)]
    if len(asked) < _FEW or any(line.letter == "B" for line in lines):
        return lines
    result: list[Line] = []
    for line in lines:
        found = _ASKED.match(line.text)
        if found:
            stem, *answer = _ANSWERED.split(found["rest"], maxsplit=1)
            result.append(Line(line.number, (found["before"] or f"{len(result) + 1}、") + stem))
            result += [Line(line.number, f"答：{text}") for text in answer]
        else:
            mark = _ANSWERED.match(line.text)
            result.append(Line(line.number, f"答：{line.text[mark.end() :]}") if mark else line)
    return result


_END, _LONGEST = 20, 2_000
_BRACKET_OPENS = re.compile(r"[（(【]\s*$")
_BRACKET_CLOSES = re.compile(r"^\s*(?:[A-LＡ-Ｌ]{1,8}|[√×对错]|正确|错误)?\s*[）)】]")


def with_brackets_closed(lines: list[Line]) -> list[Line]:
    """ "…应为（" above "A）。": the line was wrapped inside the bracket, for option A stands below both."""
    if not any(_BRACKET_OPENS.search(line.text) for line in lines):
        return lines
    result: list[Line] = []
    for place, line in enumerate(lines):
        is_torn = result and _BRACKET_OPENS.search(result[-1].text[-_END:]) and _BRACKET_CLOSES.match(line.text)
        if is_torn and len(result[-1].text) < _LONGEST and (line.letter is None or _option_a_follows(lines, place)):
            result[-1] = Line(result[-1].number, result[-1].text.rstrip() + line.text.lstrip())
        else:
            result.append(line)
    return result


def _option_a_follows(lines: list[Line], place: int) -> bool:
    return any(line.letter == "A" for line in lines[place + 1 : place + 3])


_BARE_LETTER = re.compile(r"^\s*[（(]?([A-HＡ-Ｈ])[）)]?\s*$")


def with_letters_beside(lines: list[Line]) -> list[Line]:
    """A letter on a line of its own above each option."""
    letters = [mark[1] if (mark := _BARE_LETTER.match(line.text)) else "" for line in lines]
    if not any(a == "A" and b == "B" for a, b in zip(letters, letters[2:], strict=False)):
        return lines
    result: list[Line] = []
    waiting: Line | None = None
    for line, letter in zip(lines, letters, strict=True):
        if waiting is not None and not letter:
            result.append(Line(waiting.number, f"{waiting.text.strip()}. {line.text}"))
            waiting = None
        elif letter:
            result += [waiting] if waiting is not None else []
            waiting = line
        else:
            result.append(line)
    return [*result, waiting] if waiting is not None else result


_HEADING_WITH_QUESTION = re.compile(
    r"^(?P<heading>\s*(?:[一二三四五六七八九十]{1,3}\s*[、.．]|[（(][一二三四五六七八九十]{1,3}[）)])\s*\S{2,10}?题(?:[（(][^（）()]*[）)])?)"
    r"\s*[:：]?\s*(?P<rest>1\s*[.．、)）]\s*[^\d\s].*)$",
    re.DOTALL,
)


def with_headings_parted(lines: list[Line]) -> list[Line]:
    """ "一、单选题 1.题干": the heading, and the first question below it."""
    result: list[Line] = []
    for line in lines:
        found = _HEADING_WITH_QUESTION.match(line.text)
        if found and look.section_of(found["heading"]) and not keys_in_line(found["rest"]):
            result += [Line(line.number, found["heading"]), Line(line.number, found["rest"])]
        else:
            result.append(line)
    return result


_REWRITERS: tuple[Callable[[list[Line]], list[Line]], ...] = (
    with_key_tables,
    without_running_lines,
    with_brackets_closed,
    without_page_numbers,
    without_numbers_among_options,
    without_results,
    with_fields_named,
    with_headings_parted,
    with_numbers_once,
    with_answers_by_kind_parted,
    parted,
    with_plain_numbers,
    with_questions_counted,
    with_numbered_answers,
    with_listed_answers,
    with_boxes_as_ticks,
    from_survey,
    with_glued_options_parted,
    with_ticks,
    with_answers_below,
    with_numbers_before_kinds,
    with_one_level,
    with_parts_left_out,
    with_keys_behind,
    with_letters_beside,
    with_digits_for_chinese,
    with_letters_for_circles,
    with_letters_for_heavenly_stems,
    with_key_rows,
    with_headings_of_keys_parted,
    with_letters_for_numbers,
    with_letters,
)
