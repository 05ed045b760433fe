"""Where the pictures of a spreadsheet lie, whatever its format."""

import zipfile
from dataclasses import replace
from typing import Any

from question_bank.reading.albums import Album
from question_bank.reading.drafts import PlacedPicture
from question_bank.reading.ods_pictures import pictures_of_ods
from question_bank.reading.parts import part_of_sheet
from question_bank.reading.safety import DAMAGED, MOST_COLUMNS
from question_bank.reading.sheet_pictures import UNREADABLE, PicturesOfWorkbook
from question_bank.reading.visibility import part_of_xlsb
from question_bank.reading.xls_pictures import PicturesOfXls


class SheetPictures:
    """The pictures of a workbook, which go into the album as each sheet is asked for."""

    def __init__(self, data: bytes, archive: zipfile.ZipFile | None, album: Album) -> None:
        self.archive, self.album = archive, album
        self.names = set(archive.namelist()) if archive is not None else set()
        self.is_ods = "content.xml" in self.names
        self.xls = _in_xls(data, album) if archive is None else None
        is_workbook = bool(self.names & {"xl/workbook.xml", "xl/workbook.bin"})
        self.workbook = PicturesOfWorkbook(archive, album) if archive is not None and is_workbook else None

    def take_from(self, cells: list[list[Any]], place: int, name: str) -> list[PlacedPicture]:
        """The pictures of a sheet; the text that stands for one in its cell goes.

        Raises Unreadable where there are pictures and nobody can say where they lie.
        """
        try:
            return [_within_bounds(picture) for picture in self._of_sheet(cells, place, name)]
        except UNREADABLE as error:
            raise DAMAGED from error

    def _of_sheet(self, cells: list[list[Any]], place: int, name: str) -> list[PlacedPicture]:
        if self.xls is not None:
            return self.xls.of_sheet(place)
        if self.workbook is not None:
            return self._of_workbook(self.workbook, cells, place)
        return pictures_of_ods(self.archive, name, self.album) if self.archive is not None and self.is_ods else []

    def _of_workbook(self, workbook: PicturesOfWorkbook, cells: list[list[Any]], place: int) -> list[PlacedPicture]:
        in_cells = workbook.in_cells(cells, lambda: workbook.archive.read(self._part(place)))
        for picture in in_cells:
            if picture.row <= len(cells) and picture.column < len(cells[picture.row - 1]):
                cells[picture.row - 1][picture.column] = ""
        return in_cells + workbook.floating(lambda: self._part(place))

    def _part(self, place: int) -> str:
        assert self.archive is not None
        is_binary = "xl/workbook.bin" in self.names
        return part_of_xlsb(self.archive, place) if is_binary else part_of_sheet(place, self.archive)


def _within_bounds(picture: PlacedPicture) -> PlacedPicture:
    """Anchors may name any cell; what lies far out lies in the last column."""
    return replace(picture, row=max(picture.row, 1), column=min(max(picture.column, 0), MOST_COLUMNS))


def _in_xls(data: bytes, album: Album) -> PicturesOfXls:
    try:
        return PicturesOfXls(data, album)
    except Exception as error:  # xlrd meets damaged files with whatever its own code stumbles over
        raise DAMAGED from error
