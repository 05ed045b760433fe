"""A stored number or date as Excel shows it under its number format."""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from question_bank.reading.drafts import Shown

# Built-in formats, with those that Chinese Excel means by 27–58.
BUILT_IN = {
    12: "# ?/?", 13: "# ??/??",
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy/m/d h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 37: "#,##0", 38: "#,##0",
    39: "#,##0.00", 40: "#,##0.00",
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"',
    55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"',
}  # fmt: skip

Value = float | int | datetime | date | time | timedelta

_EPOCH = datetime(1899, 12, 30)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<noon>AM/PM|A/P|上午/下午)|(?P<date>y+|m+|d+|h+|s+|a{3,4})|(?P<number>[0#?.,]+(?:E\+0+)?)|(?P<other>.)",
    re.IGNORECASE,
)


def shown(value: Value, code: str) -> str:
    """The text Excel shows for a value under a format code; a plain text where the format says nothing."""
    section = code.split(";")[0] if code else ""
    tokens = list(_TOKEN.finditer(section))
    if any(token["date"] or _is_span(token["bracket"]) for token in tokens):
        moment = as_moment(value)
        return plain(value) if moment is None else _shown_date(moment, value, tokens)
    if not isinstance(value, (int, float)):
        return plain(value)
    if not any(token["number"] for token in tokens) or section.lower() == "general":
        return plain(value)
    text = _shown_number(value, tokens)
    return text if text == plain(value) else Shown(text, plain(value))


def plain(value: Value) -> str:
    """A number without its idle .0, a date as 2026/6/30, a time as 23:30."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        if value == int(value) and abs(value) < 1e15:
            return str(int(value))
        if 1e-9 <= abs(value) < 1e-4:
            return format(value, ".10f").rstrip("0")
        return format(value, ".11g").upper()
    if isinstance(value, datetime):
        if value.time() == time(0):
            return plain(value.date())
        return f"{plain(value.date())} {plain(value.time())}"
    if isinstance(value, date):
        return f"{value.year}/{value.month}/{value.day}"
    if isinstance(value, time):
        return f"{value.hour}:{value.minute:02}" + (f":{value.second:02}" if value.second else "")
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")


def as_moment(value: Value) -> datetime | None:
    """A stored value as a moment; None where it lies outside Excel's calendar."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, time):
        return datetime.combine(_EPOCH.date(), value)
    days = value if isinstance(value, timedelta) else timedelta(days=value) if 0 <= value < 2_958_466 else None
    if days is None:
        return None
    return _EPOCH + timedelta(seconds=round(days.total_seconds()))


def _is_span(bracket: str | None) -> bool:
    return bool(bracket) and bool(re.fullmatch(r"h+|m+|s+", str(bracket), re.IGNORECASE))


def _shown_date(moment: datetime, value: Value, tokens: list[re.Match[str]]) -> str:
    twelve = any(token["noon"] for token in tokens)
    parts, last = [], ""
    for place, token in enumerate(tokens):
        mark = (token["date"] or "").lower()
        if mark:
            following = next((t["date"].lower() for t in tokens[place + 1 :] if t["date"]), "")
            if mark[0] == "m" and (last[:1] == "h" or following[:1] == "s"):
                mark = "n" * len(mark)
            parts.append(_date_part(moment, mark, twelve))
            last = mark
        elif _is_span(token["bracket"]):
            parts.append(_span(moment, token["bracket"]))
            last = token["bracket"].lower()
        elif token["noon"]:
            morning, evening = ("上午", "下午") if token["noon"] == "上午/下午" else ("AM", "PM")
            parts.append(morning if moment.hour < 12 else evening)
        else:
            parts.append(_literal(token))
    return "".join(parts).strip()


def _span(moment: datetime, bracket: str) -> str:
    seconds = int((moment - _EPOCH).total_seconds())
    return str(seconds // {"h": 3600, "m": 60, "s": 1}[bracket[0].lower()])


def _date_part(moment: datetime, mark: str, twelve: bool) -> str:
    if mark[0] == "y":
        return f"{moment.year:04}" if len(mark) > 2 else f"{moment.year % 100:02}"
    if mark[0] == "m" and len(mark) > 2:
        return ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][moment.month - 1]
    if mark[0] == "d" and len(mark) > 2:
        return ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][moment.weekday()]
    if mark[0] == "a":
        return ("星期" if len(mark) > 3 else "") + "一二三四五六日"[moment.weekday()]
    hour = (moment.hour - 1) % 12 + 1 if twelve else moment.hour
    number = {"m": moment.month, "d": moment.day, "h": hour, "n": moment.minute, "s": moment.second}[mark[0]]
    return f"{number:02}" if len(mark) > 1 else str(number)


def _literal(token: re.Match[str]) -> str:
    if token["quoted"] is not None:
        return token["quoted"]
    if token["escaped"] is not None:
        return token["escaped"]
    if token["bracket"] is not None:
        currency = re.match(r"\$([^-]*)", token["bracket"])
        return currency[1] if currency else ""
    return token["other"] or token["number"] or ""


def _shown_number(value: float, tokens: list[re.Match[str]]) -> str:
    percent = any(token["other"] == "%" for token in tokens)
    pattern = "".join(token["number"] or "" for token in tokens)
    places = len(re.match(r"[0#?]*", pattern.partition(".")[2])[0])  # type: ignore[index]  # matches the empty text
    least = pattern.partition(".")[2].count("0")
    if "E" in pattern.upper():
        return format(value, f".{places}E")
    if below := re.search(r"[?#]\s*/\s*([?#]+|\d+)", "".join(token.group() for token in tokens)):
        return _shown_fraction(value, below[1])
    number = Decimal(repr(abs(value))) * (100 if percent else 1)
    text = f"{number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):{',' if ',' in pattern else ''}f}"
    if "." in text and least < places:
        whole, _, fraction = text.partition(".")
        fraction = fraction[:least] + fraction[least:].rstrip("0")
        text = f"{whole}.{fraction}" if fraction else whole
    whole_digits = pattern.partition(".")[0].replace(",", "").count("0")
    text = text.zfill(whole_digits + (len(text) - len(text.partition(".")[0]))) if whole_digits > 1 else text
    places_of_number = [place for place, token in enumerate(tokens) if token["number"]]
    before = "".join(_literal(token) for token in tokens[: places_of_number[0]])
    after = "".join(_literal(token) for token in tokens[places_of_number[0] :] if not token["number"])
    return ("-" if value < 0 else "") + before + text + after.rstrip()


def _shown_fraction(value: float, below: str) -> str:
    """1/2, 2 3/4: to halves where the format says so, else with as many digits below the line as it has marks."""
    exact = Fraction(repr(abs(value)))
    parts = int(below) if below.isdigit() else exact.limit_denominator(10 ** len(below) - 1).denominator
    whole, rest = divmod(round(exact * parts), parts)
    texts = [str(whole) if whole or not rest else "", f"{rest}/{parts}" if rest else ""]
    return ("-" if value < 0 and (whole or rest) else "") + " ".join(filter(None, texts))
