"""A bundle as text: read line by line, so that a million entries never stand in memory at once."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from quiz.rules.bundle import Digest, Record, line_of
from quiz.rules.bundle_check import Check, Misfit

OPENING = re.compile(r'\{"digest":"([0-9a-f]{64})","format":"quality-contest-result","records":\[')
HEX = re.compile(r"[0-9a-f]{64}")


class Unreadable(Exception):
    """No bundle at all, or one that was cut off. ``args``: why, in Chinese."""


@dataclass(frozen=True)
class Verified:
    """What was recomputed and found right."""

    head: Record
    digest: str
    is_the_published: bool

    @property
    def counts(self) -> dict[str, int]:
        return dict(self.head["counts"])


class Verifying:
    """Takes a bundle's lines, and at the end the digest that they should have. Raises Misfit, Unreadable."""

    def __init__(self) -> None:
        self.check = Check()
        self._digest, self._lines = Digest(), 0

    def take(self, line: str) -> Record:
        """The next record's line; the record. A misfit is named by the line it stands on."""
        self._lines += 1
        record = _json(line, f"第 {self._lines} 条记录")
        try:
            self.check.take(record)
            if line_of(record) != line:
                raise Misfit("记录", "不是规定的写法（键的先后、空格或数字的写法不同）")
        except Misfit as misfit:
            raise Misfit(f"第 {self._lines} 条（{misfit.where}）", misfit.why) from None
        self._digest.add(line)
        return record  # type: ignore[no-any-return]  # the check took it for a record

    def end(self, stated: str, published: str | None) -> Verified:
        """``stated``: the digest that the file itself gives; ``published``: the one from elsewhere, if there is any."""
        self.check.end()
        assert self.check.head
        digest = self._digest.hex
        if digest != stated:
            raise Misfit("校验码", f"文件里写着 {stated}，按内容算出来是 {digest}")
        if published is not None and digest != published.lower():
            raise Misfit("校验码", f"公布的是 {published}，按内容算出来是 {digest}：这不是公布的那一份")
        return Verified(self.check.head, digest, published is not None)


def verify_text(lines: Iterable[str], published: str | None = None) -> Verified:
    """Verify result.json, line by line as it was published, or written anew by some other program."""
    rest = iter(lines)
    verifying = Verifying()
    first = next(rest, "").strip("\r\n\ufeff")
    opened = OPENING.fullmatch(first)
    if not opened:
        stated, records = _whole(first, rest)
        for record in records:
            verifying.take(line_of(record))
        return verifying.end(stated, published)
    for line in _record_lines(rest):
        verifying.take(line)
    return verifying.end(opened[1], published)


def _record_lines(rest: Iterator[str]) -> Iterator[str]:
    """Each record's line, up to the end of the file. Raises Unreadable where it was cut off."""
    has_more = True
    for number, line in enumerate(rest, 2):
        text = line.rstrip("\r\n")
        if text == "]}":
            if has_more or any(more.strip() for more in rest):
                raise Unreadable(f"第 {number} 行之后的内容不对。")
            return
        if not has_more:
            raise Unreadable(f"第 {number} 行前面少了逗号。")
        has_more = text.endswith(",")
        yield text.removesuffix(",")
    raise Unreadable("文件不完整，后面的内容没有了。请重新下载。")


def _whole(first: str, rest: Iterator[str]) -> tuple[str, list[Any]]:
    """The digest and the records of a file in which some other program has set the lines otherwise."""
    value = _json("\n".join((first, *rest)), "文件")
    if not isinstance(value, dict) or value.get("format") != "quality-contest-result":
        raise Unreadable("这不是竞赛成绩的数据包。")
    stated, records = value.get("digest"), value.get("records")
    if not isinstance(stated, str) or not HEX.fullmatch(stated) or not isinstance(records, list):
        raise Unreadable("这份数据包缺少校验码或记录。")
    return stated, records


def _json(text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable(f"{what}不是 JSON，读不了。") from None
