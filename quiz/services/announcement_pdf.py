"""公示 as PDF: A4, its Chinese font embedded as far as it is used, tables with their header on every page."""

from datetime import datetime

from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout, WrapMode, XPos, YPos
from fpdf.fonts import FontFace

from quiz.rules.announcements import Content, Table, paragraphs
from quiz.services.certificate_pdf import INK, SERIF, SOFT, add_fonts

MARGIN, LINE = 24, 8
WIDTHS = {
    "person": (11, 17, 26, 40, 14, 26),
    "unit": (11, 46, 16, 19, 17, 16, 14),
    "street": (11, 46, 16, 19, 17, 16, 14),
}
ALIGNED = {"person": "CLLLRR", "unit": "CLRRRRR", "street": "CLRRRRR"}


class _Pages(FPDF):
    """Numbers stand at the foot of each page."""

    def footer(self) -> None:
        self.set_y(-16)
        self.set_font(SERIF, size=9)
        self.set_text_color(*SOFT)
        self.cell(0, 6, f"第 {self.page_no()} 页，共 {{nb}} 页", align=Align.C)
        self.set_text_color(*INK)


def announcement_pdf(content: Content, *, signed_at: datetime) -> bytes:
    """The pages as bytes; the same content gives the same pages."""
    pdf = _Pages(orientation="portrait", unit="mm", format="A4")
    pdf.set_margins(MARGIN, 22, MARGIN)
    pdf.set_auto_page_break(True, margin=22)
    pdf.set_title(content.heading)
    pdf.set_lang("zh-CN")
    pdf.set_creation_date(signed_at)
    add_fonts(pdf, content.text + "第页，共0123456789")
    pdf.add_page()
    pdf.set_text_color(*INK)
    pdf.set_font(SERIF, size=20)
    pdf.multi_cell(0, 11, content.heading, align=Align.C, wrapmode=WrapMode.CHAR, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(6)
    _paragraphs(pdf, content.opening)
    for table in content.tables:
        _table(pdf, table)
    pdf.ln(4)
    _paragraphs(pdf, content.closing)
    if pdf.will_page_break(5 * LINE + 10):  # nobody's signature stands on a page by itself
        pdf.add_page()
    _paragraphs(pdf, f"公示期：{content.objections}。")
    _paragraphs(pdf, f"联系方式：{content.contact}")
    _signature(pdf, content)
    return bytes(pdf.output())


def _paragraphs(pdf: FPDF, text: str) -> None:
    """Each begins with two empty characters, as Chinese paragraphs do."""
    pdf.set_font(SERIF, size=12)
    for paragraph in paragraphs(text):
        pdf.multi_cell(
            0, LINE, f"　　{paragraph}", align=Align.L, wrapmode=WrapMode.CHAR, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )


def _table(pdf: FPDF, table: Table) -> None:
    pdf.ln(4)
    if pdf.will_page_break(40):  # no heading alone at the foot of a page
        pdf.add_page()
    pdf.set_font(SERIF, size=14)
    pdf.cell(0, LINE + 1, f"{table.title}（{table.part}）", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.set_font(SERIF, size=9)
    pdf.set_text_color(*SOFT)
    pdf.multi_cell(0, 5, table.rule, align=Align.L, wrapmode=WrapMode.CHAR, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.set_text_color(*INK)
    pdf.ln(2)
    pdf.set_font(SERIF, size=10)
    aligned = tuple({"C": Align.C, "L": Align.L, "R": Align.R}[letter] for letter in ALIGNED[table.by])
    with pdf.table(
        col_widths=WIDTHS[table.by], text_align=aligned, line_height=6, wrapmode=WrapMode.CHAR,
        borders_layout=TableBordersLayout.ALL, headings_style=FontFace(fill_color=(246, 240, 226)), padding=(0.6, 1.5),
    ) as drawn:  # fmt: skip
        for row in (table.headers, *table.rows):
            drawn.row(row)


def _signature(pdf: FPDF, content: Content) -> None:
    pdf.ln(10)
    pdf.set_font(SERIF, size=12)
    for line in (content.office, content.signed_on):
        pdf.cell(0, LINE, line, align=Align.R, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
