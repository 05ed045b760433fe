"""二维码 as plain SVG in the page: no picture to fetch, and no style that the Content-Security-Policy would refuse."""

import segno
from markupsafe import Markup

QUIET = 4
"""Modules of white around it, without which cameras do not find it; always white, on a dark page too."""


def qr_code(text: str) -> Markup:
    """Sharp at every size, on the screen and on paper. A seventh of it may be dirty or creased."""
    code = segno.make_qr(text, error="m")
    return Markup(
        code.svg_inline(border=QUIET, dark="#000", light="#fff", svgclass=None, lineclass=None, omitsize=True)
    )
