"""What a name, a phone and a 参赛口令 must be like, and how many tries a sign-in gets."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

CONSENT_VERSION = "2026-1"
"""The privacy notice that a new person agrees to; a new text gets a new version."""

LONGEST_NAME = 40
LONGEST_UNIT_NAME = 80
SHORTEST_PASSWORD, LONGEST_PASSWORD = 6, 128
LINK_LASTS = timedelta(days=7)
KEPT_WITHOUT_ENTRY = timedelta(days=180)
"""How long somebody who registered and never entered a contest stays registered."""

FAILURES_SPAN = timedelta(minutes=15)
FAILURES_BY_ACCOUNT = 10
FAILURES_BY_ADDRESS = 1000

_PHONE = re.compile(r"1[3-9][0-9]{9}")
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
"""Unicode categories of what nobody can see: control characters, bidi marks, lone surrogates, separators of lines."""

_KEYBOARD_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_COMMON_TEXT = """
password passw0rd password1 abc123 123abc a123456 123456a aa123456 abc123456 qwe123 123qwe q123456 1q2w3e 1q2w3e4r
1qaz2wsx qaz123 iloveyou woaini1314 woaini520 woaini 1314520 5201314 520520 520131 7758521 7758258 147258 147258369
159357 159753 147852 112233 123321 112233445566 11223344 admin123 admin888 administrator letmein welcome monkey
dragon sunshine princess football asd123 zxc123 a1b2c3 qwer1234 asdf1234 1234qwer 100200 110110 123654 321321
zhiliang 12315315 123150
"""
_COMMON = frozenset(_COMMON_TEXT.split())


def tidy_name(text: str) -> str:
    """A name without stray space around it or doubled inside."""
    return re.sub(r"[ \u3000\xa0]+", " ", text.strip())


def tidy_typed(text: str) -> str:
    """The typed name of a unit, so that the same name typed by two people is one: half width, single spaces."""
    return tidy_name(unicodedata.normalize("NFKC", text))


def tidy_code(text: str) -> str:
    """A code, or words to search for, without what nobody can see: no database need be asked about a NUL."""
    return "".join(c for c in text if unicodedata.category(c) not in _UNSEEN).strip()


def tidy_phone(text: str) -> str:
    """A phone number as eleven plain digits: full-width digits, spaces, dashes and +86 are taken off."""
    plain = re.sub(r"[\s\-‐-―]", "", unicodedata.normalize("NFKC", text))
    return plain.removeprefix("+86")


def tidy_account(text: str) -> str:
    """An account as it is looked up: a phone, or the name of a staff account in any case."""
    phone = tidy_phone(text)
    return phone if phone_is_sound(phone) else tidy_typed(tidy_code(text)).casefold()


def tidy_password(text: str) -> str:
    """Full-width letters and digits, which Chinese keyboards slip in, count as plain ones."""
    return unicodedata.normalize("NFKC", text)


def is_readable(text: str) -> bool:
    """Whether a text holds nothing that cannot be seen, such as control characters or marks that turn text round."""
    return not any(unicodedata.category(c) in _UNSEEN for c in text)


def name_complaint(name: str, longest: int = LONGEST_NAME) -> str | None:
    """What is wrong with a tidied name of a person or a unit."""
    if not name:
        return "请填写姓名。"
    if len(name) > longest:
        return f"姓名最多 {longest} 个字。"
    return None if is_readable(name) else "姓名里有看不见的符号，请删去后重新输入。"


def unit_name_complaint(name: str) -> str | None:
    """What is wrong with the typed name of a unit."""
    complaint = name_complaint(name, LONGEST_UNIT_NAME)
    return complaint and complaint.replace("姓名", "单位名称")


def phone_is_sound(phone: str) -> bool:
    return _PHONE.fullmatch(phone) is not None


def phone_complaint(phone: str) -> str | None:
    if not phone:
        return "请填写手机号。"
    return None if phone_is_sound(phone) else "手机号应是 11 位数字，以 13 到 19 开头。请检查有没有少输或多输。"


def password_complaint(password: str, *own: str) -> str | None:
    """What is wrong with a tidied 参赛口令; ``own`` are the phone and names it must not repeat."""
    if len(password) < SHORTEST_PASSWORD:
        return f"口令至少 {SHORTEST_PASSWORD} 位，可以用数字和字母。"
    if len(password) > LONGEST_PASSWORD:
        return f"口令最多 {LONGEST_PASSWORD} 位。"
    if not is_readable(password):
        return "口令里有看不见的符号，请删去后重新输入。"
    if is_easy(password) or any(password.casefold() in text.casefold() for text in own):
        return "这个口令太容易猜到。请不要用连号、重复的数字、常见口令或手机号里的数字。"
    return None


def is_easy(password: str) -> bool:
    """Whether it is a common password, a run along digits, alphabet or keyboard, or something short repeated."""
    text = password.casefold()
    if text in _COMMON or len(set(text)) < 3:
        return True
    if any(text in run or text[::-1] in run for run in _KEYBOARD_RUNS):
        return True
    return any(text == text[:width] * (len(text) // width) for width in range(1, len(text) // 2 + 1))


def account_complaint(account: str) -> str | None:
    """What is wrong with the tidied name of a staff account."""
    if not 2 <= len(account) <= LONGEST_NAME:
        return f"账号名要有 2 到 {LONGEST_NAME} 个字符。"
    if not is_readable(account) or re.search(r"[\s/]", account):
        return "账号名里不能有空格、斜线和看不见的符号。"
    return None


def minutes_to_wait(failures: Sequence[datetime], most: int, now: datetime) -> int:
    """Minutes until another try is allowed, given the moments of recent failures; 0 when one is allowed now."""
    recent = sorted(at for at in failures if at > now - FAILURES_SPAN)
    if len(recent) < most:
        return 0
    wait = recent[-most] + FAILURES_SPAN - now
    return max(1, -(-int(wait.total_seconds() * 1000) // 60_000))
