"""Made-up banks of which we know what each question says."""

import random
from collections.abc import Sequence

from question_bank.content import FALSE, TRUE, QuestionContent
from question_bank.kinds import QuestionKind as Kind

_SUBJECTS = (
    "食品",
    "电梯",
    "ISO 9001",
    "物业服务",
    "Wi-Fi 6",
    "PM2.5",
    "特种设备",
    "GB/T 19001-2016",
    "消费者",
    "12315",
)
_ASKING = (
    "由谁负责",
    "的期限是多久",
    "指的是什么",
    "应当怎样标注",
    "最早见于哪一年",
    "依据《产品质量法》第 26 条怎样处理",
)
_ENDINGS = ("？", "（ ）。", "（  ）", "____。", "是（ ）的。", "", "。", "：")
_CLAIMS = ("应当明码标价", "可以不开发票", "必须定期检验", "不需要许可证", "实行召回制度")
_BLANK_ENDINGS = ("是____。", "为（ ）。", "是______", "＿＿＿＿。")
_ANSWERS = (
    "国务院", "7 日", "三年", "经营者", "0.5%", "生产者、销售者", "a < b", "市场监管局（区级）", "ISO", "<b>粗体</b>",
    "x+y", "C 语言", "1:1", "2024年", "“以质取胜”", "DNA", "以上都不对", "100 元以下", "GB 7718", "甲;乙",
    "3/4", "A 级", "-5", "+3℃", "=1+1",
)  # fmt: skip
_REMARKS = ("", "见条例第三条。", "因为如此\n所以这般", "注：A 项有误", "（略）")


def a_truth(chance: random.Random, number: int, kinds: Sequence[Kind]) -> QuestionContent:
    """One question; its stem names its number, so that no two are alike."""
    kind = chance.choice(kinds)
    subject = f"{chance.choice(_SUBJECTS)}第{number}号"
    about = {"explanation": chance.choice(_REMARKS), "difficulty": chance.choice(("", "易", "难")), "source": ""}
    if kind.has_options:
        options = tuple(chance.sample(_ANSWERS, chance.choice((2, 3, 4, 4, 4, 5, 6))))
        count = 1 if kind is Kind.SINGLE_CHOICE else chance.randint(2, len(options))
        choices = frozenset(chance.sample(range(1, len(options) + 1), count))
        stem = subject + chance.choice(_ASKING) + chance.choice(_ENDINGS)
        return QuestionContent(kind, stem, options, choices, **about)
    if kind is Kind.TRUE_FALSE:
        stem = f"{subject}{chance.choice(_CLAIMS)}。"
        return QuestionContent(kind, stem, choices=frozenset({chance.choice((TRUE, FALSE))}), **about)
    if kind is Kind.FILL_BLANK:
        stem = subject + chance.choice(_ASKING[:3]) + chance.choice(_BLANK_ENDINGS)
        return QuestionContent(kind, stem, blanks=((chance.choice(_ANSWERS[:4]),),), **about)
    answer = "，".join(chance.sample(_CLAIMS, 3)) + "。"
    return QuestionContent(kind, f"{subject}{chance.choice(_ASKING)}？请简述。", model_answer=answer, **about)


def some_truths(chance: random.Random, kinds: Sequence[Kind] = tuple(Kind)) -> list[QuestionContent]:
    return [a_truth(chance, number, kinds) for number in range(101, 101 + chance.randint(1, 12))]
