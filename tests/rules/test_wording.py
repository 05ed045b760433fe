"""The rules in words say what the marking and the ladders do."""

from typing import Any

from quiz.rules.contest import ContestTerms
from quiz.rules.terms_reader import read_terms
from quiz.rules.wording import leaderboard_in_words, line_label, terms_in_words, too_short_in_words


def terms(**changes: Any) -> ContestTerms:
    return read_terms(changes, title="质量知识竞赛", opens_at="2026-06-20T09:00", closes_at="2026-07-20T18:00")


def test_the_standard_rules_fit_in_plain_sentences() -> None:
    said = "\n".join(terms_in_words(terms()))
    assert "每份试卷 20 题，满分 100 分：单选题 12 道，每道 5 分" in said
    assert "2026 年 6 月 20 日 9:00 开始，2026 年 7 月 20 日 18:00 结束。" in said
    assert "每次限时 20 分钟" in said
    assert "每人共可答 3 次，取最好的一次作为成绩。" in said
    assert "参与率 × 50 % + 平均成绩 × 50 %" in said
    assert "公开显示：个人榜前 100 名，单位榜前一半，街道榜全部" in said


def test_a_time_for_each_question_is_said_with_what_follows_from_it() -> None:
    said = "\n".join(terms_in_words(terms(question_limit_s=45)))
    assert "每题限时 45 秒，时间一到就到下一题；过去的题不能回去再改，没到的题提前看不到。" in said
    assert "先到算哪个" in said and "每题限时" not in "\n".join(terms_in_words(terms()))


def test_an_organiser_is_told_when_the_paper_ends_before_its_questions() -> None:
    assert too_short_in_words(terms()) == too_short_in_words(terms(question_limit_s=60)) == ""
    assert "20 题的时间加起来是 20 分 20 秒，比整份限时长" in too_short_in_words(terms(question_limit_s=61))


def test_a_line_is_named_by_kind_domain_and_difficulty() -> None:
    plan = [{"kind": "multiple_choice", "domain": "服务", "difficulty": "难", "count": 4, "points": 2.5}]
    line = terms(plan=plan).plan[0]
    assert line_label(line) == "多选题 · 服务领域 · 难度“难”"
    assert "4 道，每道 2.5 分" in terms_in_words(terms(plan=plan))[0]


def test_weights_that_are_no_round_share_are_not_rounded() -> None:
    ladder = {"measures": [{"measure": "participation_rate"}, {"measure": "mean_score", "weight": 2}]}
    said = leaderboard_in_words(terms(unit_ladder=ladder), "unit")
    assert "（参与率 × 1 + 平均成绩 × 2）÷ 3" in said


def test_what_a_measure_and_its_mark_mean_is_said() -> None:
    ladder = {"measures": [{"measure": "excellent_rate", "mark": 90}], "ties": [], "least_headcount": 10}
    said = leaderboard_in_words(terms(street_ladder=ladder), "street")
    assert said == (
        "街道榜的得分 = 优秀率（90 分及以上），每项折算成 0–100；优秀率 = 成绩不低于 90 分的人数 ÷ 参与人数；"
        "得分相同名次并列；应参加人数不到 10 人的街道列在榜上但不排名。"
    )


def test_partial_points_and_rounds_are_said() -> None:
    rounds = [{"key": "第一轮", "from": "2026-06-20T09:00", "to": "2026-06-27T09:00"}]
    said = terms_in_words(
        terms(
            multiple_choice={"rule": "per_option", "points": 1},
            attempts={"allowed": 2, "per": "round", "rounds": rounds},
            counts="mean",
            ties="none",
        )
    )
    assert "多选题全部选对得满分；没有选全时每选对一项得 1 分，不超过本题分值；选了错的不得分。" in said
    assert "每人每轮可答 2 次，取各次的平均作为成绩。" in said
    assert "第一轮：2026 年 6 月 20 日 9:00 到 2026 年 6 月 27 日 9:00。" in said
    assert any("还相同的按参赛编号排，名次不并列" in sentence for sentence in said)
