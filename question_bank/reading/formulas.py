"""Word formulas (OMML) as one line of text: x², (a+b)/c, √(2x). Brackets hold together what has no sign of its own."""

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_RAISED = str.maketrans("0123456789+-=()n−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ⁻")
_LOWERED = str.maketrans("0123456789+-=()−", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋")
_DEEPEST = 60


def raised_or_lowered(text: str, *, is_raised: bool) -> str:
    """Digits and signs as superscript or subscript; a text that holds anything else stays as it is."""
    table = _RAISED if is_raised else _LOWERED
    return text.translate(table) if text and all(ord(sign) in table for sign in text) else text


def text_of_formula(element: Element, depth: int = 0) -> str:
    """The formula as it would be typed on one line; nothing in it is left out."""
    if depth > _DEEPEST:
        return "".join(element.itertext())
    name = element.tag.removeprefix(MATH) if isinstance(element.tag, str) else ""
    if name == "t" or name.endswith("}t"):
        return element.text or ""
    form = _FORMS.get(name)
    if form is not None:
        return form(element, depth + 1)
    return "".join(text_of_formula(child, depth + 1) for child in element)


def _part(element: Element, name: str, depth: int) -> str:
    child = element.find(MATH + name)
    return text_of_formula(child, depth) if child is not None else ""


def _bracketed(text: str) -> str:
    return text if len(text) < 2 or text.isalnum() else f"({text})"


def _script(element: Element, depth: int) -> str:
    base, text = _part(element, "e", depth), ""
    for name, is_raised, sign in (("sub", False, "_"), ("sup", True, "^")):
        if part := _part(element, name, depth):
            small = raised_or_lowered(part, is_raised=is_raised)
            text += small if small != part else sign + _bracketed(part)
    return (base if len(base) < 2 or base.isalnum() else f"({base})") + text


def _fraction(element: Element, depth: int) -> str:
    return f"{_bracketed(_part(element, 'num', depth))}/{_bracketed(_part(element, 'den', depth))}"


def _root(element: Element, depth: int) -> str:
    degree = _part(element, "deg", depth)
    small = raised_or_lowered(degree, is_raised=True)
    return f"{small if small != degree or not degree else degree}√({_part(element, 'e', depth)})"


def _delimited(element: Element, depth: int) -> str:
    usual = {"begChr": "(", "endChr": ")", "sepChr": ","}
    begin, end, between = (_sign(element, "d", name, sign) for name, sign in usual.items())
    return begin + between.join(text_of_formula(part, depth) for part in element.findall(MATH + "e")) + end


def _large(element: Element, depth: int) -> str:
    sign = _sign(element, "nary", "chr", "∫")
    bounds = [(mark, _part(element, name, depth)) for name, mark in (("sub", "_"), ("sup", "^"))]
    return sign + "".join(mark + _bracketed(text) for mark, text in bounds if text) + " " + _part(element, "e", depth)


def _sign(element: Element, kind: str, name: str, usual: str) -> str:
    stated = element.find(f"{MATH}{kind}Pr/{MATH}{name}")
    return usual if stated is None else stated.get(MATH + "val", usual)


_FORMS: dict[str, Callable[[Element, int], str]] = {
    "sSup": _script,
    "sSub": _script,
    "sSubSup": _script,
    "f": _fraction,
    "rad": _root,
    "d": _delimited,
    "nary": _large,
}


_CIRCLED = re.compile(r"\\o(?:\\a[clr])?\(\s*[○◯〇]\s*[,，;]\s*(\d{1,2})\s*\)")
_FRACTION = re.compile(r"\\f\(([^(),，;]*)[,，;]([^(),，;]*)\)")


def text_of_field(instruction: str) -> str:
    """What an EQ field shows: ① for ``eq \\o\\ac(○,1)``, 1/2 for ``eq \\f(1,2)``; "" for fields that have a result."""
    found = re.match(r"\s*eq\s+(?P<rest>.*)$", instruction, re.IGNORECASE | re.DOTALL)
    if found is None:
        return ""
    text = _CIRCLED.sub(lambda mark: _circled(int(mark[1])), found["rest"])
    text = _FRACTION.sub(lambda mark: f"{_bracketed(mark[1].strip())}/{_bracketed(mark[2].strip())}", text)
    return re.sub(r"\\[a-zA-Z]+\d*", "", text).strip()


def _circled(number: int) -> str:
    return chr(0x245F + number) if 1 <= number <= 20 else f"({number})"
