"""A certificate as PDF: one A4 page across, its Chinese font embedded as far as it is used."""

import cvttf_NotoSansCJK_Regular as rare
import pylopdf_fonts_zh_cn as chinese
from fpdf import FPDF
from fpdf.enums import Align, WrapMode, XPos, YPos
from fpdf.fonts import TTFFont

from quiz.rules.certificates import TITLE, CertificateWords

INK, SOFT, GOLD = (27, 31, 36), (76, 83, 91), (184, 134, 11)
SERIF, RARE = "serif", "rare"
WIDTH, HEIGHT, MARGIN = 297, 210, 36  # millimetres
MM_PER_POINT = 25.4 / 72


def certificate_pdf(words: CertificateWords) -> bytes:
    """The page as bytes; the same words give the same page."""
    pdf = FPDF(orientation="landscape", unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_margins(MARGIN, MARGIN)
    pdf.set_title(f"{TITLE} {words.check}")
    pdf.set_lang("zh-CN")
    pdf.set_creation_date(words.issued_at)
    pdf.add_page()
    add_fonts(pdf, words.all)
    _frame(pdf)
    _line(pdf, TITLE, at=38, size=46, least=46)
    _line(pdf, words.name, at=76, size=32, least=12)
    pdf.set_xy(MARGIN, 104)
    pdf.set_font(SERIF, size=_size_for(pdf, words.text))
    pdf.multi_cell(0, 12, words.text, align=Align.C, wrapmode=WrapMode.CHAR, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    _line(pdf, words.host, at=150, size=15, least=9)
    _line(pdf, words.day, at=160, size=15, least=15)
    pdf.set_text_color(*SOFT)
    _line(pdf, words.check, at=177, size=11, least=11)
    _line(pdf, words.address, at=184, size=9, least=5)
    return bytes(pdf.output())


def add_fonts(pdf: FPDF, text: str) -> None:
    """A Song face; the many characters that only names have come from a font that holds them, if there are any."""
    pdf.add_font(SERIF, fname=str(chinese.serif_path()))
    font = pdf.fonts[SERIF]
    if isinstance(font, TTFFont) and any(ord(character) not in font.cmap for character in text):
        pdf.add_font(RARE, fname=rare.get_TTF_path())
        pdf.set_fallback_fonts([RARE])


def _frame(pdf: FPDF) -> None:
    pdf.set_text_color(*INK)
    pdf.set_draw_color(*GOLD)
    pdf.set_line_width(0.6)
    pdf.rect(14, 14, WIDTH - 28, HEIGHT - 28)
    pdf.line(WIDTH / 2 - 20, 66, WIDTH / 2 + 20, 66)


def _line(pdf: FPDF, text: str, *, at: float, size: float, least: float) -> None:
    """One centred line, smaller where it would not fit."""
    pdf.set_font(SERIF, size=size)
    while size > least and pdf.get_string_width(text) > WIDTH - 2 * MARGIN:
        size -= 1
        pdf.set_font(SERIF, size=size)
    pdf.set_xy(MARGIN, at)
    pdf.cell(0, size * MM_PER_POINT, text, align=Align.C)


def _size_for(pdf: FPDF, text: str) -> float:
    """The size at which the text takes three lines at most."""
    for size in (20, 18, 16, 14):
        pdf.set_font(SERIF, size=size)
        if pdf.get_string_width(text) <= 2.8 * (WIDTH - 2 * MARGIN):
            return size
    return 12
