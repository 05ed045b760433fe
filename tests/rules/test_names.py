"""What others see of a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.names import masked


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王芳", "王*"),
        ("王小明", "王**"),
        ("欧阳修", "欧阳*"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧*"),
        ("王", "*"),
        ("", "*"),
        (" 王芳 ", "王*"),
        ("阿卜杜拉·买买提", "阿***"),
    ],
)
def test_the_surname_and_stars(name: str, shown: str) -> None:
    assert masked(name) == shown


@given(st.text(min_size=1, max_size=40))
def test_never_more_than_a_surname_of_two_is_shown(name: str) -> None:
    shown = masked(name)
    assert "*" in shown
    assert len(shown.rstrip("*")) <= 2 or "*" in name
    assert len(shown) <= 5
