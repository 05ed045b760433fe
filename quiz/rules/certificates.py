"""证书: its check code, and when it no longer holds."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

TITLE = "证书"
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that are mistaken for another when read aloud
LENGTH = 12  # about 59 bits: nobody finds one by trying

SET_ASIDE = "这份答卷后来被裁定作废。"
CORRECTED = "这份答卷的成绩后来有更正。"


@dataclass(frozen=True)
class CertificateWords:
    """What a certificate says, line by line."""

    name: str
    text: str
    host: str
    day: str
    check: str
    address: str
    issued_at: datetime

    @property
    def all(self) -> str:
        return "".join((TITLE, self.name, self.text, self.host, self.day, self.check, self.address))


def tidied(typed: str) -> str:
    """A check code as it is kept, from however it was typed: small letters, spaces, dashes, full width."""
    return "".join(c for c in unicodedata.normalize("NFKC", typed).upper() if c in LETTERS)[: LENGTH + 1]


def shown(code: str) -> str:
    """ABCD-EFGH-JKMN"""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def why_void(*, certified: int, score: int | None, is_set_aside: bool) -> str:
    """Why a certificate over ``certified`` hundredths does not hold for its attempt as it stands now; "" if it does."""
    if is_set_aside:
        return SET_ASIDE
    return CORRECTED if (score or 0) < certified else ""
