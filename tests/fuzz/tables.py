"""A bank written into a sheet in one of the many ways that people lay one out."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from question_bank.content import TRUE, QuestionContent, letter
from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import header_names as names

Placed = dict[tuple[str, int], QuestionContent]
"""What truly stands where: by sheet and row, as the person sees it."""

_KIND_WORDS = {
    Kind.SINGLE_CHOICE: ("单选题", "单选", "单项选择题", "single_choice", "【单选题】"),
    Kind.MULTIPLE_CHOICE: ("多选题", "多选", "多项选择题", "不定项选择题", "multiple choice (multiple answers)"),
    Kind.TRUE_FALSE: ("判断题", "判断", "是非题", "true/false"),
    Kind.FILL_BLANK: ("填空题", "填空", "fill in the blank"),
    Kind.SHORT_ANSWER: ("简答题", "问答题", "简答", "论述题"),
}
_VERDICTS = (("对", "错"), ("正确", "错误"), ("√", "×"), ("T", "F"), ("true", "false"), ("Y", "N"), ("是", "否"))
_OPTION_HEADERS = ("选项{}", "{}", "{}选项", "选项 {}", "Option {}", "备选项{}")
_JOINS = ("", ",", "、", "，", " ", ";", "|")
_JUNK = ("序号", "分值", "备注", "出题人")
_FILLINGS = {"序号": "{}", "分值": "2", "备注": "", "出题人": "王某"}


@dataclass
class Layout:
    """How one table is laid out: what its columns are called, how kinds, options and keys are spelled."""

    chance: random.Random
    width: int
    parts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        chance = self.chance
        self.kind_words = {kind: chance.choice(words) for kind, words in _KIND_WORDS.items()}
        self.verdicts = chance.choice(_VERDICTS)
        self.join = chance.choice(_JOINS)
        self.lower, self.wide = chance.random() < 0.15, chance.random() < 0.1
        self.options_in = chance.choice(
            ("columns", "columns", "columns", "lines", "bars", "spaces", "bare lines", "list")
        )
        self.option_header = chance.choice(_OPTION_HEADERS)
        self.key_is = chance.choice(("letters", "letters", "letters", "numbers", "texts"))
        self.names_kinds = chance.random() < 0.8
        self.own_labels = self.options_in == "columns" and chance.random() < 0.15
        self.parts = [names.STEM, names.OPTIONS, names.KEY, names.EXPLANATION]
        self.parts += [names.KIND] * self.names_kinds
        self.parts += chance.sample(_JUNK, chance.randint(0, 3))
        self.says_difficulty = chance.random() < 0.5
        self.parts += [names.DIFFICULTY] * self.says_difficulty
        if chance.random() < 0.5:
            chance.shuffle(self.parts)
        self.headers = {part: _a_name(chance, part) for part in self.parts}

    def header(self) -> list[str]:
        cells: list[str] = []
        for part in self.parts:
            if part != names.OPTIONS:
                cells.append(self.headers[part])
            elif self.options_in == "columns":
                cells += [self.option_header.format(letter(number)) for number in range(1, self.width + 1)]
            else:
                cells.append(self.headers[part])
        return cells

    def row(self, number: int, content: QuestionContent) -> list[str]:
        cells: list[str] = []
        for part in self.parts:
            if part == names.OPTIONS:
                cells += self._options(content)
            elif part in _FILLINGS:
                cells.append(_FILLINGS[part].format(number))
            else:
                cells.append(self._cell(part, content))
        return cells

    def _cell(self, part: str, content: QuestionContent) -> str:
        if part == names.KIND:
            return self.kind_words[content.kind]
        return {
            names.STEM: content.stem, names.KEY: self._key(content),
            names.EXPLANATION: content.explanation, names.DIFFICULTY: content.difficulty,
        }[part]  # fmt: skip

    def _options(self, content: QuestionContent) -> list[str]:
        texts = list(content.options)
        if self.options_in == "columns":
            if self.own_labels:
                texts = [f"{letter(number)}. {text}" for number, text in enumerate(texts, 1)]
            return texts + [""] * (self.width - len(texts))
        if not texts:
            return [""]
        if self.options_in == "bare lines":
            return ["\n".join(texts)]
        if self.options_in == "list":
            return [json.dumps(texts, ensure_ascii=False)]
        between = {"lines": "\n", "bars": "|", "spaces": "  "}[self.options_in]
        return [between.join(f"{letter(number)}. {text}" for number, text in enumerate(texts, 1))]

    def _key(self, content: QuestionContent) -> str:
        if content.kind is Kind.TRUE_FALSE:
            return self.verdicts[0 if TRUE in content.choices else 1]
        if content.kind is Kind.FILL_BLANK:
            return content.blanks[0][0]
        if content.kind is Kind.SHORT_ANSWER:
            return content.model_answer
        if self.key_is == "texts":
            return "\n".join(content.options[number - 1] for number in sorted(content.choices))
        if self.key_is == "numbers":
            return (self.join or ",").join(str(number) for number in sorted(content.choices))
        key = self.join.join(letter(number) for number in sorted(content.choices))
        key = key.lower() if self.lower else key
        return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalpha() else c for c in key) if self.wide else key


def _a_name(chance: random.Random, part: str) -> str:
    if part in _FILLINGS:
        return part
    strong = [name for name in names.ALIASES[part].split() if name not in names.WEAK]
    return chance.choice(strong[:12] if chance.random() < 0.6 else strong)


def a_sheet(chance: random.Random, name: str, truths: Sequence[QuestionContent]) -> tuple[list[list[str]], Placed]:
    """Rows with a table or two, and what truly stands where."""
    rows: list[list[str]] = []
    placed: Placed = {}
    if chance.random() < 0.3:
        rows.append(["2024 年质量知识竞赛题库"])
    if chance.random() < 0.2:
        rows.append([])
    half = len(truths) // 2 if len(truths) > 3 and chance.random() < 0.15 else 0
    for part in [truths[:half], truths[half:]] if half else [truths]:
        layout = Layout(chance, max([4, *(len(truth.options) for truth in part)]))
        rows.append(layout.header())
        for number, truth in enumerate(part, 1):
            if chance.random() < 0.08:
                rows.append([])
            rows.append(layout.row(number, truth))
            placed[name, len(rows)] = truth if layout.says_difficulty else replace(truth, difficulty="")
        rows.append([])
    return rows, placed
