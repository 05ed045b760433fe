"""How fast and in how much memory question files are read and imported, beside bare calamine reading the same file.

``make bench-import``. Every case runs in a process of its own, whose peak memory is its own.
"""

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from question_bank.content import QuestionContent
from question_bank.exporting import Format, exported
from question_bank.kinds import QuestionKind
from tests import spreadsheets
from tests.workbooks import document

COUNTS = (10_000, 100_000)
HEADER = ["题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案", "解析"]
SPREADSHEETS = ("xlsx", "xls", "xlsb", "ods", "csv")
SEVERAL_SHEETS = spreadsheets.MOST_ROWS_OF_XLS - 1  # an .xls has no more rows in a sheet: the rest goes on the next


@dataclass(frozen=True)
class Took:
    """What one process did: seconds and peak memory in MB; rows are those taken."""

    rows: int
    seconds: float
    peak: float


def rows(count: int) -> list[list[str]]:
    """Single choice questions, each with a stem and options of its own, as long as such questions are."""
    return [
        [
            *("单选题", f"第 {n} 号产品的生产者应当在多少日内改正（ ）。"),
            *(f"{n % 89} 日", "十五日", "三十日", f"{n % 97} 个月"),
            *("A", f"见条例第 {n % 300} 条。"),
        ]
        for n in range(1, count + 1)
    ]


def files(folder: Path, count: int) -> dict[str, Path]:
    """A file of each format that holds so many questions."""
    body = rows(count)
    parts = [body[start : start + SEVERAL_SHEETS] for start in range(0, count, SEVERAL_SHEETS)]
    sheets = {f"题库{number}": [HEADER, *part] for number, part in enumerate(parts, 1)}
    makers: dict[str, Callable[[], bytes]] = {
        "xlsx": lambda: spreadsheets.xlsx({"题库": [HEADER, *body]}),
        "xls": lambda: spreadsheets.xls(sheets),
        "xlsb": lambda: spreadsheets.xlsb({"题库": [HEADER, *body]}),
        "ods": lambda: spreadsheets.ods({"题库": [HEADER, *body]}),
        "csv": lambda: spreadsheets.csv_text([HEADER, *body]),
        "docx": lambda: document(*lines(body)),
        "txt": lambda: "\n".join(lines(body)).encode(),
        "gift": lambda: _gift(body),
    }
    made = {}
    for ending, make in makers.items():
        made[ending] = folder / f"{count}.{ending}"
        made[ending].write_bytes(make())
    return made


def lines(body: list[list[str]]) -> list[str]:
    """The same questions as people type them."""
    typed: list[str] = []
    for number, (_, stem, *options, key, why) in enumerate(body, 1):
        typed.append(f"{number}. {stem}")
        typed += [f"{letter}. {text}" for letter, text in zip("ABCD", options, strict=True)]
        typed += [f"答案：{key}", f"解析：{why}"]
    return typed


def _gift(body: list[list[str]]) -> bytes:
    contents = [
        QuestionContent(QuestionKind.SINGLE_CHOICE, stem, tuple(options), frozenset({1}), explanation=why)
        for _, stem, *options, _, why in body
    ]
    return exported(contents, Format.GIFT).data


# --- in a process of its own ------------------------------------------------------------------------------------------


def _read_bare(path: Path) -> int:
    from python_calamine import load_workbook

    book = load_workbook(str(path))
    return sum(len(book.get_sheet_by_index(number).to_python()) for number in range(len(book.sheet_names)))


def _read_bare_csv(path: Path) -> int:
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file))


def _check(path: Path) -> int:
    from question_bank.check import check_file

    return check_file(path.read_bytes(), path.name).total


def _import(path: Path) -> int:
    from question_bank.service import import_file

    now = datetime.now(UTC)
    taken, _ = import_file(path.read_bytes(), path.name, "题库", skip_problems=False, author="bench", now=now)
    return taken.taken


ACTS = {"bare": _read_bare, "bare csv": _read_bare_csv, "check": _check, "import": _import}


def _act(name: str, path: str) -> None:
    """One act by itself, timed; the empty database of an import is made before the clock starts."""
    with _empty_database() if name == "import" else nullcontext():
        start = time.perf_counter()
        count = ACTS[name](Path(path))
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([count, seconds, peak]))


@contextmanager
def _empty_database() -> Iterator[None]:
    from flask_migrate import upgrade

    from quiz.app import create_app

    with create_app().app_context():
        upgrade()
        yield


def timed(name: str, path: Path, folder: Path) -> Took:
    """An act on a file, in a fresh process with a database of its own."""
    instance = tempfile.mkdtemp(dir=folder)
    done = subprocess.run(
        [sys.executable, "-m", "bench.importing", name, str(path)],
        env={**os.environ, "INSTANCE_PATH": instance, "DATABASE_URL": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{name} of {path.name}: {done.stderr[-2000:]}")
    return Took(*json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, {datetime.now(UTC):%Y-%m-%d}\n")
    print(
        "| questions | file | MB | bare s | check s | × bare | rows/s checked | peak MB | import s | rows/s | peak MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in COUNTS:
            for ending, path in files(folder, count).items():
                print(_line(count, ending, path, folder), flush=True)


def _line(count: int, ending: str, path: Path, folder: Path) -> str:
    size = f"{path.stat().st_size / 1e6:.1f}"
    ceiling = {"csv": "bare csv"}.get(ending, "bare")
    bare = timed(ceiling, path, folder) if ending in SPREADSHEETS else None
    checked = timed("check", path, folder)
    if checked.rows != count:
        return f"| {count} | .{ending} | {size} | refused: {checked.rows} taken | | | | | | | |"
    took = timed("import", path, folder)
    ratio = f"{checked.seconds / bare.seconds:.1f}" if bare else "–"
    return (
        f"| {count} | .{ending} | {size} | {f'{bare.seconds:.2f}' if bare else '–'} | {checked.seconds:.1f} | {ratio} "
        f"| {count / checked.seconds:.0f} | {checked.peak:.0f} | {took.seconds:.1f} | {count / took.seconds:.0f} "
        f"| {took.peak:.0f} |"
    )


if __name__ == "__main__":
    _act(*sys.argv[1:3]) if sys.argv[2:] else main()
