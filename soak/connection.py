"""One HTTP connection kept alive, as lean as can be: hundreds of them share the cores with the server they ask."""

import asyncio
import json
import re
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

WAITS_S = 120
Result = TypeVar("Result")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Do it in a thread of its own: that of a test may already have a loop that runs, a browser's."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


FORM = "application/x-www-form-urlencoded"


class Lost(Exception):
    """No whole reply came back; ``sent`` says whether the request had left."""

    def __init__(self, sent: bool) -> None:
        super().__init__("no reply")
        self.sent = sent


@dataclass(frozen=True)
class Reply:
    status: int
    head: str
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def location(self) -> str:
        return self._header("Location")

    @property
    def cookie(self) -> str:
        """What the next request has to carry."""
        return self._header("Set-Cookie").partition(";")[0]

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    def _header(self, name: str) -> str:
        found = re.search(rf"^{name}: *(.*?)\r$", self.head, re.MULTILINE | re.IGNORECASE)
        return found[1] if found else ""


class Connection:
    """One request at a time; opened with the first, and again with the first after a loss."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port = port
        self.cookie = cookie
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, method: str, path: str, body: bytes = b"", media_type: str = "application/json") -> Reply:
        """One request and its reply. Raises Lost."""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept: application/json\r\n"
            f"Sec-Fetch-Site: same-origin\r\nCookie: {self.cookie}\r\n"
            f"Content-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        sent = False
        try:
            async with asyncio.timeout(WAITS_S):
                if self._streams is None:
                    self._streams = await asyncio.open_connection("127.0.0.1", self.port)
                reader, writer = self._streams
                writer.write(head.encode() + body)
                sent = True
                return await _reply(reader)
        except (OSError, asyncio.IncompleteReadError) as error:
            self.close()
            raise Lost(sent) from error

    async def csrf_token(self) -> str:
        """The token that pages carry; the connection keeps the session that it belongs to."""
        page = await self.send("GET", "/help")
        self.cookie = page.cookie or self.cookie
        found = re.search(r'<meta name="csrf-token" content="([^"]+)">', page.text)
        assert found, page.text[:500]
        return found[1]

    async def post(self, path: str, fields: Mapping[str, str]) -> Reply:
        return await self.send("POST", path, urlencode(fields).encode(), FORM)

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
        self._streams = None


async def _reply(reader: asyncio.StreamReader) -> Reply:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = re.search(r"^content-length: *(\d+)", head, re.MULTILINE | re.IGNORECASE)
    body = await reader.readexactly(int(length[1]) if length else 0)
    return Reply(int(head.split(" ", 2)[1]), head, body)
