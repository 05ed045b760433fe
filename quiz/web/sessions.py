"""The signed session cookie, its signature checked once for each text that comes."""

import time
from functools import lru_cache

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

MOST_KEPT = 20_000


class KeptSignatures(SecureCookieSessionInterface):
    """Flask's own session. A signed text never changes its meaning, so that it is verified the first time only.

    Its age is looked at each time, and its contents are unpacked each time: what a request changes stays its own.
    """

    def __init__(self, app: Flask) -> None:
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            raise ValueError("sessions need a SECRET_KEY")
        self._serializer: URLSafeTimedSerializer = serializer
        self._verified = lru_cache(MOST_KEPT)(self._verify)

    def _verify(self, text: str) -> tuple[bytes, float]:
        signer = self._serializer.make_signer(self._serializer.salt)
        assert isinstance(signer, TimestampSigner)
        payload, signed_at = signer.unsign(text, return_timestamp=True)
        return payload, signed_at.timestamp()

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        text = request.cookies.get(self.get_cookie_name(app))
        if not text:
            return self.session_class()
        try:
            payload, signed_at = self._verified(text)
            if time.time() - signed_at > app.permanent_session_lifetime.total_seconds():
                return self.session_class()
            return self.session_class(self._serializer.load_payload(payload))
        except BadSignature:
            return self.session_class()
