"""Chinese numerals below a hundred."""

DIGITS = "零一二三四五六七八九"


def value_of_numeral(numeral: str) -> int:
    """十二 → 12"""
    tens, ten, ones = numeral.rpartition("十")
    return (DIGITS.index(tens) if tens else 1) * 10 * bool(ten) + (DIGITS.index(ones[-1]) if ones else 0)
