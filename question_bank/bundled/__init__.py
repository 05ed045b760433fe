"""The bundled banks. A folder holds what people write and review, the workbook beside it is made from that."""

BANKS = ("district", "children")
