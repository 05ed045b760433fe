"""The frame that all staff share: what the own role may do, what waits, and the record of what was done."""

from datetime import datetime
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user

from question_bank import queries as bank
from quiz.models import AuditEntry
from quiz.queries import appeals as find_appeals
from quiz.queries import audit as find_audit
from quiz.queries import people as find
from quiz.queries import reports as find_reports
from quiz.queries import signals as find_signals
from quiz.rules.permissions import Permission, Role
from quiz.services import audit
from quiz.web.access import allowed, allowed_everywhere, domains_of, requires, scopes_of
from quiz.web.filters import full_moment

bp = Blueprint("console", __name__, url_prefix="/console")


class Section(NamedTuple):
    """One part of the console and who may enter it."""

    endpoint: str
    label: str
    permission: Permission
    about: str


REVIEW = "bank.review_queue"
REPORTS = "reports.index"
JUDGING = "signals.contests"

SECTIONS = (
    Section("setup.index", "竞赛", Permission.CONTEST_SET_UP, "新建、发布、暂停竞赛，修改截止时间"),
    Section("bank.index", "题库", Permission.BANK_READ, "导入和查看试题"),
    Section(REVIEW, "待审试题", Permission.BANK_REVIEW, "逐道审题：通过，或写明哪里要改后退回"),
    Section(JUDGING, "复核", Permission.SIGNALS_REVIEW, "看有提示的答卷，保留或作废；对题目作裁定，重新阅卷"),
    Section(REPORTS, "意见和申诉", Permission.REPORTS_ANSWER, "参赛者说有误的题、对成绩的申诉，逐条答复"),
    Section("people.index", "街道与单位", Permission.STANDINGS_READ, "街道、社区、单位、应参加人数和参赛者"),
    Section("exports.index", "成绩", Permission.STANDINGS_READ, "查看和下载成绩"),
    Section("prizes.index", "抽奖", Permission.PRIZES_DRAW, "设置抽奖，固定名单，录入开奖号码，候补递补"),
    Section("prize_desk.desk", "领奖", Permission.PRIZES_HAND_OVER, "核对核销码，登记奖品已领"),
    Section("stages.index", "晋级", Permission.STAGES_CUT, "按前一场的成绩定下一场的入围名单"),
    Section("staff.index", "账号", Permission.STAFF_MANAGE, "工作人员的账号和角色"),
    Section("console.audit_page", "操作记录", Permission.AUDIT_READ, "工作人员做过什么，一条不少"),
)


@bp.get("")
@requires(Permission.CONSOLE)
def index() -> str:
    return render_template("console/index.html", sections=_sections())


@bp.app_context_processor
def navigation() -> dict[str, Any]:
    """``console_nav`` for the frame of the console's pages."""
    return {"console_nav": _sections() if request.path.startswith("/console") else []}


def _sections() -> list[dict[str, Any]]:
    """The parts that the own role may enter, with a count of what waits there."""
    return [
        {
            "url": url_for(section.endpoint),
            "label": section.label,
            "about": section.about,
            "count": _waiting(section),
            "current": _is_current(section),
        }
        for section in SECTIONS
        if allowed(section.permission) and (section.endpoint != REPORTS or allowed_everywhere(section.permission))
    ]


def _waiting(section: Section) -> int:
    """Typed units to be put where they belong, questions and attempts to be looked at, reports to be answered."""
    if section.endpoint == "people.index" and allowed_everywhere(Permission.PEOPLE_MANAGE):
        return find.count_typed_units()
    if section.endpoint == REVIEW and request.endpoint in ("console.index", REVIEW):
        return bank.count_to_review(domains_of(current_user))
    if section.endpoint == REPORTS:
        appeals = find_appeals.count_waiting() if allowed_everywhere(Permission.RULINGS_MAKE) else 0
        return find_reports.count_waiting() + appeals
    if section.endpoint == JUDGING:
        return sum(find_signals.count_waiting(scopes_of(current_user, Permission.SIGNALS_REVIEW)).values())
    return 0


def _is_current(section: Section) -> bool:
    if section.endpoint.startswith("console.") or REVIEW in (section.endpoint, request.endpoint):
        return request.endpoint == section.endpoint
    part = "exports" if request.blueprint == "seals" else request.blueprint
    return part == section.endpoint.partition(".")[0]


# --- the record ------------------------------------------------------------------------------------------------------

ACTS = {
    "contest.created": "新建竞赛",
    "contest.published": "发布竞赛",
    "contest.changed": "修改竞赛设置",
    "contest.paused": "暂停竞赛",
    "contest.resumed": "恢复竞赛",
    "contest.headcount": "修改应参加人数",
    "stall.opened": "开摊位",
    "stall.closed": "关闭摊位",
    "attempts.extra_time": "补时",
    "attempts.extra_time_undone": "撤销补时",
    "bank.import": "导入试题",
    "bank.import_undone": "撤销导入",
    "contest.thawed": "揭榜",
    "bank.practice_opened": "开放题库练习",
    "bank.practice_closed": "关闭题库练习",
    "question.revised": "修改试题",
    "question.retired": "停用试题",
    "question.brought_back": "恢复使用试题",
    "question.reviewed": "审题",
    "question.tagged": "修改试题标签",
    "question.report_answered": "答复试题意见",
    "signals.looked": "查找复核提示",
    "signals.noted": "记下对答卷的看法",
    "signals.kept": "看过答卷，保留",
    "attempt.set_aside": "裁定答卷作废",
    "attempt.restored": "恢复作废的答卷",
    "entry.set_aside": "裁定参赛资格作废",
    "entry.restored": "恢复作废的参赛资格",
    "question.ruled": "对试题作裁定",
    "question.ruling_undone": "撤销对试题的裁定",
    "results.remarking_begun": "开始重新阅卷",
    "results.remarked": "重新阅卷完成",
    "appeal.answered": "答复申诉",
    "results.export": "下载成绩",
    "results.export_own": "下载本街道或本单位的成绩",
    "results.sealed": "封存成绩",
    "draw.set_up": "设置抽奖",
    "draw.list_fixed": "固定抽奖名单",
    "draw.announced": "公布开奖号码的名称和时间",
    "draw.drawn": "录入开奖号码，产生中奖者",
    "draw.awarded": "按名次确定获奖者",
    "draw.abandoned": "放弃抽奖",
    "prize.handed_over": "登记奖品已领",
    "prize.left": "中奖者放弃或未领，候补递补",
    "stage.applied": "定入围名单",
    "stage.added": "加进入围名单",
    "results.announced": "签发结果公示",
    "results.announcement_withdrawn": "撤回结果公示",
    "people.imported": "导入街道与单位",
    "people.forgotten": "按期删除个人信息",
    "person.forgotten": "应本人要求删除个人信息",
    "unit.mapped": "把手填的单位归到名单里",
    "person.password_reset": "重设参赛者口令",
    "person.link_sent": "发出设置口令的链接",
    "role.granted": "授予角色",
    "role.revoked": "收回角色",
}

SUBJECTS = {
    "contest": "竞赛",
    "stall": "摊位",
    "draw": "抽奖",
    "unit": "单位",
    "person": "账号",
    "batch": "导入批次",
    "question": "试题",
    "bank": "题库",
    "register": "名单",
}

DETAILS = {
    "place": "地点",
    "minutes": "分钟",
    "attempts": "答卷份数",
    "attempt": "答卷",
    "entry": "参赛资格",
    "ruling": "裁定",
    "version": "试题版本",
    "reason": "原因",
    "role": "角色",
    "persons": "人数",
    "entries": "参赛资格",
    "sheets": "新增、更新",
    "taken": "导入",
    "bank": "题库",
    "seal": "第几次封存",
    "code": "编码",
    "entry_code": "参赛编号",
    "tier": "奖级",
    "source": "开奖号码的名称",
    "public_number": "开奖号码",
    "successor": "递补",
    "street_id": "街道",
    "street": "街道",
    "unit_id": "单位",
    "unit": "单位",
    "form": "格式",
}


@bp.get("/audit")
@requires(Permission.AUDIT_READ)
def audit_page() -> str:
    """操作记录, newest first; with ``check`` the whole chain is walked."""
    page = find_audit.entries(request.args.get("page", 1, type=int))
    broken = audit.first_break() if "check" in request.args else None
    names = find_audit.names_for(page.entries)
    return render_template(
        "console/audit.html",
        page=page,
        rows=[_row(entry, names) for entry in page.entries],
        checked="check" in request.args,
        broken=broken,
    )


def _row(entry: AuditEntry, names: find_audit.Names) -> dict[str, str | int]:
    """One entry in words."""
    return {
        "number": entry.id,
        "at": _with_seconds(entry.at),
        "actor": names.persons.get(entry.actor_id, f"已删除的账号 {entry.actor_id}") if entry.actor_id else "命令行",
        "act": ACTS.get(entry.act, entry.act),
        "subject": _subject(entry, names),
        "details": "；".join(_details(entry, names)),
    }


def _with_seconds(moment: datetime) -> str:
    return f"{full_moment(moment)}:{moment.second:02d}"


def _subject(entry: AuditEntry, names: find_audit.Names) -> str:
    """The thing it was done to; participants by number only, for the record outlives their names."""
    kind, _, number = entry.subject.partition(":")
    known: dict[str, dict[int, str]] = {"contest": names.contests, "unit": names.units, "person": names.persons}
    name = known.get(kind, {}).get(int(number)) if number.isdecimal() else None
    return f"{SUBJECTS.get(kind, kind)} {name or number}".strip()


def _details(entry: AuditEntry, names: find_audit.Names) -> list[str]:
    """What the record holds of the act, in words; digests and the like stay in the record."""
    said = [
        f"{DETAILS[key]}：{_value(key, value, names)}"
        for key, value in entry.details.items()
        if key in DETAILS and value not in (None, "", [], {})
    ]
    before, after = entry.details.get("before"), entry.details.get("after")
    return [*said, f"{before} → {after}"] if isinstance(before, int) and isinstance(after, int) else said


def _value(key: str, value: Any, names: find_audit.Names) -> str:
    if key == "role" and value in list(Role):
        return Role(value).label
    if isinstance(value, int) and DETAILS[key] in ("街道", "单位"):
        known = names.streets if DETAILS[key] == "街道" else names.units
        return known.get(value, str(value))
    if isinstance(value, dict):
        return "，".join(
            f"{name} {' / '.join(map(str, part))}" for name, part in value.items() if isinstance(part, list)
        )
    return str(value)
