"""A picture is what its content says it is, whole, and within bounds."""

import pytest

from question_bank.pictures import MOST_BYTES, PictureRefused, picture_of
from tests.picture_files import EMF, _chunk, gif, jpeg, png, webp


@pytest.mark.parametrize(
    ("data", "form"), [(png(7, 5), "png"), (jpeg(7, 5), "jpeg"), (gif(7, 5), "gif"), (webp(7, 5), "webp")]
)
def test_the_four_forms_are_told_by_their_content(data: bytes, form: str) -> None:
    picture = picture_of(data)
    assert (picture.media_type, picture.width, picture.height) == (f"image/{form}", 7, 5)


@pytest.mark.parametrize("data", [png(), jpeg(), gif(), webp()])
def test_a_picture_that_was_cut_off_anywhere_is_damaged(data: bytes) -> None:
    for length in range(12, len(data)):
        with pytest.raises(PictureRefused):
            picture_of(data[:length])


def test_a_changed_byte_in_a_png_shows() -> None:
    data = bytearray(png())
    data[20] ^= 1
    assert refusal(bytes(data)) == "picture_damaged"


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        EMF,
        b"\xd7\xcd\xc6\x9a" + bytes(30),
        b"BM" + bytes(60),
        b"<html>",
        b"",
    ],
)
def test_nothing_else_is_taken_and_the_advice_is_png(data: bytes) -> None:
    with pytest.raises(PictureRefused, match="picture_not_supported") as refused:
        picture_of(data)
    assert "PNG" in refused.value.message


def test_what_is_too_heavy_or_has_too_many_pixels_is_refused() -> None:
    heavy = png()[:-12] + _chunk(b"tEXt", bytes(MOST_BYTES)) + _chunk(b"IEND", b"")
    assert refusal(heavy) == "picture_too_large"
    assert refusal(jpeg(5_000, 4_000)) == "picture_too_large"
    assert refusal(jpeg(0, 4)) == "picture_damaged"


def refusal(data: bytes) -> str:
    with pytest.raises(PictureRefused) as refused:
        picture_of(data)
    return refused.value.code
