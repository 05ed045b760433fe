"""Pictures go out with their questions and come back where they were."""

from io import BytesIO
from types import MappingProxyType
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.check import check_file
from question_bank.content import QuestionContent
from question_bank.exporting import Format, exported
from question_bank.kinds import QuestionKind as Kind
from question_bank.pictures import PictureFile, picture_of
from tests.bank.test_writing import contents
from tests.picture_files import gif, jpeg, png, webp

FILES = [png(400, 300), png(3, 900, 7), jpeg(5, 5), gif(6, 6), webp(7, 7)]
PICTURES = MappingProxyType({picture.sha256: picture for picture in map(picture_of, FILES)})
NAMES = sorted(PICTURES)
PICTURED = QuestionContent(
    Kind.SINGLE_CHOICE,
    "哪一个是有机产品标志？",
    ("", "乙", ""),
    frozenset({3}),
    pictures=((0, NAMES[0]), (0, NAMES[1]), (1, NAMES[2]), (2, NAMES[3]), (3, NAMES[4])),
)
WITH_PICTURES = [Format.WORKBOOK, Format.QTI]


@st.composite
def pictured(draw: st.DrawFn) -> QuestionContent:
    """Any question, with pictures in its stem and its options; some of these are pictures alone."""
    content = draw(contents())
    places = st.integers(0, len(content.options))
    pairs = draw(st.lists(st.tuples(places, st.sampled_from(NAMES)), max_size=4, unique=True))
    pairs.sort(key=lambda pair: pair[0])
    bare = {place for place, _ in pairs if place and draw(st.booleans())}
    options = tuple("" if number in bare else text for number, text in enumerate(content.options, 1))
    return QuestionContent(**{**vars(content), "options": options, "pictures": tuple(pairs)})


@pytest.mark.parametrize("form", WITH_PICTURES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bank=st.lists(pictured(), min_size=1, max_size=3, unique_by=lambda content: content.fingerprint))
def test_a_bank_with_pictures_comes_back_unchanged(form: Format, bank: list[QuestionContent]) -> None:
    bank = [QuestionContent(**{**vars(c), "blanks": tuple(tuple(dict.fromkeys(b)) for b in c.blanks)}) for c in bank]
    written = exported(bank, form, PICTURES)
    report = check_file(written.data, f"bank.{form.ending}")
    assert ([question.content for question in report.questions], report.problems) == (bank, ())
    assert {sha256: found.data for sha256, found in report.pictures.items()} == bytes_of(bank)
    assert written.lost == ()


def bytes_of(bank: list[QuestionContent]) -> dict[str, bytes]:
    return {sha256: PICTURES[sha256].data for content in bank for _, sha256 in content.pictures}


def test_each_picture_lies_in_the_workbook_once_for_each_place() -> None:
    names = ZipFile(BytesIO(exported([PICTURED], Format.WORKBOOK, PICTURES).data)).namelist()
    assert sorted(name.rpartition(".")[2] for name in names if name.startswith("xl/media/")) == [
        "gif", "jpeg", "png", "png", "webp"
    ]  # fmt: skip


def test_pictures_that_are_not_at_hand_and_forms_without_pictures_are_said() -> None:
    nothing: dict[str, PictureFile] = {}
    with_words = QuestionContent(**{**vars(PICTURED), "options": ("甲", "乙", "丙")})
    assert "图" in exported([with_words], Format.WORKBOOK, nothing).lost[0]
    assert "图" in exported([with_words], Format.GIFT, PICTURES).lost[0]
