"""Where a request came from: a device and an address, of which nothing but keyed hashes is ever kept."""

import hashlib
import hmac
import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache

_DEVICE = re.compile(r"[A-Za-z0-9_-]{22}")  # 16 random bytes as our own cookie writes them


@dataclass(frozen=True)
class Origin:
    """``key`` is the platform's secret; ``device`` and ``address`` are as the request said them, or ""."""

    key: str
    device: str = ""
    address: str = ""

    def traces_in(self, contest_id: int) -> tuple[str | None, str | None]:
        """Keyed hashes of device and address for one contest: in another contest the same ones look different."""
        key = _key_of(self.key, contest_id)
        return _hash(key, "device", self.device), _hash(key, "address", network_of(self.address))


def is_device(text: str) -> bool:
    """Whether a cookie holds what we wrote into it once, and not something made up."""
    return bool(_DEVICE.fullmatch(text))


def network_of(address: str) -> str:
    """The address; of IPv6 the part that one household shares, since each device changes the rest at will."""
    try:
        parsed = ipaddress.IPv6Address(address) if ":" in address else None
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed else address


@lru_cache(256)
def _key_of(secret: str, contest_id: int) -> bytes:
    return hmac.new(secret.encode(), f"traces|{contest_id}".encode(), hashlib.sha256).digest()


def _hash(key: bytes, kind: str, text: str) -> str | None:
    return hmac.digest(key, f"{kind}|{text}".encode(), "sha256").hex() if text else None
