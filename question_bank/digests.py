"""The digest of a value that others can work out again."""

import hashlib
import json
from typing import Any

_AS_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def digest_of(value: Any) -> str:
    """Hex SHA-256 of a value as JSON without spaces, in UTF-8."""
    return hashlib.sha256(_AS_JSON.encode(value).encode()).hexdigest()
