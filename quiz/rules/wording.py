"""The terms of a contest as plain Chinese sentences: what the contest page, the ladders and the export say."""

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction

from question_bank.kinds import QuestionKind
from quiz.rules.contest import (
    Attempts,
    ContestTerms,
    Counts,
    KeysShown,
    LadderRule,
    Measure,
    MultipleChoice,
    MultipleChoiceRule,
    PaperPlanLine,
    Per,
    Ties,
    WeightedMeasure,
    number,
)


def terms_in_words(terms: ContestTerms) -> list[str]:
    """The whole rules, one sentence for each thing they settle."""
    kinds = {line.kind for line in terms.plan}
    sentences = [
        plan_in_words(terms),
        multiple_choice_in_words(terms.multiple_choice) if QuestionKind.MULTIPLE_CHOICE in kinds else "",
        "填空题每个空都填对才得分；全角半角、大小写和空格不影响对错。" if QuestionKind.FILL_BLANK in kinds else "",
        _mixing(terms),
        window_in_words(terms),
        time_limit_in_words(terms),
        question_limit_in_words(terms),
        _grace(terms.grace_s),
        attempts_in_words(terms),
        *_rounds(terms),
        leaderboard_in_words(terms, "person"),
        "居民计入所选的街道；职工计入单位，也计入单位所在的街道，不属于任何街道的单位只进单位榜。",
        "交过至少一份有作答的答卷，就算参与；被裁定作废的答卷不算。",
        leaderboard_in_words(terms, "unit"),
        leaderboard_in_words(terms, "street"),
        _shown(terms),
        frozen_in_words(terms),
        keys_shown_in_words(terms.keys_shown),
        certificate_in_words(terms.certificate_mark),
        "竞赛期间，这些题也可以在“练习”里练。" if terms.practice else "",
        f"姓名、手机号等个人信息在 {day_in_words(terms.forget_on)}删除，之后只留下打了星号的名字和成绩。",
    ]
    return [sentence for sentence in sentences if sentence]


# --- the paper -------------------------------------------------------------------------------------------------------


def line_label(line: PaperPlanLine) -> str:
    """多选题 · 服务领域"""
    parts = [line.kind.label]
    if line.domain:
        parts.append(f"{line.domain}领域")
    if line.difficulty:
        parts.append(f"难度“{line.difficulty}”")
    return " · ".join(parts)


def line_in_words(line: PaperPlanLine) -> str:
    """多选题 · 服务领域 4 道，每道 5 分"""
    return f"{line_label(line)} {line.count} 道，每道 {points_in_words(line.points)} 分"


def plan_in_words(terms: ContestTerms) -> str:
    lines = "；".join(map(line_in_words, terms.plan))
    return f"每份试卷 {terms.questions} 题，满分 {points_in_words(terms.full)} 分：{lines}。"


def multiple_choice_in_words(rule: MultipleChoice) -> str:
    """What a choice earns that is right but incomplete (漏选)."""
    points = points_in_words(rule.points)
    if rule.rule is MultipleChoiceRule.PARTIAL:
        return f"多选题全部选对得满分；漏选但没有选错得 {points} 分；选了错的不得分。"
    if rule.rule is MultipleChoiceRule.PER_OPTION:
        return f"多选题全部选对得满分；没有选全时每选对一项得 {points} 分，不超过本题分值；选了错的不得分。"
    return "多选题全部选对才得分，漏选、错选都不得分。"


def _mixing(terms: ContestTerms) -> str:
    mixed = [word for word, is_mixed in (("题目", terms.mix_questions), ("选项", terms.mix_options)) if is_mixed]
    order = f"{'和'.join(mixed)}的先后顺序因人而异" if mixed else "题目按方案的先后排列"
    return f"题目从题库里随机抽取，{order}。"


# --- when and how often ----------------------------------------------------------------------------------------------


def window_in_words(terms: ContestTerms) -> str:
    opens, closes = moment_in_words(terms.opens_at, terms), moment_in_words(terms.closes_at, terms)
    return f"{opens} 开始，{closes} 结束。"


def time_limit_in_words(terms: ContestTerms) -> str:
    limit = span_in_words(terms.time_limit_s)
    return f"每次限时 {limit}，时间一到自动交卷，之前保存的答案都算数；竞赛结束时还在答题的，按竞赛结束时间交卷。"


def question_limit_in_words(terms: ContestTerms) -> str:
    """每题限时, and what follows from it; "" where questions have no time of their own."""
    if terms.question_limit_s is None:
        return ""
    limit = span_in_words(terms.question_limit_s)
    return (
        f"题目一道一道按顺序出，每题限时 {limit}，时间一到就到下一题；过去的题不能回去再改，没到的题提前看不到。"
        "每题的时间和整份答卷的时间，哪个先到算哪个。"
    )


def too_short_in_words(terms: ContestTerms) -> str:
    """What an organiser should know where the whole paper's time ends before those of its questions together."""
    if terms.question_limit_s is None or terms.question_limit_s * terms.questions <= terms.time_limit_s:
        return ""
    together = span_in_words(terms.question_limit_s * terms.questions)
    return f"{terms.questions} 题的时间加起来是 {together}，比整份限时长：每题都用满时间的人答不到最后一题。"


def _grace(grace_s: int) -> str:
    if not grace_s:
        return "时间到之后送到的答案不再收。"
    return f"网络慢的时候，时间到之后 {span_in_words(grace_s)}内送到的答案仍然收下，用时不会因此变长。"


_COUNTS = {
    Counts.BEST: "取最好的一次",
    Counts.DAILY_SUM: "取每天最好的一次相加",
    Counts.LAST: "取最后一次",
    Counts.MEAN: "取各次的平均",
}


def attempts_in_words(terms: ContestTerms) -> str:
    """每人共可答 3 次，取最好的一次。"""
    if terms.attempts.per is Per.CONTEST and terms.attempts.allowed == 1:
        return "每人只能答 1 次。"
    return f"每人{allowed_in_words(terms.attempts)}，{_COUNTS[terms.counts]}作为成绩。"


def counts_in_words(counts: Counts) -> str:
    """取最好的一次"""
    return _COUNTS[counts]


def allowed_in_words(attempts: Attempts) -> str:
    within = {Per.CONTEST: "共", Per.DAY: "每天", Per.ROUND: "每轮"}[attempts.per]
    return f"{within}可答 {attempts.allowed} 次"


def _rounds(terms: ContestTerms) -> list[str]:
    if terms.attempts.per is not Per.ROUND:
        return []
    return [
        f"{r.key}：{moment_in_words(r.opens_at, terms)} 到 {moment_in_words(r.closes_at, terms)}。"
        for r in terms.attempts.rounds
    ]


# --- ladders ---------------------------------------------------------------------------------------------------------


def leaderboard_in_words(terms: ContestTerms, by: str) -> str:
    """The rule of one ladder; ``by`` is "person", "unit" or "street"."""
    if by == "person":
        return _person_ladder(terms)
    return ladder_in_words(terms.unit_ladder if by == "unit" else terms.street_ladder, by)


_ELAPSED = {
    Counts.BEST: "那一次的用时",
    Counts.LAST: "那一次的用时",
    Counts.DAILY_SUM: "相加的各次用时之和",
    Counts.MEAN: "各次用时的平均",
}


def _person_ladder(terms: ContestTerms) -> str:
    last = "还相同的名次并列" if terms.ties is Ties.SHARE else "还相同的按参赛编号排，名次不并列"
    return f"个人榜先比成绩；成绩相同，比{_ELAPSED[terms.counts]}，短的在前；再相同，先交卷的在前；{last}。"


_NAMES = {Measure.PARTICIPATION_RATE: "参与率", Measure.MEAN_SCORE: "平均成绩", Measure.EXCELLENT_RATE: "优秀率",
          Measure.BEST_N: "前几名成绩之和", Measure.PARTICIPANTS: "参与人数", Measure.NONZERO: "得分不为 0 的人数",
          Measure.ENTRIES: "开始过答题的人数", Measure.TOTAL_SCORE: "总成绩",
          Measure.ENTRIES_PER_HEAD: "开始过答题的人数 ÷ 应参加人数"}  # fmt: skip

_MEANINGS = {
    Measure.PARTICIPATION_RATE: "参与率 = 参与人数 ÷ 应参加人数，最多按 100 % 算，没有填应参加人数的按 0 算",
    Measure.MEAN_SCORE: "平均成绩 = 参与者成绩的平均 ÷ 满分",
}


def ladder_in_words(rule: LadderRule, by: str = "unit") -> str:
    """How units, or streets, are ranked, in one sentence: measures and weights, ties, the least headcount."""
    what = "单位" if by == "unit" else "街道"
    parts = [f"{what}榜的得分 = {_weighted(rule.measures)}，每项折算成 0–100"]
    parts += dict.fromkeys(filter(None, map(_meaning, rule.measures)))
    if rule.ties:
        parts.append(f"得分相同，依次比{'、'.join(_NAMES[measure] for measure in rule.ties)}，再相同名次并列")
    else:
        parts.append("得分相同名次并列")
    if rule.least_headcount:
        parts.append(f"应参加人数不到 {rule.least_headcount} 人的{what}列在榜上但不排名")
    return "；".join(parts) + "。"


def measure_in_words(weighted: WeightedMeasure) -> str:
    """优秀率（90 分及以上）"""
    if weighted.measure is Measure.EXCELLENT_RATE:
        return f"优秀率（{points_in_words(weighted.mark or 0)} 分及以上）"
    if weighted.measure is Measure.BEST_N:
        return f"前 {weighted.n} 名成绩之和"
    return measure_name(weighted.measure)


def measure_name(measure: Measure) -> str:
    """The Chinese name of a measure, as it heads a column."""
    return _NAMES[measure]


def _weighted(measures: Sequence[WeightedMeasure]) -> str:
    counting = [m for m in measures if m.weight]
    if len(counting) == 1:
        return measure_in_words(counting[0])
    total = sum((m.weight for m in counting), Fraction(0))
    shares = [m.weight / total * 100 for m in counting]
    if all((share * 100).denominator == 1 for share in shares):
        return " + ".join(f"{measure_in_words(m)} × {number(s)} %" for m, s in zip(counting, shares, strict=True))
    summed = " + ".join(f"{measure_in_words(m)} × {number(m.weight)}" for m in counting)
    return f"（{summed}）÷ {number(total)}"


def _meaning(weighted: WeightedMeasure) -> str:
    """What stands behind the name of a measure; the others are shares of the largest in the same ladder."""
    if not weighted.weight:
        return ""
    if weighted.measure is Measure.EXCELLENT_RATE:
        return f"优秀率 = 成绩不低于 {points_in_words(weighted.mark or 0)} 分的人数 ÷ 参与人数"
    if weighted.measure is Measure.BEST_N:
        return f"前 {weighted.n} 名成绩之和与 {weighted.n} 个满分相比，不足 {weighted.n} 人的空缺按 0 分算"
    return _MEANINGS.get(weighted.measure, f"{_NAMES[weighted.measure]}与同榜最多的相比")


def _shown(terms: ContestTerms) -> str:
    parts = [
        f"{name}榜{_part(part, unit)}"
        for name, part, unit in (
            ("个人", terms.shown.person, "名"),
            ("单位", terms.shown.unit, "个"),
            ("街道", terms.shown.street, "个"),
        )
    ]
    return f"公开显示：{'，'.join(parts)}；自己的名次自己总能看到。"


def frozen_in_words(terms: ContestTerms) -> str:
    """封榜; "" where the ladders go on to the end."""
    if terms.freezes_at is None:
        return ""
    return f"{moment_in_words(terms.freezes_at, terms)} 起封榜：榜单停在那一刻，成绩照常计算，揭榜时一起公布。"


def _part(part: int | str, unit: str) -> str:
    if part == "all":
        return "全部"
    if part == "half":
        return "前一半"
    return f"前 {part} {unit}" if part else "不公开"


def keys_shown_in_words(shown: KeysShown) -> str:
    when = "交卷后" if shown is KeysShown.AFTER_ATTEMPT else "竞赛结束后"
    return f"{when}可以看到每道题的答案、解析和出处。"


def certificate_in_words(mark: int | None) -> str:
    """From how many points on there is a certificate; "" where there is none."""
    if mark is None:
        return ""
    return f"有一次得分达到 {points_in_words(mark)} 分，就可以领取电子证书；凭证书上的校验码，谁都可以核对真伪。"


# --- values ----------------------------------------------------------------------------------------------------------


def points_in_words(hundredths: int) -> str:
    """500 → 5, 250 → 2.5"""
    return str(number(Fraction(hundredths, 100)))


def span_in_words(seconds: int) -> str:
    """1200 → 20 分钟, 90 → 1 分 30 秒"""
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return f"{rest} 秒"
    return f"{minutes} 分 {rest} 秒" if rest else f"{minutes} 分钟"


def day_in_words(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def moment_in_words(moment: datetime, terms: ContestTerms) -> str:
    """2026 年 6 月 20 日 9:00, in the contest's zone."""
    local = moment.astimezone(terms.zone)
    return f"{day_in_words(local.date())} {local.hour}:{local.minute:02d}"
