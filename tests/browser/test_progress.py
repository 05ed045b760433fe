"""An upload of ten thousand questions shows how far it has come, and goes on by itself."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import DESK, Site, Visit
from tests.workbooks import many_questions

WATCH = """() => {
  new MutationObserver(() => {
    const words = document.querySelector('.progress [role=status]');
    if (words) sessionStorage.setItem('seen', (sessionStorage.getItem('seen') || '') + '|' + words.textContent);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def test_ten_thousand_questions(site: Site, visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "一万题.xlsx"
    file.write_bytes(many_questions(10_000))
    organiser = visit(site, DESK)
    organiser.use_link(site.staff_link("organiser", "shangchuan"))
    organiser.sign_in("shangchuan")
    page = organiser.page
    page.goto(f"{site.url}/console/bank/upload")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("input[name=bank]").fill("一万题")
    page.evaluate(WATCH)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("heading", name="读到 10000 题")).to_be_visible(timeout=120_000)
    seen = page.evaluate("sessionStorage.getItem('seen')")
    assert "正在上传" in seen and ("正在读取文件" in seen or "正在检查试题" in seen)

    page.get_by_role("button", name="导入 10000 题").click()
    expect(page.get_by_role("main")).to_contain_text("已导入 10000 题", timeout=120_000)


def test_messages_stand_where_they_do_without_a_script(site: Site, visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "试卷.pdf"
    file.write_bytes(b"%PDF-1.7")
    organiser = visit(site, DESK)
    organiser.refusals.add(422)
    organiser.use_link(site.staff_link("organiser", "shijuan"))
    organiser.sign_in("shijuan")
    page = organiser.page
    page.goto(f"{site.url}/console/bank/upload")
    page.locator("input[type=file]").set_input_files(file)
    page.locator("input[name=bank]").fill("试卷")
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("main")).to_contain_text("PDF 文件不能读取")
    expect(page.get_by_role("button", name="上传并检查")).to_be_enabled()
