"""Results as workbooks: the judges' (CONTRACT §6), and for managers the people of their own street or unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from question_bank.content import FALSE, TRUE, QuestionContent, letter
from question_bank.database import db, snapshot
from question_bank.kinds import QuestionKind
from question_bank.queries import versions_by_id
from question_bank.writing import key_as_text
from quiz.models import Contest
from quiz.queries import standings as ladders
from quiz.queries.exports import QuestionCounts, question_counts
from quiz.queries.standings import NamedPerson, Within
from quiz.rules.contest import ContestTerms, LadderRule, Measure
from quiz.rules.participation import LadderRow, ladder
from quiz.rules.ranking import rounded
from quiz.rules.wording import measure_in_words, moment_in_words, terms_in_words
from quiz.services import attempts
from quiz.services.sheets import MOMENT, RATE, SECONDS, TWO_DECIMALS, WHOLE, Column, ResultWorkbook, Value

OPTIONS_AT_LEAST = 8


def judges_workbook(contest_id: int, *, now: datetime) -> bytes:
    """The whole result: 规程, 个人, 单位, 街道, 试题, all as of one moment. What is overdue is handed in first."""
    attempts.submit_expired(contest_id, now=now)
    with snapshot():
        contest = db.session.get_one(Contest, contest_id)
        terms = contest.terms
        workbook = ResultWorkbook()
        workbook.add("规程", [Column("项目"), Column("内容")], _terms_rows(contest, terms, now))
        workbook.add("个人", [*_PERSON, Column("单位类别")], _person_rows(contest, terms))
        _add_places(workbook, "单位", terms, unit_ladder(contest, terms), terms.unit_ladder, with_class=True)
        _add_places(workbook, "街道", terms, street_ladder(contest, terms), terms.street_ladder, with_class=False)
        _add_questions(workbook, contest)
        return workbook.as_bytes()


def unit_ladder(contest: Contest, terms: ContestTerms) -> list[LadderRow]:
    """单位榜, whole."""
    return ladder(ladders.unit_tallies(contest.id, terms.unit_ladder), terms.unit_ladder, full=terms.full)


def street_ladder(contest: Contest, terms: ContestTerms) -> list[LadderRow]:
    """街道榜, whole."""
    return ladder(ladders.street_tallies(contest.id, terms.street_ladder), terms.street_ladder, full=terms.full)


# --- 规程 ------------------------------------------------------------------------------------------------------------


def _terms_rows(contest: Contest, terms: ContestTerms, now: datetime) -> Iterator[Sequence[Value]]:
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


_HOW_QUESTIONS_ARE_COUNTED = (
    "只数已经交卷、没有作废的答卷。正确率 = 答对次数 ÷ 作答次数，没有作答的不算在内。"
    "选项按题库里的先后，不按答卷上的先后。"
)


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


def _person_rows(contest: Contest, terms: ContestTerms) -> Iterator[Sequence[Value]]:
    for person in ladders.named_persons(contest.id, terms.ties):
        yield *_person(person, terms, person.phone), person.unit_class


def _person(person: NamedPerson, terms: ContestTerms, *phone: str) -> Sequence[Value]:
    standing = person.standing
    finished_at = standing.finished_at.astimezone(terms.zone).replace(tzinfo=None)
    score = rounded(Fraction(standing.score_sum, standing.counted * 100))
    elapsed_s = rounded(Fraction(standing.elapsed_sum, standing.counted * 1000), 3)
    return (
        person.rank, standing.entry_code, person.name, *phone, person.street, person.unit,
        score, elapsed_s, finished_at,
    )  # fmt: skip


def own_people_workbook(contest_id: int, within: Within, *, now: datetime) -> bytes:
    """个人 of one street or unit, with the ranks inside it; phones stay with the organiser and the judges."""
    attempts.submit_expired(contest_id, now=now)
    with snapshot():
        contest = db.session.get_one(Contest, contest_id)
        terms = contest.terms
        people = ladders.named_persons(contest.id, terms.ties, within)
        workbook = ResultWorkbook()
        columns = [column for column in _PERSON if column.header != "手机号"]
        workbook.add("个人", columns, (_person(person, terms) for person in people))
        return workbook.as_bytes()


# --- 单位, 街道 ------------------------------------------------------------------------------------------------------


def _add_places(
    workbook: ResultWorkbook,
    title: str,
    terms: ContestTerms,
    rows: Sequence[LadderRow],
    rule: LadderRule,
    *,
    with_class: bool,
) -> None:
    words = {weighted.measure: measure_in_words(weighted) for weighted in rule.measures}
    columns = [
        Column("名次", WHOLE),
        Column("编码"),
        Column("名称"),
        Column("应参加人数", WHOLE),
        Column("参与人数", WHOLE),
        Column("参与率", RATE),
        Column("平均成绩", TWO_DECIMALS),
        Column("得分", TWO_DECIMALS),
        *([Column("类别")] if with_class else []),
        Column("开始过答题的人数", WHOLE),
        Column("得分不为 0 的人数", WHOLE),
        *(Column(f"{word}（折算 0–100）", TWO_DECIMALS) for word in words.values()),
    ]
    workbook.add(title, columns, (_place(row, list(words), with_class) for row in rows))


def _place(row: LadderRow, measures: Sequence[Measure], with_class: bool) -> Sequence[Value]:
    tally = row.tally
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


# --- 试题 ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Shown:
    version: int
    content: QuestionContent
    counts: QuestionCounts

    @property
    def options(self) -> tuple[str, ...]:
        return ("对", "错") if self.content.kind is QuestionKind.TRUE_FALSE else self.content.options_in_words


assert (TRUE, FALSE) == (1, 2)  # 对 and 错 stand in the columns A and B


def _add_questions(workbook: ResultWorkbook, contest: Contest) -> None:
    counts = question_counts(contest.id)
    versions = versions_by_id(counts)
    shown = [_Shown(number, versions[number].content, counts[number]) for number in sorted(counts)]
    options = max([OPTIONS_AT_LEAST, *(len(question.options) for question in shown)])
    letters = [letter(number) for number in range(1, options + 1)]
    columns = [
        Column("版本号", WHOLE),
        Column("题型"),
        Column("领域"),
        Column("难度"),
        Column("题干"),
        *(Column(f"选项{a}") for a in letters),
        Column("答案"),
        Column("出现次数", WHOLE),
        Column("作答次数", WHOLE),
        Column("答对次数", WHOLE),
        Column("正确率", RATE),
        *(Column(f"选{a}人次", WHOLE) for a in letters),
        Column("来源"),
    ]
    workbook.add("试题", columns, (_question(question, options) for question in shown))


def _question(question: _Shown, options: int) -> Sequence[Value]:
    content, counts = question.content, question.counts
    texts = question.options
    return (
        question.version,
        content.kind.label,
        content.domain,
        content.difficulty,
        content.stem,
        *(texts[place] if place < len(texts) else None for place in range(options)),
        key_as_text(content),
        counts.shown,
        counts.answered,
        counts.right,
        _right_rate(counts),
        *(counts.options[place + 1] if place < len(texts) else None for place in range(options)),
        content.source,
    )


def _right_rate(counts: QuestionCounts) -> float | None:
    """None without a single answer that counts, so that a question taken out of the total does not read as 0 %."""
    scored = counts.answered - counts.unscored
    return counts.right / scored if scored else None
