"""The register of streets and units: the workbook, and where typed units belong."""

import base64
import binascii
from typing import ClassVar

from flask_wtf.file import FileField
from wtforms import HiddenField, StringField

from quiz.errors import NotReadable
from quiz.queries import people as find
from quiz.web.forms.fields import Found, PageForm, found_place

MOST_BYTES_TO_CONFIRM = 300 * 1024
"""The page that shows what an import will do carries the workbook; what is larger goes by the command line."""


class RegisterWorkbookForm(PageForm):
    workbook = FileField("工作簿")
    kept = HiddenField()
    shown = HiddenField()

    def data_given(self) -> bytes:
        """The uploaded workbook, or the one that the page before kept. Raises NotReadable."""
        if self.kept.data:
            try:
                return base64.b64decode(self.kept.data, validate=True)
            except (binascii.Error, ValueError) as error:
                raise NotReadable(message="页面里的文件不完整，请重新选择文件。") from error
        if not self.workbook.data:
            raise NotReadable(message="请先选择一个工作簿（.xlsx 或 .xls）。")
        data: bytes = self.workbook.data.read(MOST_BYTES_TO_CONFIRM + 1)
        if len(data) > MOST_BYTES_TO_CONFIRM:
            limit = MOST_BYTES_TO_CONFIRM // 1024
            raise NotReadable(message=f"文件超过 {limit} KB。请删去图片和空白行，或把单位分成几个文件分次导入。")
        return data

    def keep(self, data: bytes, shown: str) -> None:
        """Let the page carry what was checked to the second click."""
        self.kept.data = base64.b64encode(data).decode()
        self.shown.data = shown


class TypedUnitForm(PageForm):
    """归到…: a typed name and the unit it means."""

    SHOWN_AT: ClassVar = {"unit": "unit_text"}

    unit_name = HiddenField()
    unit_text = StringField("归到")
    unit = HiddenField()

    def found(self) -> Found:
        """The unit by code, or the only one that the typed words can mean; the complaint stands beside the field."""
        found = found_place("unit", self.unit.data or "", self.unit_text.data or "", ["unit"])
        if not found.code:
            found = Found(complaint="请输入单位名称里的几个字。")
        elif not found.complaint and find.unit_by_code(found.code) is None:
            found = Found(complaint="名单里没有这个单位，请重新选择。")
        self.unit.data = found.chosen
        if found.complaint:
            self.show({"unit": found.complaint})
        return found
