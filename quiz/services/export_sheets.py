"""What stands on the sheets of the judges' workbook: each function gives a title, its columns and its rows."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from functools import partial
from typing import Any

from quiz.models import Contest
from quiz.models.contests import ContestState
from quiz.queries.exports import PersonLine, RulingLine
from quiz.queries.seals import last_seal, state_of
from quiz.rules.contest import ContestTerms, LadderRule, Measure
from quiz.rules.marking import RulingKind
from quiz.rules.participation import LadderRow
from quiz.rules.ranking import rounded
from quiz.rules.wording import (
    leaderboard_in_words,
    measure_in_words,
    moment_in_words,
    points_in_words,
    span_in_words,
    terms_in_words,
)
from quiz.services.sheets import LABEL, MOMENT, RATE, SECONDS, TWO_DECIMALS, WHOLE, Column
from quiz.services.xlsx import Value

Sheet = tuple[str, Sequence[Column], Iterable[Sequence[Value]]]

ITEMS = [Column("项目", LABEL, 20), Column("内容", width=76)]


# --- 封面, 规程 ------------------------------------------------------------------------------------------------------


def cover(contest: Contest, terms: ContestTerms, now: datetime, persons_total: int, units: int, streets: int) -> Sheet:
    """What the workbook is, by which rule it was made, and how anybody can check it; on one page, to be signed."""
    rows: list[Sequence[Value]] = [("竞赛", terms.title)]
    if terms.about.host:
        rows.append(("主办", terms.about.host))
    rows += [
        ("时间", f"{moment_in_words(terms.opens_at, terms)} 到 {moment_in_words(terms.closes_at, terms)}"),
        ("状态", contest.state_at(now).label),
        ("参与", f"{persons_total} 人；列入榜单的单位 {units} 个，街道 {streets} 个"),
        ("满分", f"{points_in_words(terms.full)} 分，每份试卷 {terms.questions} 题"),
        ("个人怎样排名", leaderboard_in_words(terms, "person")),
        ("单位怎样排名", leaderboard_in_words(terms, "unit")),
        ("街道怎样排名", leaderboard_in_words(terms, "street")),
        ("类别怎样排名", "同一类别的单位只和同类单位比，算法与单位榜相同。"),
        ("各页内容", "规程、个人、单位、街道、类别（单位分类排名）、试题、裁定、抽奖；每页第一行是表头。"),
        ("规程 SHA-256", contest.terms_versions[-1].sha256),
        ("封存", seal_line(contest)),
        (
            "怎样核对",
            "“规程”页写明全部规则和规程每一版的校验值。单位、街道、类别的得分可以由“个人”页和应参加人数重新算出；"
            "每一次更正答案、作废、补时都在“裁定”页。"
            + (
                "“数据包”页是公开的数据包：运行 flask results verify 本文件 --digest 校验码，就能重算并和各页对照。"
                if contest.state == ContestState.SEALED
                else ""
            ),
        ),
        ("导出时间", moment_in_words(now, terms)),
        ("评委签字", ""),
        ("日期", ""),
    ]
    return "封面", ITEMS, rows


def seal_line(contest: Contest) -> str:
    """The digest of the last seal, or that there is none."""
    found = last_seal(contest.id)
    if found is None:
        return "尚未封存，成绩仍可能变化"
    changed = "" if state_of(contest.id) == found.state else "；封存以后又有改动，本工作簿是改动以后的成绩"
    at = moment_in_words(found.sealed_at, contest.terms)
    return f"第 {found.number} 次封存，{at}，数据包 SHA-256 {found.digest}{changed}"


def terms_rows(contest: Contest, terms: ContestTerms, now: datetime) -> Sheet:
    return "规程", [Column("项目", LABEL, 20), Column("内容", width=100)], _terms(contest, terms, now)


def _terms(contest: Contest, terms: ContestTerms, now: datetime) -> Iterator[Sequence[Value]]:
    yield "竞赛", terms.title
    yield "竞赛标识", contest.slug
    if terms.about.host:
        yield "主办", terms.about.host
    yield "开始时间", moment_in_words(terms.opens_at, terms)
    yield "结束时间", moment_in_words(terms.closes_at, terms)
    for number, sentence in enumerate(terms_in_words(terms), 1):
        yield f"规则 {number}", sentence
    yield "规程 SHA-256", contest.terms_versions[-1].sha256
    yield "题库", contest.bank.name
    yield "抽题范围 SHA-256", contest.pool.digest if contest.pool else ""
    for version in contest.terms_versions:
        changed_at = moment_in_words(version.changed_at, terms)
        reason = f"，{version.reason}" if version.reason else ""
        yield f"规程第 {version.number} 版", f"{changed_at}{reason}，SHA-256 {version.sha256}"
    yield (
        "试题一页怎样数",
        "只数已经交卷、没有作废的答卷；正确率 = 答对次数 ÷ 作答次数，没有作答不算在内；选项按题库里的编号。",
    )
    yield "导出时间", moment_in_words(now, terms)


# --- 个人 ------------------------------------------------------------------------------------------------------------

_PERSON = [
    Column("名次", WHOLE),
    Column("参赛编号"),
    Column("姓名"),
    Column("手机号"),
    Column("街道"),
    Column("单位"),
    Column("得分", TWO_DECIMALS),
    Column("用时（秒）", SECONDS),
    Column("交卷时间", MOMENT),
]
_PHONE = 3


def persons(lines: Iterable[PersonLine], terms: ContestTerms, *, with_phone: bool = True) -> Sheet:
    """个人榜. Without phones it is for managers, who get no class either: their people are of one street or unit."""
    if with_phone:
        return "个人", [*_PERSON, Column("单位类别")], map(partial(_person, terms), lines)
    columns = [column for place, column in enumerate(_PERSON) if place != _PHONE]
    rows = (_person(terms, line) for line in lines)
    return "个人", columns, (row[:_PHONE] + row[_PHONE + 1 : -1] for row in rows)


def _person(terms: ContestTerms, line: PersonLine) -> tuple[Value, ...]:
    finished_at = line.finished_at.astimezone(terms.zone).replace(tzinfo=None)
    return (
        line.rank, line.entry_code, line.name, line.phone, line.street, line.unit,
        score_of(line), elapsed_s_of(line), finished_at, line.unit_class,
    )  # fmt: skip


def score_of(line: PersonLine) -> float:
    """In points, as on the ladder."""
    # A sum over one is the nearest number to its decimals as it is; exact fractions would take half of all time.
    return line.score_sum / 100 if line.counted == 1 else rounded(Fraction(line.score_sum, line.counted * 100))


def elapsed_s_of(line: PersonLine) -> float:
    if line.counted == 1:
        return line.elapsed_sum / 1000
    return rounded(Fraction(line.elapsed_sum, line.counted * 1000), 3)


# --- 单位, 街道, 类别 ------------------------------------------------------------------------------------------------


def places(title: str, rows: Sequence[LadderRow], rule: LadderRule) -> Sheet:
    """单位 or 街道: whole, whatever the terms show. Units say their class."""
    columns = [*_PLACE, *([Column("类别")] if title == "单位" else []), *_measured(rule)]
    return title, columns, (_place(row, rule, with_class=title == "单位") for row in rows)


def places_by_class(classes: Sequence[tuple[str, Sequence[LadderRow]]], rule: LadderRule) -> Sheet:
    """类别: the units of each class ranked among themselves."""
    columns = [Column("类别"), *_PLACE, *_measured(rule)]
    return "类别", columns, (
        (unit_class or "没有类别", *_place(row, rule, with_class=False)) for unit_class, rows in classes for row in rows
    )  # fmt: skip


_PLACE = [
    Column("名次", WHOLE),
    Column("编码"),
    Column("名称"),
    Column("应参加人数", WHOLE),
    Column("参与人数", WHOLE),
    Column("参与率", RATE),
    Column("平均成绩", TWO_DECIMALS),
    Column("得分", TWO_DECIMALS),
]


def _measured(rule: LadderRule) -> list[Column]:
    words = {weighted.measure: measure_in_words(weighted) for weighted in rule.measures}
    return [
        Column("开始过答题的人数", WHOLE, 12),
        Column("得分不为 0 的人数", WHOLE, 12),
        *(Column(f"{word}（折算 0–100）", TWO_DECIMALS, 16) for word in words.values()),
    ]


def _place(row: LadderRow, rule: LadderRule, *, with_class: bool) -> tuple[Value, ...]:
    tally = row.tally
    measures: dict[Measure, None] = {weighted.measure: None for weighted in rule.measures}
    return (
        row.place.rank,
        tally.code,
        tally.name,
        tally.headcount,
        tally.participants,
        float(tally.participation_rate),
        rounded(tally.mean / 100),
        rounded(row.score),
        *([tally.unit_class] if with_class else []),
        tally.entries,
        tally.nonzero,
        *(rounded(row.measures[measure]) for measure in measures),
    )


# --- 裁定 ------------------------------------------------------------------------------------------------------------

RULINGS = {
    RulingKind.ANOTHER_KEY: "更正答案",
    RulingKind.FULL_MARKS: "全体给分",
    RulingKind.OUT_OF_TOTAL: "不计分",
    RulingKind.SET_ASIDE: "作废",
    RulingKind.EXTRA_TIME: "补时",
    "undo": "撤销裁定",
}


def rulings(lines: Iterable[RulingLine], terms: ContestTerms) -> Sheet:
    """Every ruling in words, those that were undone too."""
    columns = [
        Column("编号", WHOLE),
        Column("时间", MOMENT),
        Column("裁定"),
        Column("关于", width=34),
        Column("内容", width=28),
        Column("理由", width=44),
        Column("作出人"),
        Column("现在", width=16),
    ]
    return "裁定", columns, (_ruling(line, terms) for line in lines)


def _ruling(line: RulingLine, terms: ContestTerms) -> Sequence[Value]:
    ruling = line.ruling
    return (
        ruling.id,
        ruling.made_at.astimezone(terms.zone).replace(tzinfo=None),
        f"撤销{RULINGS.get(ruling.kind, '裁定')}" if _undoes_by_kind(line) else RULINGS.get(ruling.kind, ruling.kind),
        _about(line),
        _content_in_words(ruling.value, ruling.undoes_id),
        ruling.reason,
        line.made_by or "命令行",
        f"已被第 {line.undone_by} 号撤销" if line.undone_by else "有效",
    )


def _undoes_by_kind(line: RulingLine) -> bool:
    """An extra time is taken back by another of its kind."""
    return line.ruling.undoes_id is not None and line.ruling.kind == RulingKind.EXTRA_TIME


def _about(line: RulingLine) -> str:
    ruling = line.ruling
    if ruling.version_id is not None:
        return f"试题，版本号 {ruling.version_id}"
    if ruling.attempt_id is not None:
        period = f"{line.attempt_period} " if line.attempt_period else ""
        return f"答卷：参赛编号 {line.entry_code}，{period}第 {line.attempt_number} 次"
    return f"参赛编号 {line.entry_code}" if line.entry_code else "整场竞赛"


def _content_in_words(value: dict[str, Any], undoes_id: int | None) -> str:
    parts = [f"撤销第 {undoes_id} 号"] if undoes_id else []
    if isinstance(milliseconds := value.get("ms"), int) and not undoes_id:
        parts.append(span_in_words(milliseconds // 1000))
    if choices := value.get("choices"):
        parts.append(f"答案改为第 {'、'.join(map(str, choices))} 项（题库里的先后）")
    if blanks := value.get("blanks"):
        parts.append(f"答案改为 {'；'.join(' 或 '.join(texts) for texts in blanks)}")
    return "；".join(parts)
