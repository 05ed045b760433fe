"""A bank written as a text or a document in one of the ways that people type one out."""

import random
from collections.abc import Sequence
from dataclasses import replace

from question_bank.content import TRUE, QuestionContent, letter
from question_bank.kinds import QuestionKind as Kind
from tests.fuzz.tables import Placed

_HEADINGS = {
    Kind.SINGLE_CHOICE: "单选题", Kind.MULTIPLE_CHOICE: "多选题", Kind.TRUE_FALSE: "判断题",
    Kind.FILL_BLANK: "填空题", Kind.SHORT_ANSWER: "简答题",
}  # fmt: skip
_NUMBERS = "一二三四五"
_NUMBER_FORMS = ("{0}. ", "{0}、", "{0}．", "{0}.", "（{0}）", "({0})", "第{0}题 ", "{0}) ", "{0}、{0}．")
_TITLES = (
    "", "", "质量知识竞赛题库（含答案）", "质量月知识竞赛试题及答案", "质量知识测试题（附答案）", "质量强区题库",
)  # fmt: skip
_NOTICES: tuple[tuple[str, ...], ...] = (
    (), (), (), ("单位：________ 姓名：________ 得分：________",), ("（考试时间：60分钟  满分：100分）",),
    ("注意事项", "1. 请先填写姓名和单位。", "2. 考试时间60分钟。"),
    ("答题须知", "（1）单选题每题2分；", "（2）判断题每题1分。"),
)  # fmt: skip
_HEADING_FORMS = ("{0}、{1}", "{0}、{1}", "{0}、{1}", "（{0}）{1}", "第{0}部分 {1}", "【{1}】")
_BEHIND_KEYS = ("", "", "", "", "  分值：2", "（2分）")
_LABELS = ("{}. ", "{}、", "{}．", "（{}）", "{}.")
_KEYS = ("答案：{}", "正确答案：{}", "【答案】{}", "参考答案: {}")
_HOW = ("", "", "（每题 2 分，共 20 分）", "：")
_VERDICTS = (("对", "错"), ("正确", "错误"), ("√", "×"))


def a_paper(chance: random.Random, truths: Sequence[QuestionContent]) -> tuple[list[str], Placed]:
    """Lines, and what truly stands in which line (from 1)."""
    lines: list[str] = []
    placed: Placed = {}
    notice = chance.choice(_NOTICES)
    # A number said twice is told by how many do: not in two lines, nor beside rules that say theirs once.
    may_double = len(truths) > 3 and not any(line.startswith("1") for line in notice)
    numbered = chance.choice(_NUMBER_FORMS if may_double else _NUMBER_FORMS[:-1])
    label, key = chance.choice(_LABELS), chance.choice(_KEYS)
    verdicts, space, explained = chance.choice(_VERDICTS), chance.random() < 0.5, chance.random() < 0.5
    in_stem, together = chance.random() < 0.3, chance.random() < 0.25
    at_end, keys = not in_stem and chance.random() < 0.2, []
    answers: list[str] = []
    goes_on, number = chance.random() < 0.5, 0
    heading, behind = chance.choice(_HEADING_FORMS), chance.choice(_BEHIND_KEYS)
    lines += [title] if (title := chance.choice(_TITLES)) else []
    lines += notice
    for place, kind in enumerate(dict.fromkeys(truth.kind for truth in truths)):
        name = heading.format(_NUMBERS[place], _HEADINGS[kind])
        lines.append(name + chance.choice(_HOW))
        number = number if goes_on else 0
        for truth in (truth for truth in truths if truth.kind is kind):
            number += 1
            takes_key = in_stem and kind.has_options and truth.stem.count("（ ）") == 1
            stem = truth.stem.replace("（ ）", f"（{_key(truth, verdicts)}）") if takes_key else truth.stem
            lines.append(numbered.format(number) + stem)
            said = truth if explained else replace(truth, explanation="")
            placed["", len(lines)] = replace(said, stem=truth.stem.replace("（ ）", "（  ）")) if takes_key else said
            options = [label.format(letter(place)) + text for place, text in enumerate(truth.options, 1)]
            lines += ["    ".join(options)] if options and together else options
            if at_end and kind.has_options:
                keys.append(f"{number}. {_key(truth, verdicts)}")
            elif not takes_key:
                lines.append(key.format(_key(truth, verdicts)) + (behind if kind.has_options else ""))
            if truth.explanation and explained:
                lines.append(f"解析：{truth.explanation}")
            lines += [""] * space
        if keys:
            answers += [name, *keys]
            keys = []
    lines += ["参考答案", *answers] if answers else []
    return lines, placed


def _key(truth: QuestionContent, verdicts: tuple[str, str]) -> str:
    if truth.kind is Kind.TRUE_FALSE:
        return verdicts[0 if TRUE in truth.choices else 1]
    if truth.kind is Kind.FILL_BLANK:
        return truth.blanks[0][0]
    return truth.model_answer or "".join(letter(number) for number in sorted(truth.choices))


_PIECES = (
    "一、单选题", "二、判断题（每题 2 分）", "1. 投诉电话是（ ）", "2、下列说法正确的是（A）", "A. 甲", "B．乙",
    "C、丙", "A.甲 B.乙 C.丙 D.丁", "答案：A", "【答案】ABD", "正确答案：对", "解析：因为", "1-5 ABCDA", "（√）",
    "(×)", "____", "（", "）", "3. ", "（1）", "①", "::名:: 题{=甲 ~乙}", "{T}", "{", "}", "ANSWER: A",
    "题干,A,B,答案", "| 题干 | 答案 |", "|---|---|", "<p>", "&nbsp;", "难度：易", "第 3 页 共 9 页", "\t", "　　",
    "1", "A", "题型\t题干\t答案", "单选题", "$CATEGORY: 甲", "// 注", "=", "~%50%甲", "'", '"', "；", "|||", "\x0b",
    "\u202e", "\ufeff", "\u200b", "𠮷", "１．", "Ａ．",
)  # fmt: skip


def some_scraps(chance: random.Random) -> str:
    """Pieces of the grammars of text banks in no order at all."""
    joins = ("\n", "\n", "\n", "", " ", "\n\n")
    return "".join(chance.choice(_PIECES) + chance.choice(joins) for _ in range(chance.randint(1, 60)))
