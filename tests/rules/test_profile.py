"""How an attempt went by domain."""

from quiz.rules.profile import DomainShare, by_domain


def test_the_weakest_domain_comes_first() -> None:
    found = by_domain([("环境/卫生", 500, 500), ("产品", 0, 500), ("环境", 250, 500), ("", 500, 500)])
    assert found == [
        DomainShare("产品", 1, 0, 0, 500),
        DomainShare("环境", 2, 1, 750, 1000),
        DomainShare("没有写领域", 1, 1, 500, 500),
    ]
    assert [share.percent for share in found] == [0, 75, 100]


def test_questions_that_earn_nothing_for_anybody_divide_by_nothing() -> None:
    assert by_domain([("产品", 0, 0)])[0].percent == 0
