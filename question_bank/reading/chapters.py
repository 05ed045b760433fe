"""Chapters of a text: below a new one numbers begin anew, and keys at the end are given chapter by chapter."""

import re

from question_bank.reading.lines import Line

_CHAPTER = re.compile(
    r"^[\s#*【]*(?P<title>第\s*[一二三四五六七八九十百\d]{1,4}\s*(?:章|节|部分|篇|单元|编|讲|模块|套|卷|项目|专题)[^。？?；;（(]{0,40}|"
    r"(?:模拟|练习|测试|试)[题卷]\s*[（(]?[一二三四五六七八九十\d]{1,3}[)）]?)[\s*】]*$"
)
_KEYS = re.compile(r"\s*(?:参考|标准|正确)?答案(?:[与及和]?解析)?\s*[:：]?\s*$")


def chapter_of(text: str) -> str:
    """The title of a chapter, the same over its questions and over its keys; "" for any other line."""
    found = _CHAPTER.match(text) if len(text) < 60 and re.search("[第题卷]", text) else None
    return re.sub(r"\s+", "", _KEYS.sub("", found["title"])) if found else ""


def sections_without_numbers(lines: list[Line]) -> set[int]:
    """Which headings (the first is 1) have no numbered line below them."""
    number, numbered = 0, set()
    for line in lines:
        if line.section is not None:
            number += 1
        elif line.start is not None:
            numbered.add(number)
    return set(range(1, number + 1)) - numbered
