"""Where the pictures of a spreadsheet lie, whatever its format."""

import zipfile
from typing import Any
from xml.etree.ElementTree import ParseError

from question_bank.pictures import DAMAGED
from question_bank.reading.albums import Album
from question_bank.reading.drafts import PlacedPicture
from question_bank.reading.ods_pictures import pictures_of_ods
from question_bank.reading.parts import part_of_sheet
from question_bank.reading.sheet_pictures import PicturesOfWorkbook
from question_bank.reading.visibility import part_of_xlsb
from question_bank.reading.xls_pictures import PicturesOfXls


class SheetPictures:
    """The pictures of a workbook, which go into the album as each sheet is asked for."""

    def __init__(self, data: bytes, archive: zipfile.ZipFile | None, album: Album) -> None:
        self.archive, self.album = archive, album
        self.names = set(archive.namelist()) if archive is not None else set()
        self.xls = _in_xls(data, album) if archive is None else None
        self.is_damaged = archive is None and self.xls is None
        self.is_zipped = archive is not None and bool(self.names & {"xl/workbook.xml", "xl/workbook.bin"})
        self.workbook = PicturesOfWorkbook(archive, album) if archive is not None and self.is_zipped else None

    def take_from(self, cells: list[list[Any]], place: int, name: str) -> list[PlacedPicture]:
        """The pictures of a sheet; the text that stands for one in its cell goes."""
        if self.workbook is not None and self.archive is not None:
            archive = self.archive
            in_cells = self.workbook.in_cells(cells, lambda: archive.read(self._part(place)))
            for picture in in_cells:
                if picture.row <= len(cells) and picture.column < len(cells[picture.row - 1]):
                    cells[picture.row - 1][picture.column] = ""
            return in_cells + self.workbook.floating(lambda: self._part(place))
        if self.archive is not None and "content.xml" in self.names:
            try:
                return pictures_of_ods(self.archive, name, self.album)
            except (ValueError, ParseError):
                return [self._damaged()]
        if self.xls is not None:
            return self.xls.of_sheet(place)
        return [self._damaged()] if self.is_damaged else []

    def _part(self, place: int) -> str:
        assert self.archive is not None
        is_binary = "xl/workbook.bin" in self.names
        return part_of_xlsb(self.archive, place) if is_binary else part_of_sheet(place, self.archive)

    def _damaged(self) -> PlacedPicture:
        return PlacedPicture(1, 0, self.album.refuse(DAMAGED))


def _in_xls(data: bytes, album: Album) -> PicturesOfXls | None:
    """None where the drawings cannot be made sense of: that is said, and the cells are read all the same."""
    try:
        return PicturesOfXls(data, album)
    except Exception:  # xlrd meets damaged files with whatever its own code stumbles over
        return None
