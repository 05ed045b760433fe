"""Moodle GIFT: ``::name:: stem {=right ~wrong}``, parted by blank lines. Read as Moodle's own importer reads it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from question_bank.content import letter
from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import notes
from question_bank.reading.drafts import Draft, Found, RowProblem
from question_bank.reading.kind_words import kind_named, verdict_in
from question_bank.reading.markup import text_of_html
from question_bank.reading.stems import blanks_in

OWN_FIRST_LINE = "// 由题库导出，可以原样导回。"
"""A file of ours: its texts are meant as they stand."""

_BLOCK = re.compile(r"(?<!\\)\{\s*(?:[=~#]|T\b|F\b|TRUE\b|FALSE\b|[对错√×]|正确|错误|\})", re.IGNORECASE)
_NAME = re.compile(r"\s*::(?P<name>.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_CATEGORY = re.compile(r"\s*\$CATEGORY:(?P<path>.*)", re.IGNORECASE)
_TAG = re.compile(r"\[tag:((?:\\.|[^\]\\])*)\]")
_WEIGHT = re.compile(r"\s*%(-?\d+(?:\.\d*)?)%")
_VERDICT = re.compile(r"\s*(?:T|F|TRUE|FALSE|对|错|正确|错误|√|×)\s*(?:#.*)?", re.IGNORECASE | re.DOTALL)
_QUESTION_LIKE = re.compile(r"[?？]\s*$|_{2,}|[（(]\s*[）)]")

# Escaped characters are set aside as code points that are nobody's text, so that the rest can be parted plainly.
_ESCAPED = dict(zip(":#={}~\\n", map(chr, range(0xFDD0, 0xFDD8)), strict=True))
_RESTORED = str.maketrans({mark: "\n" if plain == "n" else plain for plain, mark in _ESCAPED.items()})


@dataclass
class _Block:
    """One question's lines, with the line it begins on and what the lines above it say."""

    row: int = 0
    lines: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    domain: str = ""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def depth(self) -> int:
        return self.text.count("{") - self.text.count("}")


@dataclass(frozen=True)
class _Answer:
    is_marked: bool  # with =, not ~
    weight: float | None
    text: str
    feedback: str

    @property
    def is_right(self) -> bool:
        return self.is_marked and self.weight in (None, 100)

    @property
    def points(self) -> float:
        return 100.0 if self.is_right else self.weight or 0.0


def is_gift(text: str) -> bool:
    """Whether a text has GIFT's braces: as many as one paragraph in three."""
    blocks = len(_BLOCK.findall(text))
    paragraphs = len(
        [part for part in re.split(r"\n\s*\n", text) if part.strip() and not part.lstrip().startswith("//")]
    )
    return blocks > 0 and (blocks * 3 >= paragraphs or "$CATEGORY:" in text or bool(re.search(r"(?m)^::", text)))


def drafts_of_gift(text: str) -> Found:
    """Every question of a GIFT file. A paragraph without braces is a description: said, and no question."""
    found = Found()
    is_own = text.startswith(OWN_FIRST_LINE)
    for block in _blocks(re.sub(r"\\([:#={}~\\n])", lambda mark: _ESCAPED[mark[1]], text)):
        draft = _draft(block, found)
        if draft is not None:
            draft.exact = is_own
            notes.take_tags(draft, block.tags)
            found.drafts.append(draft)
    return found


def _restored(text: str) -> str:
    return text.translate(_RESTORED).strip()


# --- paragraphs ------------------------------------------------------------------------------------------------------


def _blocks(text: str) -> Iterator[_Block]:
    """Paragraphs. A blank line inside braces parts nothing if the braces close before others open."""
    block, domain = _Block(), ""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("//"):
            if not block.lines:
                block.tags += [re.sub(r"\\(.)", r"\1", tag).translate(_RESTORED) for tag in _TAG.findall(line)]
            continue
        category = _CATEGORY.match(line) if block.depth <= 0 else None
        ends = category is not None or (not line.strip() and not (block.depth > 0 and _closes(lines[number:])))
        if block.lines and (ends or _is_next_question(block, line)):
            yield block
            block = _Block()
        if category:
            domain = notes.domain_of_category(_restored(category["path"]))
        elif line.strip() or block.lines:
            block.row, block.domain = block.row or number, domain
            block.lines.append(line.rstrip())
    if block.lines:
        yield block


def _closes(rest: list[str]) -> bool:
    """Whether the next brace below is a closing one."""
    brace = next((mark for line in rest for mark in line if mark in "{}"), "")
    return brace == "}"


def _is_next_question(block: _Block, line: str) -> bool:
    """A question that follows without a blank line, as people write them one on a line."""
    is_whole = block.depth <= 0 and "{" in block.text and block.lines[-1].rstrip().endswith("}")
    return is_whole and ("{" in line or line.lstrip().startswith("::"))


# --- one question ----------------------------------------------------------------------------------------------------


def _draft(block: _Block, found: Found) -> Draft | None:
    name = _NAME.match(block.text)
    text = block.text[name.end() :] if name else block.text
    title = _restored(name["name"]) if name else ""
    form, text = _format(text, "moodle")
    groups = _groups(text)
    draft = Draft("", block.row, _shown(text, form) or title, domain=block.domain)
    if not groups and "{" not in text and "}" not in text:
        return _description(draft, found)
    answering = [(start, end) for start, end in groups if _answers(text[start:end])] or groups
    if not groups or block.depth != 0:
        draft.broken = "花括号没有成对。请补上缺少的 { 或 }；文字里的花括号写作 \\{ 和 \\}。"
        return draft
    if len(answering) != 1:
        draft.broken = f"一道题里有 {len(answering)} 处花括号，分不清哪处是答案。请拆成几道题。"
        return draft
    start, end = answering[0]
    draft.stem = _stem(text[:start], text[end:], form) or title
    inside, _, general = text[start + 1 : end - 1].rpartition("####") if "####" in text[start:end] else (
        text[start + 1 : end - 1], "", ""
    )  # fmt: skip
    _fill(draft, inside.strip(), form, block.tags, found)
    if general.strip():
        notes.take_note(draft, _plain(general, form))
    return draft


def _description(draft: Draft, found: Found) -> Draft | None:
    """Words for the learner between questions; what looks like a question has lost its answer."""
    if _QUESTION_LIKE.search(draft.stem):
        draft.broken = "没有花括号，也就没有答案。请在题干后写上 {…}；如果它只是说明文字，请删去。"
        return draft
    message = "这一段没有花括号，是说明文字，没有当作试题。"
    found.warnings.append(RowProblem("", draft.row, "", "description", message))
    return None


def _groups(text: str) -> list[tuple[int, int]]:
    """Where the outermost pairs of braces begin and end."""
    groups, depth, start = [], 0, 0
    for place, mark in enumerate(text):
        if mark == "{":
            start = start if depth else place
            depth += 1
        elif mark == "}" and depth:
            depth -= 1
            if not depth:
                groups.append((start, place + 1))
    return groups


def _answers(group: str) -> bool:
    """Whether a pair of braces holds an answer, not a formula's \\frac{1}{2}."""
    inside = group[1:-1].strip()
    return not inside or inside[0] in "=~#" or bool(_VERDICT.fullmatch(inside))


def _format(text: str, form: str) -> tuple[str, str]:
    """The format a text states, else the one around it, and the text without it."""
    stated = _FORMAT.match(text)
    return (stated[1].lower(), text[stated.end() :]) if stated else (form, text)


def _plain(text: str, form: str) -> str:
    form, text = _format(text, form)
    return _shown(text, form)


def _shown(text: str, form: str) -> str:
    text = _restored(text)
    return text_of_html(text) if form == "html" else text


def _stem(before: str, after: str, form: str) -> str:
    """A blank where the braces stood inside a sentence."""
    if not after.strip():
        return _shown(before, form)
    if re.fullmatch(r"[.。?？!！,，;；\s]*", after) and re.search(r"[.。?？!！:：]\s*$", before):
        return _shown(before, form)
    return _shown(f"{before}____{after}", form)


def _fill(draft: Draft, inside: str, form: str, tags: list[str], found: Found) -> None:
    """Settle kind, options and key by what stands in the braces."""
    word, *feedback = inside.split("#")
    verdict = verdict_in(word) if _VERDICT.fullmatch(inside) else None
    if not inside:
        draft.kind = Kind.SHORT_ANSWER
    elif inside.startswith("#"):
        draft.unsupported = "数值题"
    elif verdict is not None:
        draft.kind, draft.choices = Kind.TRUE_FALSE, frozenset({1 if verdict else 2})
        wrong, right = [*(_plain(text, form) for text in feedback[:2]), "", ""][:2]
        notes.take_note(draft, right or wrong)
    elif _is_unescaped(inside):
        draft.broken = "选项里的等号分不清是答案的标记还是文字。文字里的等号请写作 \\=。"
    else:
        _fill_answers(draft, list(_answers_in(inside, form)), tags, found)


def _is_unescaped(inside: str) -> bool:
    """``~x=5``: an equals sign glued to its text, where the other marks stand apart."""
    marks = list(re.finditer(r"[=~]", inside))
    glued = [mark[0] for mark in marks if mark.start() and not inside[mark.start() - 1].isspace()]
    return "=" in glued and "~" not in glued and len(marks) > 1


def _answers_in(inside: str, form: str) -> Iterator[_Answer]:
    for found in re.finditer(r"(?P<sign>[=~]|\A)(?P<text>[^=~]*)", inside):
        text = found["text"]
        if not text.strip() and not found["sign"]:
            continue
        weight = _WEIGHT.match(text)
        answer, _, feedback = (text[weight.end() :] if weight else text).partition("#")
        points = float(weight[1]) if weight else None
        is_marked = found["sign"] == "=" or (not found["sign"] and "~" not in inside)
        yield _Answer(is_marked, points, _plain(answer, form), _plain(feedback, form))


def _fill_answers(draft: Draft, answers: list[_Answer], tags: list[str], found: Found) -> None:
    is_typed = all(answer.is_marked for answer in answers)
    if is_typed and any("->" in answer.text for answer in answers):
        draft.unsupported = "匹配题"
        return
    right = [number for number, answer in enumerate(answers, 1) if answer.points == 100]
    part = [number for number, answer in enumerate(answers, 1) if 0 < answer.points < 100]
    if is_typed:
        texts = tuple(dict.fromkeys(answers[n - 1].text for n in right if answers[n - 1].text))
        draft.kind = Kind.FILL_BLANK
        draft.blanks = _blanks(texts, _stated_blanks(tags) or blanks_in(draft.stem)) if texts else None
    else:
        draft.options = [answer.text for answer in answers]
        is_single = len(right) == 1 or any(answer.is_right for answer in answers)
        numbers = right if is_single else right + part
        part = part if is_single else []
        draft.kind = _stated_kind(tags) or (Kind.SINGLE_CHOICE if len(numbers) > 1 and is_single else None)
        draft.choices, draft.key = frozenset(numbers), "、".join(map(letter, sorted(numbers)))
    if part and right:
        texts_in_part = "、".join(answers[number - 1].text[:20] for number in part)
        message = f"“{texts_in_part}”原来可得部分分数，导入后算答错，请核对。"
        found.warnings.append(RowProblem("", draft.row, "答案", "partial_credit", message))
    if len(right) == 1 or is_typed:
        notes.take_note(draft, next((answers[number - 1].feedback for number in right), ""))


def _stated_kind(tags: list[str]) -> Kind | None:
    named = next((kind_named(tag.removeprefix(notes.KIND)) for tag in tags if tag.startswith(notes.KIND)), None)
    return named.kind if named else None


def _stated_blanks(tags: list[str]) -> int:
    counts = (tag.removeprefix(notes.BLANKS) for tag in tags if tag.startswith(notes.BLANKS))
    return next((int(count) for count in counts if re.fullmatch(r"\d{1,2}", count)), 0)


def _blanks(texts: tuple[str, ...], count: int) -> tuple[tuple[str, ...], ...]:
    """Blanks for a stem that draws several: each text holds one answer for each, and every combination is there."""
    rows = [text.split("；") for text in texts]
    if count < 2 or any(len(row) != count for row in rows):
        return (texts,)
    blanks = tuple(tuple(dict.fromkeys(part.strip() for part in parts)) for parts in zip(*rows, strict=True))
    combinations = 1
    for parts in blanks:
        combinations *= len(parts)
    return blanks if combinations == len(texts) and all(map(all, blanks)) else (texts,)
