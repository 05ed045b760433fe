"""An organiser with an empty platform and two workbooks: from the one-time link to the copied contest."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walking
from tests.browser.conftest import DESK, PHONE, Site, Visit, Visitor, width_of
from tests.browser.district import BANK, DOMAINS, a_single, questions, register, workbook

SPOILT = [
    ["没有答案的题：经营者应当（ ）", "甲", "乙", "丙", "丁", "", "", "", "产品"],
    ["答案不在选项里的题（ ）", "甲", "乙", "丙", "丁", "F", "", "", "工程"],
    a_single("产品", 0),
]
SINGLES = 16  # in the sheet 单选题, before the spoilt rows
KINDS = ("单选题", "多选题", "判断题")
PER_DOMAIN = {"单选题": 3, "多选题": 1, "判断题": 1}


def test_from_the_link_to_the_copied_contest(site: Site, visit: Visit, tmp_path: Path) -> None:
    link = site.staff_link("organiser", "zuzhi")
    organiser = visit(site, DESK)
    organiser.use_link(link)
    organiser.sign_in("zuzhi")
    page = organiser.page
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()

    import_register(page, register(tmp_path))
    import_questions(page, questions(tmp_path / "试题.xlsx", spoilt=SPOILT))
    create_contest(page)
    change_plan(page)
    fill_by_shares(page)
    look_at_papers(page)
    try_and_publish(page)
    look_after(organiser)
    copy_contest(page)
    map_typed_unit(organiser, visit(site))


def nav(page: Page, label: str) -> None:
    page.get_by_role("navigation", name="工作台").get_by_role("link", name=label).click()


def import_register(page: Page, file: Path) -> None:
    nav(page, "街道与单位")
    page.get_by_role("link", name="导入").first.click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="检查").click()
    expect(page.get_by_role("main")).to_contain_text("街道新增 2 个")
    expect(page.get_by_role("main")).to_contain_text("单位新增 3 个")
    page.get_by_role("button", name="导入").click()
    expect(page.get_by_role("status").filter(has_text="已导入")).to_contain_text("单位新增 3 个")


def import_questions(page: Page, file: Path) -> None:
    nav(page, "题库")
    page.get_by_role("link", name="导入试题").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("题库", exact=False).last.fill(BANK)
    page.get_by_role("button", name="上传并检查").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("读到 36 题，2 行有问题")
    main = page.get_by_role("main")
    for words in ("单选题 16 道", "多选题 8 道", "判断题 8 道", "填空题 4 道", "另有 1 道和前面的一模一样"):
        expect(main).to_contain_text(words)
    first = SINGLES + 2  # the header is row 1
    for reason, place in (("没有答案", first), ("答案不在选项里", first + 1)):
        expect(page.get_by_role("region", name=reason)).to_contain_text(f"单选题 第 {place} 行")
    expect(page.get_by_role("table", name="按领域").get_by_role("row", name="服务")).to_contain_text("9")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载有问题的题").click()
    assert download.value.suggested_filename == "没有导入的题-试题.xlsx"

    page.get_by_role("button", name="只导入没有问题的 36 题").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已导入 36 题")
    page.get_by_role("link", name=BANK).click()
    page.get_by_label("领域").select_option("环境")
    page.get_by_label("题型").select_option(label="多选题")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_text("找到 2 道。")).to_be_visible()
    page.get_by_role("link", name="环境多选第 0 题").click()
    expect(page.get_by_role("main")).to_contain_text("答案：AC")


ODD = [["考什么", "甲", "乙", "丙", "选哪个", "出题老师"]] + [
    [f"质量题第 {n} 题（ ）", "质量", "数量", "速度", letter, "A"] for n, letter in enumerate("ABC")
]


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_column_nobody_recognises_is_given_its_part_and_imported(
    fair: Site, visit: Visit, tmp_path: Path, width: int
) -> None:
    account, bank = f"jiaozheng{width}", f"校正的题库 {width}"
    link = fair.staff_link("organiser", account)
    organiser = visit(fair, width, java_script_enabled=width == DESK)
    organiser.use_link(link)
    organiser.sign_in(account)
    page = organiser.go("/console/bank/upload")
    page.locator("input[type=file]").set_input_files(workbook(tmp_path / "老题.xlsx", 题目=ODD))
    page.get_by_label("题库名称").fill(bank)
    page.get_by_role("button", name="上传并检查").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("读到 0 题，1 处有问题")

    give(page, A="题干", B="选项A", C="选项B", D="题干")
    organiser.refusals.add(422)
    page.get_by_role("button", name="按这样重新检查").click()
    expect(page.get_by_role("alert")).to_contain_text("A 列和 D 列都选了“题干”，只能留一列。")
    give(page, D="选项C", E="答案")
    page.get_by_role("button", name="按这样重新检查").click()
    expect(heading).to_have_text("读到 3 题")
    expect(page.get_by_label("E 列用作").locator("option:checked")).to_have_text("答案")
    expect(page.get_by_text("现在还没有导入")).to_be_visible()
    wanted, window = width_of(page)
    assert wanted <= window

    page.get_by_role("button", name="导入 3 题").click()
    expect(heading).to_have_text("已导入 3 题")
    page.get_by_role("link", name=bank).click()
    page.get_by_role("link", name="质量题第 2 题").click()
    expect(page.get_by_role("main")).to_contain_text("答案：C")


def give(page: Page, **parts: str) -> None:
    """Choose what each column is."""
    if not page.get_by_label("A 列用作").is_visible():
        page.get_by_text("表头在第 1 行").click()
    for letter, part in parts.items():
        page.get_by_label(f"{letter} 列用作").select_option(label=part)


def create_contest(page: Page) -> None:
    nav(page, "竞赛")
    page.get_by_role("link", name="新建竞赛").click()
    now = datetime.now()
    page.get_by_label("竞赛名称").fill("2026 年质量知识竞赛")
    page.get_by_label("题库").select_option(BANK)
    page.get_by_label("开始时间").fill(typed(now - timedelta(days=1)))
    page.get_by_label("结束时间").fill(typed(now + timedelta(days=20)))
    page.get_by_label("网址名").fill("zhiliang-2026")
    page.get_by_role("button", name="建立草稿").click()
    expect(page.get_by_text("草稿已存好。")).to_be_visible()
    for label, count in (("单选题", "12"), ("多选题", "4"), ("判断题", "4")):
        expect(page.get_by_role("table", name="组卷方案").get_by_role("row", name=label)).to_contain_text(count)


def typed(moment: datetime) -> str:
    """As a field of date and time takes it."""
    return moment.strftime("%Y-%m-%dT%H:%M")


def change_plan(page: Page) -> None:
    """Three lines become twelve, one for each kind and domain; one of them asks for more than there is."""
    page.get_by_role("link", name=re.compile("修改.*组卷方案")).click()
    for _ in range(len(KINDS) * len(DOMAINS) - 3):
        page.get_by_role("button", name="加一行").click()
    rows = page.locator("table.edit tbody tr")
    for number, (kind, domain) in enumerate((kind, domain) for domain in DOMAINS for kind in KINDS):
        row = rows.nth(number)
        row.get_by_label("题型").select_option(label=kind)
        row.get_by_label("领域").select_option(domain)
        row.get_by_label("道数").fill(str(PER_DOMAIN[kind]))
        row.get_by_label("每道分值").fill("5")
    short = rows.nth(3 * DOMAINS.index("服务") + 1)
    short.get_by_label("道数").fill("4")
    page.get_by_role("button", name="看看够不够").last.click()
    expect(short).to_contain_text("缺 2 道")
    expect(page.get_by_text("需要 4 道，题库里只有 2 道")).to_be_visible()
    expect(page.get_by_text("改动还没有保存")).to_be_visible()

    short.get_by_label("道数").fill("1")
    page.get_by_role("button", name="看看够不够").last.click()
    expect(page.get_by_text("缺 2 道")).to_have_count(0)
    expect(page.get_by_text("合计 20 题，满分 100 分。")).to_be_visible()
    page.get_by_role("button", name="加一行").click()
    page.get_by_role("button", name=re.compile("删去.*第 13 行")).click()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("组卷方案已保存。")).to_be_visible()


def fill_by_shares(page: Page) -> None:
    """Shares of domains become lines of the plan; the organiser looks and keeps the lines there were."""
    page.get_by_role("link", name=re.compile("修改.*组卷方案")).click()
    page.get_by_role("link", name="按领域和难度的比例填").click()
    for domain, share in zip(DOMAINS, (30, 20, 30, 20), strict=True):
        page.get_by_label(f"{domain}占百分之几").fill(str(share))
    page.get_by_role("button", name="算一算").click()
    expect(page.get_by_text("合计 20 题。")).to_be_visible()
    page.get_by_role("button", name="放进组卷方案").click()
    expect(page.get_by_text("改动还没有保存")).to_be_visible()
    page.get_by_role("link", name="不改了").click()


def look_at_papers(page: Page) -> None:
    """The seed stands in the address: the same address, the same paper; 换一份 gives another."""
    page.get_by_role("link", name="题目预览").click()
    first, stems = page.url, page.locator("li.card strong:first-child").all_inner_texts()
    page.get_by_role("link", name="换一份").click()
    expect(page.get_by_label("抽题种子")).not_to_have_value(first[-32:])
    page.get_by_label("抽题种子").fill(first[-32:])
    page.get_by_role("button", name="看这个种子的卷子").click()
    expect(page.get_by_label("抽题种子")).to_have_value(first[-32:])
    assert page.locator("li.card strong:first-child").all_inner_texts() == stems
    page.get_by_role("link", name="返回“2026 年质量知识竞赛”").click()


def try_and_publish(page: Page) -> None:
    page.get_by_role("link", name="试答一份").click()
    expect(page.get_by_role("group")).to_have_count(20)
    page.locator("fieldset").first.locator("label.choice").first.click()
    page.get_by_role("button", name="交卷看结果").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("试答结果")
    page.get_by_role("link", name="返回“2026 年质量知识竞赛”").click()
    page.get_by_role("link", name="发布……").click()
    expect(page.get_by_role("main")).to_contain_text("2 个街道、3 个单位")
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("“2026 年质量知识竞赛”已发布。")).to_be_visible()


def look_after(organiser: Visitor) -> None:
    """Another closing time, a pause, going on: each with a reason that everybody reads."""
    page = organiser.page
    later = datetime.now() + timedelta(days=30)
    page.get_by_role("link", name="修改结束时间").click()
    page.get_by_label("新的结束时间").fill(typed(later))
    give_reason(page, "台风停课", "保存")
    expect(page.get_by_text("结束时间已改。")).to_be_visible()
    page.get_by_role("link", name="暂停", exact=True).click()
    give_reason(page, "核对一道试题", "暂停")
    expect(page.get_by_text("竞赛已暂停。")).to_be_visible()
    organiser.go("/contests/zhiliang-2026")
    expect(page.get_by_text("竞赛暂停中，请稍后再来。")).to_be_visible()
    for words in ("台风停课", "核对一道试题", f"{later.month} 月 {later.day} 日"):
        expect(page.get_by_role("main")).to_contain_text(words)
    organiser.go("/console/contests/zhiliang-2026")
    page.get_by_role("link", name="恢复", exact=True).click()
    give_reason(page, "试题已核对", "恢复")
    expect(page.get_by_text("竞赛已恢复。")).to_be_visible()


def give_reason(page: Page, reason: str, act: str) -> None:
    page.get_by_label("原因").fill(reason)
    page.get_by_role("button", name=act, exact=True).click()


def copy_contest(page: Page) -> None:
    page.get_by_role("link", name="复制成新竞赛").click()
    year = datetime.now() + timedelta(days=365)
    page.get_by_label("竞赛名称").fill("明年的质量知识竞赛")
    page.get_by_label("开始时间").fill(typed(year))
    page.get_by_label("结束时间").fill(typed(year + timedelta(days=20)))
    page.get_by_label("网址名").fill("zhiliang-2027")
    page.get_by_role("button", name="建立草稿").click()
    expect(page.get_by_text("草稿已存好。")).to_be_visible()
    rows = page.get_by_role("table", name="组卷方案").get_by_role("row")
    expect(rows).to_have_count(1 + len(KINDS) * len(DOMAINS))


def map_typed_unit(organiser: Visitor, employee: Visitor) -> None:
    """Somebody typed a unit that is not in the list; the organiser puts it where it belongs."""
    page = employee.go("/register")
    page.get_by_label("姓名").fill("赵敏")
    page.get_by_label("手机号").fill(walking.a_phone())
    page.get_by_text("职工", exact=True).click()
    page.get_by_role("combobox", name="单位").fill("东湖一小")
    page.get_by_text("我的单位不在名单里").click()
    page.get_by_role("combobox", name="街道或社区").press_sequentially("东湖")
    page.get_by_role("option").first.click()
    walking.set_password_and_agree(page)

    page = organiser.page
    nav(page, "街道与单位")
    page.get_by_role("link", name="手填的单位").click()
    expect(page.get_by_role("heading", name="东湖一小")).to_be_visible()
    page.get_by_role("combobox", name="归到").press_sequentially("第一小学")
    page.get_by_role("option", name="东湖第一小学").click()
    page.get_by_role("button", name="归到这个单位").click()
    expect(page.get_by_text("“东湖一小”已归到东湖第一小学：1 人")).to_be_visible()
    employee.go("/me")
    expect(employee.page.get_by_role("combobox", name="单位")).to_have_value("东湖第一小学")


HOSTILE = (
    "<script>document.title = '跑了'</script><img src=x onerror=\"document.title = '跑了'\">哪个是城市质量精神？（ ）"
)


def test_a_script_in_a_stem_is_text_wherever_it_is_shown(fair: Site, visit: Visit, tmp_path: Path) -> None:
    """The policy would stop it too; here nothing is left for it to stop."""
    header = ["题型", "题干", "选项A", "选项B", "答案"]
    file = workbook(
        tmp_path / "试题.xlsx", 题目=[header, ["单选题", HOSTILE, "<b onclick=alert(1)>诚信</b>", "速度", "A"]]
    )
    link = fair.staff_link("organiser", "kexia")
    organiser = visit(fair, DESK)
    organiser.use_link(link)
    organiser.sign_in("kexia")
    page = organiser.go("/console/bank/upload")
    main = page.get_by_role("main")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("题库名称").fill("可疑题库")
    page.get_by_role("button", name="上传并检查").click()
    expect(main).to_contain_text(HOSTILE)
    page.get_by_role("button", name="导入 1 题").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已导入 1 题")
    page.get_by_role("link", name="可疑题库").click()
    page.get_by_role("link", name="<script>").click()
    expect(main).to_contain_text(HOSTILE)
    assert "跑了" not in page.title()
    assert page.locator("main img, main b[onclick], main script").count() == 0
