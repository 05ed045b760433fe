"""The signed session cookie, its signature checked and its contents unpacked once for each text that comes."""

import hmac
import json
import time
from functools import lru_cache
from typing import Any

from flask import Flask, Request, Response
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, HMACAlgorithm, TimestampSigner, URLSafeTimedSerializer

MOST_KEPT = 20_000


class PlainJson(TaggedJSONSerializer):
    """Flask's own, which asks the running app for its JSON each time; a cookie's is never another."""

    def loads(self, value: str) -> Any:
        return self._untag_scan(json.loads(value))


class KeptSignatures(SecureCookieSessionInterface):
    """Flask's own session. A signed text never changes its meaning, so that it is read the first time only.

    Its age is looked at each time, and each request gets contents of its own: what it changes touches no other.
    """

    serializer = PlainJson()

    def __init__(self, app: Flask) -> None:
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            raise ValueError("sessions need a SECRET_KEY")
        self._serializer: URLSafeTimedSerializer = serializer
        self._signer = _with_its_key(serializer)
        self._read = lru_cache(MOST_KEPT)(self._verify)
        self._cookie = self.get_cookie_name(app)

    def _verify(self, text: str) -> tuple[bytes, float, dict[str, Any] | None]:
        """The payload, when it was signed, and its contents where all of them are plain and so can be shared."""
        payload, signed_at = self._signer.unsign(text, return_timestamp=True)
        contents = self._serializer.load_payload(payload)
        is_plain = all(isinstance(value, (str, int, float, type(None))) for value in contents.values())
        return payload, signed_at.timestamp(), contents if is_plain else None

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        text = request.cookies.get(self._cookie)
        if not text:
            return self.session_class()
        try:
            payload, signed_at, contents = self._read(text)
        except BadSignature:
            return self.session_class()
        if time.time() - signed_at > app.permanent_session_lifetime.total_seconds():
            return self.session_class()
        return self.session_class(self._serializer.load_payload(payload) if contents is None else contents)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.modified:
            super().save_session(app, session, response)
        elif session.accessed and "Vary" not in response.headers:
            response.headers["Vary"] = "Cookie"  # Flask's own way parses and writes the header anew
        elif session.accessed:
            response.vary.add("Cookie")


def _with_its_key(serializer: URLSafeTimedSerializer) -> TimestampSigner:
    """The serializer's own signer, whose key is worked out once and not for every text."""
    signer = serializer.make_signer(serializer.salt)
    assert isinstance(signer, TimestampSigner)
    assert isinstance(signer.algorithm, HMACAlgorithm)
    algorithm = InOneCall(signer.algorithm.digest_method().name)
    return TimestampSigner(signer.derive_key(), signer.salt, sep=signer.sep, key_derivation="none", algorithm=algorithm)


class InOneCall(HMACAlgorithm):
    """The same signature; the digest goes by its name, which OpenSSL then makes without a step in Python."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, self.digest_method)
