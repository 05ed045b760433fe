"""A judge, a unit manager, a street manager and an administrator, each from the one-time link on."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Download, Page, expect

from tests.browser.conftest import DESK, Site, Visit, Visitor
from tests.browser.sample import PLAYERS, REPORT, RUNNING, UNIT_NAMES

TITLE = "2026 年质量知识竞赛"
PHONE_NUMBER = re.compile(r"1[3-9]\d{9}")


def arrive(site: Site, visit: Visit, role: str, account: str, *scope: str) -> Visitor:
    """By the link of a new account to the console."""
    staff = visit(site, DESK)
    staff.use_link(site.staff_link(role, account, *scope))
    staff.sign_in(account)
    expect(staff.page.get_by_role("heading", name="工作台")).to_be_visible()
    return staff


def downloaded(download: Download) -> Workbook:
    return load_workbook(BytesIO(Path(download.path()).read_bytes()))


def sections(page: Page) -> list[str]:
    links = page.get_by_role("navigation", name="工作台").get_by_role("link").all_inner_texts()
    return [text.split()[0] for text in links]


def test_a_judge_downloads_the_workbook(sample: Site, visit: Visit) -> None:
    page = arrive(sample, visit, "judge", "pingwei").page
    assert sections(page) == ["复核", "意见和申诉", "街道与单位", "成绩", "抽奖", "领奖", "晋级", "操作记录"]
    page.get_by_role("navigation", name="工作台").get_by_role("link", name="成绩").click()
    row = page.get_by_role("row", name=TITLE)
    with page.expect_download() as download:
        row.get_by_role("link", name="下载成绩工作簿").click()
    assert download.value.suggested_filename == f"{TITLE}-成绩.xlsx"
    book = downloaded(download.value)
    assert {"规程", "个人", "单位", "街道", "试题"} <= set(book.sheetnames)
    persons = list(book["个人"].values)
    assert persons[0][:9] == ("名次", "参赛编号", "姓名", "手机号", "街道", "单位", "得分", "用时（秒）", "交卷时间")
    assert [row[2] for row in persons[1:]] == [name for name, *_ in PLAYERS]
    assert persons[1][0] == 1 and persons[1][6] == 100 and PHONE_NUMBER.fullmatch(persons[1][3])
    assert book["个人"].freeze_panes == "A2"
    assert {row[2] for row in list(book["单位"].values)[1:]} == set(UNIT_NAMES.values())
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_a_judge_answers_what_was_said_about_a_question(sample: Site, visit: Visit) -> None:
    page = arrive(sample, visit, "judge", "pingwei-er").page
    link = page.get_by_role("navigation", name="工作台").get_by_role("link", name="意见和申诉")
    expect(link).to_contain_text("2")
    link.click()
    card = page.get_by_role("region").filter(has_text=REPORT)
    expect(card).to_contain_text("钱**")
    card.get_by_label("答复").fill("已核对，题目没有问题。")
    card.get_by_role("button", name="题目没有问题").click()
    expect(page.get_by_text("已答复 1 条意见。")).to_be_visible()
    expect(page.get_by_text("没有意见等着答复。")).to_be_visible()
    page.get_by_role("link", name="已答复").click()
    expect(page.get_by_role("region").filter(has_text=REPORT)).to_contain_text("已核对，题目没有问题。")


@pytest.mark.parametrize(
    ("role", "scope", "own"),
    [
        ("unit_manager", ("--unit", "DW02"), ["周敏", "欧阳文"]),
        ("street_manager", ("--street", "JD01"), ["赵一鸣", "李建国"]),
    ],
)
def test_a_manager_sees_the_own_people_only(
    sample: Site, visit: Visit, role: str, scope: tuple[str, str], own: list[str]
) -> None:
    manager = arrive(sample, visit, role, f"{role}-guanli", *scope)
    page = manager.page
    assert sections(page) == ["街道与单位", "成绩"]
    page.get_by_role("link", name="成绩", exact=True).first.click()
    page.get_by_role("link", name=TITLE).click()
    table = page.get_by_role("table", name="参与的人")
    expect(table.get_by_role("rowheader")).to_have_text(own)
    expect(page.get_by_role("main")).to_contain_text("还差")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载表格").click()
    book = downloaded(download.value)
    assert {row[0] for row in book.active.values if row[0] in {n for n, *_ in PLAYERS}} <= set(own)

    page.get_by_role("navigation", name="工作台").get_by_role("link", name="街道与单位").click()
    page.get_by_role("link", name="参赛者").click()
    seen = page.get_by_role("table", name="参赛者").get_by_role("rowheader").all_inner_texts()
    assert set(own) <= set(seen) and not set(seen) & {n for n, *_ in PLAYERS} - set(own)
    assert not PHONE_NUMBER.search(page.get_by_role("main").inner_text())
    manager.refusals.update((403, 404))
    for path in (f"/contests/{RUNNING}/results.xlsx", "/console/contests", f"/console/results/{RUNNING}?unit=DW03"):
        refused = manager.context.request.get(sample.url + path)
        assert refused.status in (403, 404), path


def test_an_administrator_adds_an_account_and_reads_the_record(sample: Site, visit: Visit) -> None:
    admin = arrive(sample, visit, "administrator", "guanliyuan")
    page = admin.page
    assert sections(page) == ["账号", "操作记录"]
    page.get_by_role("navigation", name="工作台").get_by_role("link", name="账号").click()
    page.get_by_label("账号名").fill("dongxiao-guanli")
    page.get_by_text("单位管理员", exact=True).last.click()
    page.get_by_role("combobox", name="单位").press_sequentially("第一小")
    page.get_by_role("option", name="东湖第一小学").click()
    page.get_by_role("button", name="添加").click()
    link = page.locator(".one-time-link").inner_text()

    newcomer = visit(sample)
    newcomer.use_link(link)
    newcomer.sign_in("dongxiao-guanli")
    newcomer.refusals.add(410)
    newcomer.go(link)
    expect(newcomer.page.get_by_text("这个链接已经用过或已过期。")).to_be_visible()

    page.get_by_role("navigation", name="工作台").get_by_role("link", name="操作记录").click()
    record = page.get_by_role("table", name="操作记录")
    granted = record.get_by_role("row", name="dongxiao-guanli").filter(has_text="授予角色")
    expect(granted).to_contain_text("guanliyuan")
    expect(granted).to_contain_text("单位管理员")
    page.get_by_role("link", name="核对全部记录").click()
    expect(page.get_by_text("核对完毕")).to_be_visible()
    assert not PHONE_NUMBER.search(page.get_by_role("main").inner_text())
