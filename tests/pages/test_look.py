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


def test_the_style_sheet_uses_nothing_that_old_browsers_drop() -> None:
    text = (ROOT / "static/site.css").read_text()
    rules = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    for too_new in (":has(", ":is(", ":where(", "inset:", "aspect-ratio", "dvh", "svh", "&:", "@layer", "@container"):
        assert too_new not in rules, too_new


@pytest.mark.parametrize("path", [p for p in STATIC if p.suffix == ".js"], ids=lambda path: path.name)
def test_scripts_keep_to_what_phones_of_2019_know(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\?\.[a-zA-Z\[(]|\?\?|\.finally\(|\.replaceAll\(|\.at\(|\{\s*\.\.\.", text)


def test_a_static_file_goes_out_compressed_and_whole(client: FlaskClient) -> None:
    plain = client.get("/static/site.css")
    packed = client.get("/static/site.css", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 3


def test_a_page_is_not_compressed_for_it_carries_a_token(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.get("/help", headers={"Accept-Encoding": "gzip"}).headers


def test_the_quiz_page_fits_a_slow_network() -> None:
    files = ("site.css", "attempt.js", "countdown.js", "fresh.js", "favicon.svg")
    wire = sum(len(gzip.compress((ROOT / "static" / name).read_bytes())) for name in files)
    assert wire < 25_000  # the page itself has about 10 KB, its questions as JSON as much again; 60 KB in all
