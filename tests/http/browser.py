"""A browser as small as can be: one connection, its cookies, the token of its pages. Standard library only."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

PASSWORD = "kaoshi2026"


@dataclass(frozen=True)
class Reply:
    status: int
    location: str
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


class Browser:
    """One device of one person; not for several threads at once."""

    def __init__(self, port: int, cookies: Mapping[str, str] | None = None, token: str = "") -> None:
        self.port = port
        self.cookies = dict(cookies or {})
        self.token = token
        self._connection: HTTPConnection | None = None

    def copy(self) -> "Browser":
        """The same session on another device or in another thread."""
        return Browser(self.port, self.cookies, self.token)

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        """One request. Raises OSError or HTTPException when no whole reply came back."""
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            self._connection.request(method, path, body, sent)
            reply = self._connection.getresponse()
            content = reply.read()
        except (OSError, HTTPException):
            self.close()
            raise
        for header in reply.headers.get_all("Set-Cookie") or []:
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        location = (reply.getheader("Location") or "").removeprefix(f"http://127.0.0.1:{self.port}")
        return Reply(reply.status, location, content)

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def get(self, path: str, *, accept: str = "text/html") -> Reply:
        return self.send("GET", path, Accept=accept)

    def json(self, path: str) -> Any:
        reply = self.get(path, accept="application/json")
        assert reply.status == 200, (path, reply.status, reply.text[:500])
        return reply.json

    def fetch_token(self, path: str = "/help") -> str:
        """The token that every page carries."""
        found = re.search(r'<meta name="csrf-token" content="([^"]+)">', self.get(path).text)
        assert found
        self.token = found[1]
        return self.token

    def post(self, path: str, fields: Mapping[str, Any] | None = None, *, accept: str = "text/html") -> Reply:
        """A form with its token."""
        body = urlencode({"csrf_token": self.token or self.fetch_token(), **(fields or {})}, doseq=True).encode()
        return self.send("POST", path, body, Content_Type="application/x-www-form-urlencoded", Accept=accept)

    # --- what a participant does -------------------------------------------------------------------------------------

    def register(self, phone: str, **changes: str) -> Reply:
        fields = {
            "name": "王小明", "phone": phone, "kind": "resident", "street": "S1", "password": PASSWORD, "consent": "1",
            "next": "/", **changes,
        }  # fmt: skip
        reply = self.post("/register", fields, accept="application/json")
        self.token = ""  # signing in may have changed it
        return reply

    def start(self, slug: str) -> Reply:
        return self.post(f"/contests/{slug}/attempts", accept="application/json")

    def save(self, attempt: str, position: int, answer: Any, **more: Any) -> Reply:
        body = json.dumps({"answer": answer, **more}).encode()
        return self.send(
            "PUT", f"{attempt}/answers/{position}", body, Content_Type="application/json", Accept="application/json",
            Sec_Fetch_Site="same-origin",
        )  # fmt: skip
