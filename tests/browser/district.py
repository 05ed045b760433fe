"""What people bring to the journeys: a register, question workbooks, contests; made here, read as an outsider would."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook

PASSWORD = "zhiliang7531"
DOMAINS = ("产品", "工程", "服务", "环境")

STREETS = [["街道编码", "街道", "应参加人数"], ["JD01", "东湖街道", 40], ["JD02", "西山街道", 30]]
COMMUNITIES = [["社区编码", "社区", "街道编码"], ["SQ01", "湖滨社区", "JD01"], ["SQ02", "西山脚社区", "JD02"]]
UNITS = [
    ["单位编码", "单位", "类别", "街道编码", "应参加人数"],
    ["DW01", "东湖第一小学", "学校", "JD01", 12],
    ["DW02", "西山印刷厂", "企业", "JD02", 8],
    ["DW03", "区市场监管局", "机关", None, 20],
]

HEADER = ["题干", "选项A", "选项B", "选项C", "选项D", "答案", "解析", "来源", "领域"]
WHY, WHERE = "因为法条就是这么写的。", "《中华人民共和国产品质量法》第二十六条"


def workbook(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def register(folder: Path) -> Path:
    return workbook(folder / "街道与单位.xlsx", 街道=STREETS, 社区=COMMUNITIES, 单位=UNITS)


# --- questions: which answer is right can be told from the option's text ---------------------------------------------

RIGHT, WRONG = "应当这样做", "不能这样做"
BLANK_KEY = "12315"


def a_single(domain: str, number: int) -> list[str]:
    place = number % 4
    options = [f"{RIGHT if position == place else WRONG}（{position + 1}）" for position in range(4)]
    return [f"{domain}单选第 {number} 题：经营者发现商品有缺陷时（ ）", *options, "ABCD"[place], WHY, WHERE, domain]


def a_multiple(domain: str, number: int) -> list[str]:
    options = [f"{RIGHT}（1）", f"{WRONG}（2）", f"{RIGHT}（3）", f"{WRONG}（4）"]
    return [f"{domain}多选第 {number} 题：下列说法正确的有（ ）", *options, "AC", WHY, WHERE, domain]


def a_judgement(domain: str, number: int) -> list[str]:
    return [f"{domain}判断第 {number} 题：经营者应当明码标价。", "", "", "", "", "对", WHY, WHERE, domain]


def a_blank(domain: str, number: int) -> list[str]:
    return [f"{domain}填空第 {number} 题：投诉举报请拨打____。", "", "", "", "", BLANK_KEY, WHY, WHERE, domain]


def questions(path: Path, *, singles: int = 4, spoilt: Iterable[Sequence[Any]] = ()) -> Path:
    """A sheet for each kind; ``spoilt`` rows stand at the end of 单选题."""
    return workbook(
        path,
        单选题=[HEADER, *(a_single(d, n) for d in DOMAINS for n in range(singles)), *spoilt],
        多选题=[HEADER, *(a_multiple(d, n) for d in DOMAINS for n in range(2))],
        判断题=[HEADER, *(a_judgement(d, n) for d in DOMAINS for n in range(2))],
        填空题=[HEADER, *(a_blank(d, 0) for d in DOMAINS)],
    )


# --- contests --------------------------------------------------------------------------------------------------------

ONE_OF_EACH = [
    {"kind": "single_choice", "count": 2, "points": 20},
    {"kind": "multiple_choice", "count": 1, "points": 20},
    {"kind": "true_false", "count": 1, "points": 20},
    {"kind": "fill_blank", "count": 1, "points": 20},
]
BANK = "质量题库"


def contest_file(
    folder: Path, slug: str, *, title: str = "质量知识竞赛", opens_in: timedelta = -timedelta(hours=1), **terms: Any
) -> Path:
    """A contest open for ten days, since an hour, of five questions."""
    opens_at = datetime.now(UTC) + opens_in
    value = {
        "slug": slug,
        "title": title,
        "bank": BANK,
        "opens_at": opens_at.isoformat(timespec="seconds"),
        "closes_at": (opens_at + timedelta(days=10)).isoformat(timespec="seconds"),
        "terms": {"plan": ONE_OF_EACH, **terms},
    }
    path = folder / f"{slug}.json"
    path.write_text(json.dumps(value, ensure_ascii=False), "utf-8")
    return path


def open_contest(site: Any, folder: Path, slug: str = "zhiliang", **terms: Any) -> str:
    """A published contest by the commands, and register and bank where they are not there yet; its path."""
    site.flask("people", "import", register(folder))
    site.flask("bank", "import", questions(folder / "题库.xlsx"), "--bank", BANK)
    site.flask("contest", "create", contest_file(folder, slug, **terms))
    site.flask("contest", "publish", slug)
    return f"/contests/{slug}"
