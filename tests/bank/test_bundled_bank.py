"""The bundled banks: their form. What their questions say is checked by people, against their sources."""

from collections import Counter
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path

import pytest

from question_bank.bundled import BANKS
from question_bank.bundled.source import Unclear, questions_of
from question_bank.check import Report, check_file
from question_bank.content import TRUE, QuestionContent
from question_bank.kinds import QuestionKind
from question_bank.likeness import alike

BUNDLED = Path(__file__).resolve().parents[2] / "question_bank" / "bundled"
LEAST_IN_FIELD = {
    "district": {
        "产品/食品": 21, "产品/药品": 23, "产品/农产品": 29, "产品/重点工业产品": 32, "产品/标准化": 25,
        "产品/计量": 20, "产品/认证认可": 22, "产品/检验检测": 20, "产品/质量管理": 21, "产品/知识产权与品牌": 20,
        "工程/住宅建筑": 23, "工程/公共建筑": 22, "工程/物业服务": 23, "工程/特种设备": 24,
        "服务/商务楼宇": 25, "服务/金融": 24, "服务/贸易会展": 20, "服务/航运物流": 20, "服务/电子商务": 33,
        "服务/现代商贸": 31, "服务/质量维权": 51, "服务/质量精神": 20, "服务/质量月与质量强国": 20,
        "环境/生态环境": 20, "环境/区容区貌": 21, "环境/生活宜居": 27, "环境/卫生": 20,
    },
    "children": {
        "产品/食品": 17, "产品/药品": 5, "产品/儿童用品": 13, "产品/计量与标准": 12,
        "工程/住宅安全": 11, "工程/特种设备": 8, "服务/质量维权": 14, "服务/网络消费": 8,
        "环境/生态环境": 11, "环境/生活宜居": 5, "环境/区容区貌": 5, "环境/卫生": 3,
    },
}  # fmt: skip
"""How many questions each field of a bank has. A field never loses one unseen, and these grow with the bank."""
LEAST_OF_KIND = {
    "district": {"single_choice": 301, "multiple_choice": 146, "true_false": 180, "fill_blank": 30},
    "children": {"single_choice": 51, "multiple_choice": 16, "true_false": 38, "fill_blank": 7},
}


@pytest.fixture(scope="module", params=sorted(LEAST_IN_FIELD))
def bank(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def report(bank: str) -> Report:
    workbook = BUNDLED / f"{bank}.xlsx"
    return check_file(workbook.read_bytes(), workbook.name)


@pytest.fixture(scope="module")
def contents(report: Report) -> list[QuestionContent]:
    return [found.content for found in report.questions]


def of_kind(contents: list[QuestionContent], kind: QuestionKind) -> list[QuestionContent]:
    return [content for content in contents if content.kind is kind]


def test_every_row_can_be_taken(report: Report) -> None:
    assert report.problems == report.warnings == () and report.duplicates == 0


def test_the_workbook_says_what_its_texts_say(bank: str, contents: list[QuestionContent]) -> None:
    assert contents == questions_of(BUNDLED / bank), "python -m question_bank.bundled writes the workbook anew"


def test_no_bank_is_bundled_without_these_rules() -> None:
    assert {path.stem for path in BUNDLED.glob("*.xlsx")} == set(LEAST_IN_FIELD) == set(BANKS)


def test_it_is_large_enough_for_contest_after_contest(bank: str, report: Report) -> None:
    counted = {kind: report.counts[kind] for kind in LEAST_OF_KIND[bank]}
    assert {kind: had for kind, had in counted.items() if had < LEAST_OF_KIND[bank][kind]} == {}


def test_every_question_has_explanation_source_and_the_day_it_was_checked(contents: list[QuestionContent]) -> None:
    lacking = [c.stem for c in contents if not (c.explanation and c.source and c.checked_on and c.difficulty)]
    assert lacking == []


def test_every_field_of_the_campaign_is_covered(bank: str, contents: list[QuestionContent]) -> None:
    least = LEAST_IN_FIELD[bank]
    counted = Counter(content.domain for content in contents)
    assert set(counted) == set(least)
    assert {domain: counted[domain] for domain in least if counted[domain] < least[domain]} == {}


def test_keys_are_spread_evenly_over_the_letters(contents: list[QuestionContent]) -> None:
    keys = Counter(c.key_as_letters[0] for c in of_kind(contents, QuestionKind.SINGLE_CHOICE))
    assert set(keys) == set("ABCD") and max(keys.values()) - min(keys.values()) <= 4
    verdicts = Counter(TRUE in c.choices for c in of_kind(contents, QuestionKind.TRUE_FALSE))
    assert abs(verdicts[True] - verdicts[False]) <= 4


def test_the_right_option_is_the_longest_in_at_most_three_of_ten(contents: list[QuestionContent]) -> None:
    single = of_kind(contents, QuestionKind.SINGLE_CHOICE)
    longest = [c for c in single if all(_is_longer(c, other) for other in range(1, 5) if other not in c.choices)]
    assert len(longest) <= 0.3 * len(single)


def _is_longer(content: QuestionContent, other: int) -> bool:
    (key,) = content.choices
    return len(content.options[key - 1]) > len(content.options[other - 1])


def test_multiple_choice_has_two_three_and_four_right_options(contents: list[QuestionContent]) -> None:
    sizes = Counter(len(c.choices) for c in of_kind(contents, QuestionKind.MULTIPLE_CHOICE))
    assert set(sizes) == {2, 3, 4}


def test_where_one_option_is_wrong_it_may_be_any_of_them(contents: list[QuestionContent]) -> None:
    several = of_kind(contents, QuestionKind.MULTIPLE_CHOICE)
    wrong = Counter(
        number
        for c in several
        if len(c.choices) == 3
        for number in range(1, len(c.options) + 1)
        if number not in c.choices
    )
    assert max(wrong[number] for number in range(1, 5)) <= 0.4 * wrong.total()


def test_no_two_stems_are_alike(contents: list[QuestionContent]) -> None:
    assert [
        (stem, other) for stem, other in combinations([c.stem for c in contents], 2) if _are_alike(stem, other)
    ] == []


def _are_alike(stem: str, other: str) -> bool:
    matcher = SequenceMatcher(None, stem, other)
    return matcher.real_quick_ratio() > 0.8 and matcher.quick_ratio() > 0.8 and matcher.ratio() > 0.8


def test_no_two_questions_are_nearly_the_same(contents: list[QuestionContent]) -> None:
    found = alike(contents)
    assert found.is_complete
    assert [(contents[pair.one].stem, contents[pair.other].stem) for pair in found.pairs] == []


def test_no_option_speaks_of_the_others(contents: list[QuestionContent]) -> None:
    assert [content.stem for content in contents if content.pinned] == []


def test_a_question_says_when_its_law_was_looked_up_and_expires_after_that(contents: list[QuestionContent]) -> None:
    late = [c.stem for c in contents if c.checked_on and c.valid_until and c.valid_until <= c.checked_on]
    assert late == []


@pytest.mark.parametrize(
    "question",
    [
        "判断题 易 也许\n水会流。\n解析：水会流。\n来源：常识",
        "单选题 易\n水会流吗？\n+ 会\n- 不会\n来源：常识",
        "单选题 易\n水会流吗？\n+ 会\n- 不会\n解析：会。\n来源：[水法] 第一条",
        "单选题 易\n水会流吗？\n+ 会\n- 不会\n解析：会。\n来源：常识\n出处：常识",
    ],
)
def test_a_text_that_cannot_be_read_is_named(tmp_path: Path, question: str) -> None:
    (tmp_path / "sources.txt").write_text("计量法 = 《计量法》\n", "utf-8")
    (tmp_path / "water.txt").write_text(f"领域：环境\n核对日期：2026-11-26\n\n{question}\n", "utf-8")
    with pytest.raises(Unclear, match=r"water\.txt"):
        questions_of(tmp_path)
