"""One question of a text: the lines that belong to it, each with the role it plays, and the draft they make."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from question_bank.blanks import blanks_from, numbered
from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import lines as look
from question_bank.reading.drafts import Draft
from question_bank.reading.key_blocks import words_by_number
from question_bank.reading.keys import letters_in
from question_bank.reading.kind_words import KindWord, are_verdicts, verdict_in
from question_bank.reading.options import Labelled, labelled
from question_bank.reading.stems import blanks_in, choice_in_stem

STEM, OPTION, KEY, EXPLANATION = "stem", "option", "key", "explanation"


@dataclass
class Section:
    """What a heading said, and the numbers under it."""

    word: KindWord | None
    number: int
    is_case: bool = False  # its questions are about a text that stands above them
    material: list[str] = field(default_factory=list)  # that text, line by line
    chapter: str = ""  # the title above it
    verdicts: dict[str, bool] = field(default_factory=dict)  # what letters or digits mean there: （A为正确，B为错误）

    @property
    def kind(self) -> Kind | None:
        return self.word.kind if self.word else None

    @property
    def is_written(self) -> bool:
        """Questions answered in words: what follows the stem is the answer."""
        return self.kind is Kind.SHORT_ANSWER


@dataclass
class Piece:
    """One question as its lines come in, each with the role it plays."""

    line: int
    number: int | None
    section: Section
    word: KindWord | None = None
    parts: list[tuple[str, str]] = field(default_factory=list)
    source: str = ""
    difficulty: str = ""
    key: str | None = None  # from a block of keys
    keys_disagree: bool = False  # another block says another
    material: str = ""  # the text that it is about, with others
    mark: str = ""  # what stands behind its number
    below_options: str = ""  # words below the last option, which may be a title
    shares_options: bool = False  # with others: they stand above the first of them

    def __post_init__(self) -> None:
        self.roles: set[str] = set()

    def add(self, role: str, text: str) -> None:
        self.parts.append((role, text))
        self.roles.add(role)

    def take_last(self) -> str:
        role, text = self.parts.pop()
        self.roles = self.roles if any(r == role for r, _ in self.parts) else self.roles - {role}
        return text

    def texts(self, role: str) -> list[str]:
        return [text for r, text in self.parts if r == role]

    def has(self, role: str) -> bool:
        return role in self.roles

    @property
    def role(self) -> str:
        return self.parts[-1][0] if self.parts else STEM


_TICK = re.compile(r"\s*(?:[√✓✔☑✅]|[（(【\[]\s*(?:正确答案|正确|答案|√|✓|✔)\s*[）)】\]])\s*$")
_TICKED_BEFORE = re.compile(r"^\s*[-*+•]?\s*(?:\[[xX√]\]|[√✓✔☑✅])\s*|^\s*[*★☆](?=[A-La-lＡ-Ｌ]\s*[.．、:：)）])")
_WORDS = re.compile("[一-鿿].*[一-鿿].*[一-鿿].*[一-鿿]")
_DECORATION = re.compile(
    r"^\s*[-*+•●○◯□☐]\s+(?:\[[ xX]\]\s*)?|^\s*\[ \]\s*|^\s*[●○◯□☐](?=[A-La-lＡ-Ｌ]\s*[.．、:：)）])"
)


def draft_of(piece: Piece) -> Draft:
    """One question's lines as a draft."""
    stem = look.without_stem_name(joined(piece.texts(STEM)).strip())
    if piece.has(OPTION):
        stem = look.without_options_name(stem)
    option_lines = piece.texts(OPTION)
    options: list[str] = []
    labels: list[str] = []
    ticked: list[str] = []
    if option_lines:
        kind = piece.word.kind if piece.word else piece.section.kind
        stem, options, labels, ticked = _options_of(stem, option_lines, kind)
    elif (
        (inside := labelled(stem, behind_stem=True))
        and inside.before
        and len(inside.options) > 1
        and all(inside.options)
        and _may_hold_options(piece, inside)
    ):
        stem, options, labels = inside.before, inside.options, inside.labels
    is_asked_by_options = piece.section.is_written and len(options) > 1
    stated = _stated_keys(piece)
    letters = {tuple(found) for lines in stated if (found := letters_in("".join(lines)))}
    said_again = len(stated) > 1 and len(letters) == 1 and all(letters_in("".join(lines)) for lines in stated)
    lines = stated[0] if said_again else piece.texts(KEY)
    key, why = _key_and_why(lines, bool(options), _blanks_asked(piece, stem, options))
    key = key or piece.key or "".join(ticked)
    word = piece.word
    draft = Draft(
        sheet="",
        row=piece.line,
        stem="\n".join(filter(None, [piece.material, _without_loose_verdicts(stem, options)])),
        options=options,
        labels=labels,
        key=key,
        kind=word.kind if word else None,
        is_choice=bool(word and word.is_choice)
        or bool(not word and piece.section.word and piece.section.word.is_choice),
        hint=None if is_asked_by_options else piece.section.kind,
        unsupported=_unsupported(piece),
        verdicts=piece.section.verdicts,
        explanation="\n".join([*why, *piece.texts(EXPLANATION)]).strip(),
        source=piece.source,
        difficulty=piece.difficulty,
    )
    if _holds_another(stem, stated):
        draft.trouble = ("答案", "questions_glued", _GLUED)
    elif _blanks_asked(piece, stem, options) == 1 and words_by_number(key):
        draft.trouble = ("答案", "keys_glued", _SEVERAL_ANSWERS)
    elif option_lines and _goes_on_with_another(piece):
        draft.trouble = ("选项", "questions_glued", _GLUED_BELOW)
    if piece.below_options:
        draft.trouble = ("选项", "words_below_options", _BELOW.format(piece.below_options))
    if number := _bare_number_inside(piece):
        draft.trouble = ("选项" if option_lines else "题干", "bare_number", _BARE_NUMBER.format(number))
    if len(letters) > 1 or piece.keys_disagree:
        draft.trouble = (
            "答案",
            "keys_disagree",
            "这里写着两个不同的答案。请看是不是漏了下一道题的题号，或删去一个答案。",
        )
    return _without_bold(draft)


_GLUED = "答案里还有空，像是后面连着另一道题。请把两道题分成两行。"


def _holds_another(stem: str, stated: list[list[str]]) -> bool:
    """ "甲是___。答案：乙 丙是___。答案：丁": an answer of one blank draws a blank itself."""
    return "__" in stem and any("__" in line for lines in stated for line in lines)


_BELOW = (
    "最后一个选项下面的“{}”可能是小标题或说明，也可能是选项的一部分。前者请删去或写上“解析：”，是选项请接到那一行。"
)
_LETTER_AT_MOST = re.compile(r"\s*(?:[（(\[【]?[A-La-lＡ-Ｌａ-ｌ][.．、:：)）】\]]?)?\s*")
_BARE_NUMBER = "单独成行的“{}”可能是页码，也可能是内容。是页码请删去，是内容请接到前面那一行。"


def _bare_number_inside(piece: Piece) -> str:
    """A number alone on a line of a stem or an option, where words went before it; "" where there is none."""
    for (before_role, before), (role, text) in pairwise(piece.parts):
        is_inside = role in (STEM, OPTION) and role == before_role and re.fullmatch(r"\s*\d{1,4}\s*", text)
        if is_inside and not _LETTER_AT_MOST.fullmatch(before):
            return text.strip()
    return ""


_SEVERAL_ANSWERS = "这道题只有一个空，答案里却有几个编号，像是几道题的答案。请把各题的答案写到各题下面。"
_GLUED_BELOW = "最后一个选项下面有带题号的文字，像是另一道题，没有单独读取。请核对题号。"


def _goes_on_with_another(piece: Piece) -> bool:
    """Whether numbered words stand below the last option, which begin a question that was not told from it."""
    first = next(place for place, (role, _) in enumerate(piece.parts) if role == OPTION)
    starts = [look.start_of(text) for role, text in piece.parts[first + 1 :] if role == OPTION]
    return any(start is not None and start.is_sure and _WORDS.search(start.rest) for start in starts)


def _stated_keys(piece: Piece) -> list[list[str]]:
    """The lines of each answer: a second one stands below an explanation."""
    keys: list[list[str]] = [[]]
    for role, text in piece.parts:
        if role == KEY:
            keys[-1].append(text)
        elif keys[-1]:
            keys.append([])
    return [lines for lines in keys if lines]


def _blanks_asked(piece: Piece, stem: str, options: list[str]) -> int:
    """How many blanks the stem of a question of that kind draws; 0 for other kinds."""
    is_written = piece.section.is_written or (piece.word is not None and piece.word.kind is Kind.SHORT_ANSWER)
    return 0 if options or is_written else blanks_in(stem)


def _key_and_why(lines: list[str], has_options: bool, blanks: int) -> tuple[str, list[str]]:
    """The key, and the lines below it that say in whatever words why it is the key."""
    lines = [re.sub(r"^\*+|(?<!\*)\*+$", "", line.strip()) for line in lines]
    is_alone = blanks and len(lines) > 1 and lines[0] and len(blanks_from(lines[0], blanks)) == blanks
    if is_alone and not numbered(lines):
        return lines[0], lines[1:]
    for count in range(1, len(lines)):
        key, following = "\n".join(lines[:count]).strip(), lines[count]
        is_whole = letters_in(key) is not None if has_options else verdict_in(key) is not None
        if key and is_whole and letters_in(following) is None and verdict_in(following) is None:
            return key, lines[count:]
    return "\n".join(lines).strip(), []


def joined(lines: list[str]) -> str:
    """Lines as one text; a line that was wrapped in the middle of Chinese words goes on without a break."""
    text = ""
    for line in lines:
        ends_inside = re.search(r"[一-鿿，、]$", text[-1:]) and len(text) - text.rfind("\n") > 12
        is_wrapped = ends_inside and re.match(r"[一-鿿（(]", line)
        text += line if not text or is_wrapped else "\n" + line
    return text


def _may_hold_options(piece: Piece, inside: Labelled) -> bool:
    if piece.section.kind is Kind.TRUE_FALSE:
        return are_verdicts(inside.options)
    if piece.section.kind in (Kind.FILL_BLANK, Kind.SHORT_ANSWER):
        return False
    return len(inside.options) > 2 or piece.has(KEY) or choice_in_stem(inside.before, len(inside.options)) is not None


def _unsupported(piece: Piece) -> str:
    if piece.shares_options:
        return "共用选项的题"
    if piece.word:
        return piece.word.unsupported
    return piece.section.word.unsupported if piece.section.word else ""


def _options_of(stem: str, lines: list[str], kind: Kind | None) -> tuple[str, list[str], list[str], list[str]]:
    ticked_lines = [bool(_TICKED_BEFORE.match(line)) for line in lines]
    bare = [_DECORATION.sub("", _TICKED_BEFORE.sub("", line)) for line in lines]
    parts = labelled("\n".join(bare))
    if parts is None:
        return "\n".join([stem, *lines]), [], [], []
    if parts.before:
        stem = f"{stem}\n{parts.before}"
    options, ticked = [], []
    for label, option in zip(parts.labels, parts.options, strict=True):
        text = _TICK.sub("", option) or option  # √ and × may be the options themselves
        if text != option or any(
            tick and look.option_letter_of(line) == label for tick, line in zip(ticked_lines, bare, strict=True)
        ):
            ticked.append(label)
        options.append(joined(text.split("\n")))
    are_all_right = kind is Kind.MULTIPLE_CHOICE and all(_TICK.search(option) for option in parts.options)
    if len(ticked) == len(options) and not are_all_right:
        ticked = []
    return stem, options, parts.labels, ticked


def _without_loose_verdicts(stem: str, options: list[str]) -> str:
    """学习通 repeats 正确 and 错误 as lines of their own before the options 对 and 错."""
    lines = stem.split("\n")
    if len(options) == 2 and len(lines) > 2 and {verdict_in(line) for line in lines[-2:]} == {True, False}:
        return "\n".join(lines[:-2])
    return stem


def _without_bold(draft: Draft) -> Draft:
    """Markdown: ** around a stem or an option is no part of it; around some of the options it may mark the key."""
    if "**" not in draft.stem + "".join(draft.options):
        return draft
    draft.stem = draft.stem.replace("**", "")
    bold = [bool(re.match(r"^\*\*|.*\*\*$", option)) for option in draft.options]
    if not draft.key and any(bold) and not all(bold):
        draft.key = "".join(label for label, b in zip(draft.labels, bold, strict=False) if b)
    draft.options = [option.replace("**", "").strip() for option in draft.options]
    return draft
