"""Signals in words and figures that accuse nobody."""

from collections.abc import Callable, Mapping
from typing import Any

from quiz.models import Signal
from quiz.rules.signals import SignalKind, Strength
from quiz.web.filters import elapsed_in_words, plain_number


def in_words(signal: Signal) -> dict[str, Any]:
    title, sentence, innocent = WORDS[SignalKind(signal.kind)]
    return {
        "title": title,
        "is_weak": signal.strength == Strength.WEAK,
        "sentence": sentence(signal.evidence),
        "innocent": innocent,
        "others": signal.evidence.get("others", []),
    }


def _fast(seen: Mapping[str, Any]) -> str:
    return (
        f"答了 {seen['answers']} 题，对 {seen['right']} 题，平均每题 {plain_number(seen['seconds_each'])} 秒，"
        f"是大家答同样的题平常用时的 {seen['percent_of_usual']} %（和 {seen['compared_with']} 份答卷比）。"
    )


def _burst(seen: Mapping[str, Any]) -> str:
    return (
        f"{elapsed_in_words(seen['silence_s'] * 1000)}没有存过答案，接着 {plain_number(seen['seconds'])} 秒里"
        f"连存 {seen['answers']} 题，其中对 {seen['right']} 题。"
    )


def _away(seen: Mapping[str, Any]) -> str:
    return (
        f"答过的 {seen['of']} 题里，有 {seen['answers']} 题在作答前离开过页面，"
        f"一共 {elapsed_in_words(seen['seconds'] * 1000)}；"
        f"这些题对了 {seen['right']} 题，按大家的正确率估计是 {plain_number(seen['expected_right'])} 题。"
    )


def _phones(seen: Mapping[str, Any]) -> str:
    unit = "，都在同一个单位" if seen["one_unit"] else ""
    addresses = f"，来自 {seen['addresses']} 个网络地址" if seen["addresses"] else ""
    return f"{seen['numbers']} 个账号的手机号前后相连，在 {seen['minutes']} 分钟里一个接一个注册{unit}{addresses}。"


def _device(seen: Mapping[str, Any]) -> str:
    return f"有 {seen['accounts']} 个账号在同一台设备上开始答题。"


WORDS: dict[SignalKind, tuple[str, Callable[[Mapping[str, Any]], str], str]] = {
    SignalKind.FAST: ("答得很快又很对", _fast, "本来就熟悉这些题的人也会这样。"),
    SignalKind.BURST: ("一下子存了很多题", _burst, "手机断网后重新连上，就是这样。"),
    SignalKind.AWAY: ("离开页面后答对", _away, "来电话、看消息，或者电脑上开着几个窗口，也会这样。"),
    SignalKind.PHONES: ("手机号前后相连", _phones, "单位统一办的号码也会这样。"),
    SignalKind.DEVICE: ("一台设备，很多账号", _device, "社区或单位把一台设备借给大家用，也会这样。"),
}
