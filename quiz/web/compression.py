"""Style sheet and scripts go out compressed: on a slow phone network they are most of the first page.

Only files that are the same for everybody are compressed. Pages are not, because they carry a token beside text that
others may have written.
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

COMPRESSED = (".css", ".js", ".svg")


def init_compression(app: Flask) -> None:
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if request.endpoint != "static" or not request.path.endswith(COMPRESSED):
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code == 200 and request.accept_encodings.quality("gzip") > 0:
        response.direct_passthrough = False
        response.set_data(_gzipped(response.get_data()))
        response.headers["Content-Encoding"] = "gzip"
        response.headers.pop("ETag", None)  # it names the file as it lies; addresses carry a digest anyway
        response.headers.pop("Accept-Ranges", None)
    return response


@lru_cache(maxsize=64)
def _gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
