"""What a judge may set up as a draw, and the words for what is wrong with it."""

import re
from collections.abc import Iterator
from datetime import datetime

from quiz.rules.prizes import DrawPlan, Method, Tier

MOST_TIERS = 6
MOST_PRIZES = 10_000
MOST_STEPS = 200
LONGEST_NAME, LONGEST_PRIZE = 20, 60
LONGEST_TITLE, LONGEST_SOURCE, LONGEST_NUMBER, LONGEST_REASON = 60, 120, 80, 200


def complaints(plan: DrawPlan) -> list[str]:
    """What is wrong with a plan, in words."""
    found = []
    if not 1 <= len(plan.tiers) <= MOST_TIERS:
        found.append(f"奖级要有 1 到 {MOST_TIERS} 个。")
    if len({tier.name for tier in plan.tiers}) < len(plan.tiers):
        found.append("两个奖级不能同名。")
    for tier in plan.tiers:
        found += [f"{tier.name or '没有名称的奖级'}：{complaint}" for complaint in _tier_complaints(plan, tier)]
    if plan.step:
        found += _step_complaints(plan)
    return found


def _tier_complaints(plan: DrawPlan, tier: Tier) -> Iterator[str]:
    if not _is_plain(tier.name, LONGEST_NAME) or not tier.name:
        yield f"名称要有 1 到 {LONGEST_NAME} 个字，不能有竖线“|”。"
    if not _is_plain(tier.prize, LONGEST_PRIZE):
        yield f"奖品最多 {LONGEST_PRIZE} 个字，不能有竖线“|”。"
    if not 1 <= tier.prizes <= MOST_PRIZES or not 0 <= tier.substitutes <= MOST_PRIZES:
        yield f"名额要有 1 到 {MOST_PRIZES} 个，候补最多 {MOST_PRIZES} 个。"
    if tier.least < 0 or (tier.below is not None and tier.below <= tier.least):
        yield "分数段的上限要高于下限。"
    if plan.method is Method.RANK and tier.substitutes:
        yield "按名次发奖没有候补，请把候补填 0。"


def _step_complaints(plan: DrawPlan) -> Iterator[str]:
    if plan.method is Method.RANK:
        yield "按名次发奖时分数线不下调，请清空“每次下调”。"
        return
    marks = [tier.least for tier in plan.tiers]
    if plan.step < 0 or plan.floor < 0 or plan.floor > min(marks, default=0):
        yield "“最低下调到”不能高于任何一个奖级的分数线。"
    elif (max(marks, default=0) - plan.floor) > plan.step * MOST_STEPS:
        yield "“每次下调”太小了，请填大一些。"


def _is_plain(text: str, most: int) -> bool:
    return len(text) <= most and "|" not in text and (text.isprintable() or not text)


def title_complaints(title: str) -> list[str]:
    if not 1 <= len(title.strip()) <= LONGEST_TITLE or not title.strip().isprintable():
        return [f"请填名称，最多 {LONGEST_TITLE} 个字。"]
    return []


def announcement_complaints(source: str, public_at: datetime, soonest: datetime) -> list[str]:
    """What is wrong with the name of a public number and the moment it appears."""
    found = []
    if not 1 <= len(source.strip()) <= LONGEST_SOURCE or not source.strip().isprintable():
        found.append(f"请填开奖号码的名称，最多 {LONGEST_SOURCE} 个字，例如：中国福利彩票双色球第 2026123 期开奖号码。")
    if public_at < soonest:
        found.append("号码公布的时间要在以后：号码出来之前，名单和种子的校验码必须已经公布。")
    return found


def number_complaints(public: str) -> list[str]:
    """What is wrong with a public number, tidied."""
    if not public:
        return ["请填开奖号码。"]
    if len(public) > LONGEST_NUMBER or "|" in public or not public.isprintable():
        return [f"开奖号码最多 {LONGEST_NUMBER} 个字，不能有竖线“|”。"]
    return []


def reason_complaints(reason: str) -> list[str]:
    """What is wrong with a reason that everybody will read."""
    found = []
    if not reason.strip():
        found.append("请写明原因，它会公开。")
    if len(reason.strip()) > LONGEST_REASON:
        found.append(f"原因最多 {LONGEST_REASON} 个字。")
    if re.search(r"1[3-9]\d{9}", reason):
        found.append("原因会公开，请不要写手机号。")
    return found
