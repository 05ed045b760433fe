"""What holds for every template and every static file: no host but our own, nothing inline, small over the wire."""

import gzip
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STATIC = sorted(path for path in (ROOT / "static").iterdir() if path.suffix in (".css", ".js", ".svg"))
REGISTERS = ("https://beian.miit.gov.cn/", "https://beian.mps.gov.cn/")  # links that the law asks for


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_carries_script_or_style_of_its_own(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("path", [*TEMPLATES, *STATIC], ids=lambda path: path.name)
def test_nothing_comes_from_another_host(path: Path) -> None:
    text = path.read_text().replace("http://www.w3.org/2000/svg", "")
    for register in REGISTERS:
        text = text.replace(register, "")
    assert not re.search(r"https?://", text)


SCRIPTS = [path for path in STATIC if path.suffix == ".js"]


def code_of(script: str) -> str:
    """Without comments, in which people may write what they like."""
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", script, flags=re.S)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_relies_on_a_page_being_closed(path: Path) -> None:
    """Phones end pages without a word, and such a listener keeps a page out of the browser's memory."""
    assert not re.search(r"unload\b", code_of(path.read_text()))


def test_a_static_file_goes_out_compressed_and_whole(client: FlaskClient) -> None:
    plain = client.get("/static/site.css")
    packed = client.get("/static/site.css", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 3


def test_a_page_is_not_compressed_for_it_carries_a_token(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.get("/help", headers={"Accept-Encoding": "gzip"}).headers
