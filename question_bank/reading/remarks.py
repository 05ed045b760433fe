"""What stands behind the verdict of a judgement: why it is so, or where it is written; no part of what is asked."""

import re

_REASON = re.compile(
    r"^[（(【\[]?\s*(?:理由|原因|错因|错误原因|解析|分析|说明|改正|更正|纠正|正解|正确的?(?:答案|说法|表述|做法)?(?:应?[是为])?)\s*"
    r"[】\]]?\s*[:：]\s*(?P<said>.+)$|^[（(【\[]?\s*(?P<ought>应(?:该|当|改)?[为是].+)$",
    re.DOTALL,
)
_SOURCE = re.compile(
    r"^[（(【\[]?\s*(?:依据|出处|来源|参见|详?见|根据)\s*[】\]]?\s*[:：]?\s*(?P<named>《.+|第.+条.*)$|"
    r"^[（(【\[]\s*(?P<bare>《[^》]+》[^。；]{0,60})[）)】\]]\s*[。.]?$",
    re.DOTALL,
)
_IN_BRACKETS = re.compile(r"^[（(【\[]\s*(?P<said>[^（()）【】\[\]]{2,200})\s*[）)】\]]\s*[。.]?$")
_ENDS = ("。", "！", "!", "？", "?", "”")
_SHORTEST = 4
_CLOSING = {"）": "（", ")": "(", "】": "【", "]": "["}


def remark_behind(before: str, after: str) -> tuple[str, str] | None:
    """(explanation, source) of the words behind a verdict; None where the sentence goes on behind it."""
    before, after = before.strip(), after.strip()
    if not before:
        return None  # the verdict stands before what is asked
    if found := _SOURCE.match(after):
        return "", _closed(found["named"] or found["bare"])
    if found := _REASON.match(after):
        return _closed(found["said"] or found["ought"]), ""
    if not before.endswith(_ENDS) or len(after) < _SHORTEST:
        return None
    inside = _IN_BRACKETS.match(after)
    return inside["said"] if inside else after, ""


def _closed(text: str) -> str:
    """Without the closing bracket whose opening one stood before the name: "应为12315）"."""
    text = text.strip()
    bare = text.rstrip("。.")
    opening = _CLOSING.get(bare[-1:])
    return bare[:-1].strip() if opening and bare.count(bare[-1]) > bare.count(opening) else text
