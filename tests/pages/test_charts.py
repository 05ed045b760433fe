"""The chart of times: what is drawn stays in its frame."""

from quiz.web.charts import Timed, time_chart


def test_a_chart_keeps_everything_in_its_frame_and_cuts_what_is_far_beyond() -> None:
    times = [Timed(1, 10, 8, 12, 16), Timed(2, None, 8, 12, 16), Timed(3, 9_000, 8, 12, 16), Timed(4, 5)]
    chart = time_chart(times)
    assert chart
    rows = chart["rows"]
    assert [row["own"] and row["own"]["is_cut"] for row in rows] == [False, None, True, False]
    assert [row["usual"] is None for row in rows] == [False, False, False, True]
    assert all(chart["left"] + row["own"]["width"] <= chart["width"] for row in rows if row["own"])
    assert time_chart([Timed(1, None)]) is None
