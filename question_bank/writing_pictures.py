"""Pictures in a workbook: over the cells of the texts they belong to, small enough to read the rows by."""

from collections.abc import Mapping
from io import BytesIO

from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.packaging import manifest
from openpyxl.utils.units import pixels_to_EMU, pixels_to_points
from openpyxl.worksheet.worksheet import Worksheet

from question_bank.pictures import PictureFile

Pictures = Mapping[str, PictureFile]
"""By their SHA-256."""

MOST_WIDE, MOST_HIGH, _GAP, _LINE = 150, 120, 4, 20  # pixels
_HIGHEST_ROW = 540

manifest.mimetypes.add_type("image/webp", ".webp")  # Python tells it since 3.13


class _PlacedImage(Image):  # type: ignore[misc]  # openpyxl has no types
    """A picture whose form and size are known, which openpyxl would ask Pillow for."""

    def __init__(self, picture: PictureFile) -> None:
        self.picture = picture
        self.ref = BytesIO(picture.data)
        self.format = picture.media_type.partition("/")[2]
        scale = min(1, MOST_WIDE / picture.width, MOST_HIGH / picture.height)
        self.width, self.height = max(1, int(picture.width * scale)), max(1, int(picture.height * scale))

    def _data(self) -> bytes:
        return self.picture.data


def put_pictures(sheet: Worksheet, row: int, column: int, pictures: list[PictureFile], *, lines: int = 1) -> None:
    """Pictures below each other in one cell, under so many lines of text; the row grows with them."""
    top = lines * _LINE
    for picture in pictures:
        image = _PlacedImage(picture)
        offset = min(top, _HIGHEST_ROW - _GAP)  # what lies lower would belong to the row below
        corner = AnchorMarker(col=column - 1, row=row - 1, colOff=pixels_to_EMU(_GAP), rowOff=pixels_to_EMU(offset))
        size = XDRPositiveSize2D(pixels_to_EMU(image.width), pixels_to_EMU(image.height))
        image.anchor = OneCellAnchor(_from=corner, ext=size)
        sheet.add_image(image)
        top += image.height + _GAP
    height = sheet.row_dimensions[row].height or 0
    sheet.row_dimensions[row].height = max(height, pixels_to_points(min(top, _HIGHEST_ROW)))
