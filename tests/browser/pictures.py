"""``python -m tests.browser.pictures``: take the pictures of docs/pictures from the demo, served for this alone."""

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from quiz.services.demo import BANK_FILE, FINISHED, RUNNING
from tests.browser.conftest import DESK, PHONE, a_chromium, chromium_path
from tests.serving import ROOT, Served, free_port

PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 120_000
SITE = {
    "SITE_HOST": "示例区质量强区工作领导小组",
    "SITE_ORGANISER": "示例区市场监督管理局",
    "SITE_PHONE": "0755-12345678",
}


class Album:
    """One browser of one person of the demo, and the pictures taken in it."""

    def __init__(self, browser: Browser, url: str, account: dict[str, str] | None, width: int) -> None:
        phone = width == PHONE
        context = browser.new_context(
            viewport={"width": width, "height": 700 if phone else 720},
            device_scale_factor=1.5 if phone else 1,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        self.url, self.width, self.page = url, width, context.new_page()
        if account:
            page = self.go("/sign-in")
            page.get_by_label("手机号").fill(account["account"])
            page.get_by_label("口令").fill(account["password"])
            page.get_by_role("button", name="登录").click()
            page.wait_for_url(lambda address: not address.endswith("/sign-in"))

    def go(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def take(self, name: str) -> None:
        file = PICTURES / f"{name}-{self.width}.png"
        file.write_bytes(self.page.screenshot())
        size = file.stat().st_size
        assert size <= MOST_BYTES, f"{file.name} has {size} bytes"
        print(f"{file.relative_to(ROOT)}: {size // 1000} KB")


def main() -> None:
    """A server with the demo in a folder that goes away afterwards, and every picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with the_demo() as (server, accounts, folder), a_chromium() as browser:
        take_all(browser, server.url, accounts, folder)


@contextmanager
def the_demo() -> Iterator[tuple[Served, dict[str, dict[str, str]], Path]]:
    """The sample district served for this alone, and its accounts by role. Says so where there is no Chromium."""
    if not chromium_path():
        raise SystemExit("This needs Chromium (on Debian: apt-get install chromium fonts-noto-cjk).")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        server = a_server(folder)
        server.flask("db", "upgrade")
        server.flask("demo")
        server.start()
        try:
            accounts = json.loads((folder / "demo.json").read_text())["accounts"]
            yield server, {account["role"]: account for account in accounts}, folder
        finally:
            server.stop()


def a_server(folder: Path) -> Served:
    port = free_port()
    kept = {key: value for key, value in os.environ.items() if key not in ("ENV", "DATABASE_URL", "PUBLIC_URL")}
    environ = {**kept, **SITE, "HOST": "127.0.0.1", "PORT": str(port), "INSTANCE_PATH": str(folder)}
    return Served(port=port, environ=environ, log=folder / "server.log")


def take_all(browser: Browser, url: str, accounts: dict[str, dict[str, str]], folder: Path) -> None:
    stranger = Album(browser, url, None, PHONE)
    stranger.go("/")
    stranger.take("home")
    stranger.go(f"/contests/{RUNNING}")
    stranger.take("contest")

    participant = Album(browser, url, accounts["participant"], PHONE)
    participant.go(f"/contests/{FINISHED}/standings")
    participant.take("standings")
    participant.go("/me").get_by_role("link", name="看成绩和错题").last.click()
    participant.take("result")
    answer_one(participant.go(f"/contests/{RUNNING}"))
    participant.take("take")

    anybody = Album(browser, url, None, DESK)
    anybody.go(f"/contests/{FINISHED}/standings?by=unit")
    anybody.take("standings")

    organiser = Album(browser, url, accounts["organiser"], DESK)
    check_a_workbook(organiser.go("/console/bank/upload"), spoilt_bank(folder / "单位自编试题.xlsx"))
    organiser.take("check")
    ask_for_too_much(organiser.go("/console/new-contest"))
    organiser.take("setup")

    manager = Album(browser, url, accounts["street_manager"], DESK)
    manager.go(f"/console/results/{FINISHED}")
    manager.take("console")


def answer_one(page: Page) -> None:
    """Start, go on to a 单选题, and choose something."""
    page.get_by_role("button", name="开始答题").click()
    page.wait_for_url("**/attempts/*")
    while page.locator("#question").get_attribute("data-kind") != "single_choice":
        place = int(page.locator("#question").get_attribute("data-position") or 0)
        page.locator("#next").click()
        expect(page.locator("#place")).to_contain_text(f"第 {place + 1}/")
    page.locator("label.choice").nth(1).click()
    expect(page.locator("#save-state")).to_have_text("已保存")


def spoilt_bank(file: Path) -> Path:
    """The bundled questions, in which somebody has been careless."""
    book = load_workbook(BANK_FILE)
    sheet = book.worksheets[0]
    header = next(row for row in sheet.iter_rows() if any(cell.value == "答案" for cell in row))
    key = next(cell.column for cell in header if cell.value == "答案")
    for below, carelessness in ((9, None), (23, "F"), (31, None)):
        sheet.cell(header[0].row + below, key).value = carelessness
    book.save(file)
    return file


def check_a_workbook(page: Page, file: Path) -> None:
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("题库名称").fill("自编题库")
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("行有问题"))


def ask_for_too_much(page: Page) -> None:
    """A draft whose plan has a line that the bank cannot fill."""
    page.get_by_label("竞赛名称").fill("街道质量知识赛")
    page.get_by_label("开始时间").fill("2027-06-20T09:00")
    page.get_by_label("结束时间").fill("2027-07-20T18:00")
    page.get_by_label("网址名").fill("jiedao-2027")
    page.get_by_role("button", name="建立草稿").click()
    page.get_by_role("link", name=re.compile("修改.*组卷方案")).click()
    several = page.locator("table.edit tbody tr").nth(1)
    several.get_by_label("领域").select_option("服务")
    several.get_by_label("道数").fill("12")
    page.get_by_role("button", name="看看够不够").last.click()
    expect(several).to_contain_text("缺")


if __name__ == "__main__":
    main()
