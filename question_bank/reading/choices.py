"""What a person says about a file after seeing how it was understood: plain values, kept with the import."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class TableChoice:
    """A table by the row of its header (None: it has none). ``parts`` by column letter; None: as the header says."""

    header_row: int | None
    parts: Mapping[str, str] | None = None

    def as_json(self) -> dict[str, Any]:
        return {"header_row": self.header_row, "parts": None if self.parts is None else dict(self.parts)}


@dataclass(frozen=True)
class SheetChoice:
    """What holds for one sheet. None and no tables: as a reader would have it by itself."""

    read: bool | None = None
    hidden_rows: bool | None = None
    tables: tuple[TableChoice, ...] = ()

    def as_json(self) -> dict[str, Any]:
        tables = [table.as_json() for table in self.tables]
        return {"read": self.read, "hidden_rows": self.hidden_rows, "tables": tables}


@dataclass(frozen=True)
class Choices:
    """What holds for a file, by the names of its sheets. ``include_hidden``: hidden sheets and rows are read too."""

    sheets: Mapping[str, SheetChoice] = field(default_factory=dict)
    include_hidden: bool = False

    def of(self, sheet: str) -> SheetChoice:
        return self.sheets.get(sheet, SheetChoice())

    def reads_hidden_rows(self, sheet: str) -> bool:
        said = self.of(sheet).hidden_rows
        return self.include_hidden if said is None else said

    def reads_hidden_sheet(self, sheet: str) -> bool:
        said = self.of(sheet).read
        return self.include_hidden if said is None else said

    def as_json(self) -> dict[str, Any]:
        """{} where nothing was chosen."""
        if not self.sheets and not self.include_hidden:
            return {}
        sheets = {name: sheet.as_json() for name, sheet in self.sheets.items()}
        return {"include_hidden": self.include_hidden, "sheets": sheets}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Choices":
        sheets = {
            name: SheetChoice(
                sheet["read"],
                sheet["hidden_rows"],
                tuple(TableChoice(table["header_row"], table["parts"]) for table in sheet["tables"]),
            )
            for name, sheet in value.get("sheets", {}).items()
        }
        return cls(sheets, value.get("include_hidden", False))


AS_UNDERSTOOD = Choices()
