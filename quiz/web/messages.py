"""The Chinese sentence, and the HTTP status, for each refusal the services can raise."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from quiz import errors
from quiz.web.filters import moment_in_words

Sentence = str | Callable[[dict[str, Any]], str]


def _opens(facts: dict[str, Any]) -> str:
    opens_at: datetime = facts["opens_at"]
    return f"{moment_in_words(opens_at)} 开始，到时再来。"


def _closed(facts: dict[str, Any]) -> str:
    closes_at: datetime = facts["closes_at"]
    return f"竞赛已于 {moment_in_words(closes_at)} 结束，可以去看排行榜。"


_USED = {"day": "今天的 {allowed} 次机会都用过了，明天再来。", "round": "本轮的 {allowed} 次机会都用过了。"}


def _attempts_used(facts: dict[str, Any]) -> str:
    return _USED.get(facts.get("per", ""), "{allowed} 次机会都用过了。可以在“我的”里看每次的成绩。").format(**facts)


def _question_closed(facts: dict[str, Any]) -> str:
    """Said of the answer that came too late, and of what counts in its place."""
    if facts.get("revision"):
        return "第 {position} 题的时间已过，这次的改动没有计入；之前保存的算数。".format(**facts)
    return "第 {position} 题的时间已过，这次的选择没有赶上，没有计入。".format(**facts)


def _wrong_state(facts: dict[str, Any]) -> str:
    if "state" not in facts:
        return "竞赛现在的状态不能这样做，请刷新页面看看。"
    return "竞赛现在是“{state}”，只有“{wanted}”的竞赛能这样做。请刷新页面看看。".format(**facts)


def _wrong_password(facts: dict[str, Any]) -> str:
    left = facts.get("left")
    if left == 0:
        return "手机号或口令不对，试得太多了。请过 15 分钟再试；忘了口令请找组织者重设。"
    tries = "" if left is None else f"还可以试 {left} 次；"
    return f"手机号或口令不对。{tries}忘了口令请找组织者重设。"


def _too_early(facts: dict[str, Any]) -> str:
    public_at: datetime = facts["public_at"]
    return f"号码要到 {moment_in_words(public_at)} 才公布，到时再来录入。"


def _unknown_code(facts: dict[str, Any]) -> str:
    left = f"还可以试 {facts['left']} 次。" if facts.get("left") is not None else ""
    return f"没有这个核销码，或者对方已不是中奖者。请对照中奖者手机上的 8 位核销码再输一遍。{left}"


SENTENCES: dict[type[errors.Refusal], tuple[int, Sentence]] = {
    errors.SignedOut: (401, "请重新登录后继续；已保存的答案都在。"),
    errors.Forbidden: (403, "您的账号不能打开这一页。需要的话，请找组织者或管理员开通。"),
    errors.NotFound: (404, "这里没有您要找的内容。请从首页重新进入。"),
    errors.NotOpen: (409, _opens),
    errors.Closed: (409, _closed),
    errors.Paused: (409, "竞赛暂停中，请稍后再来。已经开始的答卷不受影响。"),
    errors.AttemptsUsed: (409, _attempts_used),
    errors.Ended: (409, "这份答卷已经交卷，不能再改。"),
    errors.StallClosed: (409, "这个摊位已经关闭，不能再在这台设备上开始答题。请找摊位的工作人员。"),
    errors.AtStall: (403, "{message}"),
    errors.NoCertificate: (409, "还没有达到领证书的分数。竞赛页面上写着要达到几分。"),
    errors.NotEnded: (409, "交卷后才能看成绩。"),
    errors.QuestionClosed: (409, _question_closed),
    errors.QuestionNotOpen: (409, "第 {position} 题还没有打开。题目一道一道按顺序出，请先答现在这一题。"),
    errors.Superseded: (409, "这道题刚在另一台设备上改过，请看一下用哪个答案。"),
    errors.BadAnswer: (422, "这个答案不在选项里，请重新选择。"),
    errors.TooOften: (429, "试得太多了，请过 {minutes} 分钟再试；忘了口令请找组织者重设。"),
    errors.TooManyReports: (429, "您提的意见很多了，谢谢。请过 {minutes} 分钟再提。"),
    errors.TooFast: (429, "点得太快了，请等一秒再试；已保存的答案都在。"),
    errors.PhoneTaken: (409, "这个手机号已注册。请直接登录；不是您本人注册的，请联系组织者。"),
    errors.WrongPassword: (422, _wrong_password),
    errors.LinkUsed: (410, "这个链接已经用过或已过期。请找管理员重新发一个。"),
    errors.Mistakes: (422, lambda facts: "；".join(map(str, facts["problems"]))),
    errors.WrongState: (409, _wrong_state),
    errors.TermsFixed: (409, "已经有人开始答题，规则不能再改；还可以推迟结束时间、修改文字说明和应参加人数。"),
    errors.PlanNotFilled: (422, lambda facts: " ".join(map(str, facts["lines"]))),
    errors.ChangedMeanwhile: (409, "您看过之后内容又有变化。请再看一遍，然后确认。"),
    errors.StandingsDiffer: (
        409,
        "{what}，先不能封存。请管理员运行 flask standings rebuild，再封存。",
    ),
    errors.InUse: (409, "{what}已经在用，不能这样改。"),
    errors.NotReadable: (422, "{message}"),
    errors.StillAnswering: (409, "还有人在答题（宽限或补时还没有到），成绩还没有齐。请过几分钟再试。"),
    errors.WrongStep: (409, "{message}"),
    errors.ListFixed: (
        409,
        "抽奖名单已经按现在的结束时间固定，再改结束时间会让名单和成绩对不上。请先放弃那次抽奖，改好以后再抽。",
    ),
    errors.BoardFrozen: (409, "榜单还在封榜，现在做会提前透露名次。请先在竞赛的管理页上揭榜，再来做这一步。"),
    errors.TooEarly: (409, _too_early),
    errors.DrawnAlready: (409, "开奖号码已经录入：{number}。录入以后不能再改，请刷新页面看结果。"),
    errors.UnknownCode: (422, _unknown_code),
    errors.TooManyCodes: (429, "输错的核销码太多了，请过 {minutes} 分钟再试，并请对方当面打开自己的成绩页。"),
    errors.NotAdmitted: (409, "这一场只有入围的人可以参加，您不在名单里。有疑问请联系组织者。"),
}


def sentence_of(refusal: errors.Refusal) -> str:
    _status, sentence = SENTENCES.get(type(refusal), (409, "这一步现在不能做。"))
    return sentence(refusal.facts) if callable(sentence) else sentence.format(**refusal.facts)


def status_of(refusal: errors.Refusal) -> int:
    return SENTENCES.get(type(refusal), (409, ""))[0]
