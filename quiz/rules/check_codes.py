"""核销码: what a winner shows at the desk."""

import unicodedata

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that are mistaken for another when read aloud
LENGTH = 8  # nobody finds one in the few tries that a desk has


def tidied(typed: str) -> str:
    """A check code as it is kept, from however it was typed: small letters, spaces, dashes, full width."""
    return "".join(c for c in unicodedata.normalize("NFKC", typed).upper() if c in LETTERS)[: LENGTH + 1]


def shown(code: str) -> str:
    """ABCD-EFGH"""
    return f"{code[:4]}-{code[4:]}"
