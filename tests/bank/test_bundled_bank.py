"""The bundled bank: its form. What its questions say is checked by people, against their sources."""

from collections import Counter
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path

import pytest

from question_bank.check import Report, check_file
from question_bank.content import TRUE, QuestionContent
from question_bank.kinds import QuestionKind

BUNDLED = Path(__file__).resolve().parents[2] / "question_bank" / "bundled" / "district.xlsx"
FIELDS = {
    "产品": {"食品", "药品", "农产品", "重点工业产品"},
    "工程": {"住宅建筑", "公共建筑", "物业服务"},
    "服务": {"商务楼宇", "金融", "贸易会展", "航运物流", "电子商务", "现代商贸"},
    "环境": {"生态环境", "区容区貌", "生活宜居", "卫生"},
}


@pytest.fixture(scope="module")
def report() -> Report:
    return check_file(BUNDLED.read_bytes(), BUNDLED.name)


@pytest.fixture(scope="module")
def contents(report: Report) -> list[QuestionContent]:
    return [found.content for found in report.questions]


def of_kind(contents: list[QuestionContent], kind: QuestionKind) -> list[QuestionContent]:
    return [content for content in contents if content.kind is kind]


def test_every_row_can_be_taken(report: Report) -> None:
    assert report.problems == report.warnings == () and report.duplicates == 0


def test_it_is_large_enough_for_a_first_contest(report: Report) -> None:
    assert report.total >= 120
    assert report.counts["single_choice"] >= 60 and report.counts["multiple_choice"] >= 25
    assert report.counts["true_false"] >= 30 and report.counts["fill_blank"] >= 5


def test_every_question_has_explanation_source_and_the_day_it_was_checked(contents: list[QuestionContent]) -> None:
    lacking = [c.stem for c in contents if not (c.explanation and c.source and c.checked_on and c.difficulty)]
    assert lacking == []


def test_every_field_of_the_campaign_is_covered(contents: list[QuestionContent]) -> None:
    domains = {content.domain for content in contents}
    assert {f"{domain}/{field}" for domain, fields in FIELDS.items() for field in fields} <= domains


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


def test_no_two_stems_are_alike(contents: list[QuestionContent]) -> None:
    alike = [
        (one, other)
        for one, other in combinations([c.stem for c in contents], 2)
        if SequenceMatcher(None, one, other).ratio() > 0.8
    ]
    assert alike == []
