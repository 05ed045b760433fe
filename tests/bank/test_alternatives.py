"""Several accepted texts that a key names in one: only where each is an answer by itself."""

import pytest

from tests.workbooks import check_text, keys


def accepted(key: str) -> list[str]:
    (question,) = keys(check_text("一、填空题", "1. 请填写___。", f"答案：{key}"))
    (texts,) = question
    return list(texts)


@pytest.mark.parametrize(
    ("key", "texts"),
    [
        ("12315或12345", ["12315", "12345"]),
        ("12315或者12345", ["12315", "12345"]),
        ("12315/12345", ["12315", "12345"]),
        ("3日或三日", ["3日", "三日"]),
        ("3日（或三日）", ["3日", "三日"]),
        ("十五（15）", ["十五", "15"]),
        ("安全或安全生产", ["安全", "安全生产"]),
        ("12315（或全国热线）", ["12315", "全国热线"]),
        ("安全（也可写作平安）", ["安全", "平安"]),
        ("特性（或：特征）", ["特性", "特征"]),
        ("安全/安全生产", ["安全", "安全生产"]),
        ("标准/规范", ["标准", "规范"]),
    ],
)
def test_each_of_two_answers_is_accepted_and_so_are_both(key: str, texts: list[str]) -> None:
    assert accepted(key) == [*texts, key]


@pytest.mark.parametrize(
    "key",
    [
        "生产者或者销售者",
        "有毒或有害",
        "三日或者五日",
        "合格或不合格",
        "合格/不合格",
        "合格（或不合格）",
        "3人（或以上）",
        "生产、销售（或使用）",
        "60km/h",
        "1/3",
        "9/15",
        "应当停止销售或者下架",
        "或者",
        "国务院（市场监管总局）",
    ],
)
def test_a_word_that_belongs_to_the_answer_parts_nothing(key: str) -> None:
    assert accepted(key) == [key]
