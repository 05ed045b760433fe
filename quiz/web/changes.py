"""What changed from one version of a question to the next, in words and with the differing pieces marked."""

from dataclasses import dataclass
from itertools import zip_longest

from question_bank.content import QuestionContent, letter
from question_bank.differences import Parts, marked
from question_bank.writing import key_as_text


@dataclass(frozen=True)
class Change:
    """One field that changed; both texts in pieces, each with whether it differs."""

    field: str
    before: Parts
    after: Parts


def changes(before: QuestionContent, after: QuestionContent) -> list[Change]:
    """Field by field, in the order in which a question is read."""
    fields = zip(_fields(before, after), _pairs(before, after), strict=True)
    found = [Change(field, *marked(old, new)) for field, (old, new) in fields if old != new]
    if before.pictures != after.pictures:
        counts = (f"{len(before.pictures)} 张", f"{len(after.pictures)} 张")
        found.append(Change("图", [(counts[0], True)], [(counts[1], True)]))
    return found


def _fields(before: QuestionContent, after: QuestionContent) -> list[str]:
    options = [f"选项{letter(n)}" for n in range(1, max(len(before.options), len(after.options)) + 1)]
    return ["题干", *options, "答案", "解析", "出处", "领域", "难度", "核对日期", "有效期至"]


def _pairs(before: QuestionContent, after: QuestionContent) -> list[tuple[str, str]]:
    options = list(zip_longest(before.options, after.options, fillvalue=""))
    return [(before.stem, after.stem), *options, *zip(_rest(before), _rest(after), strict=True)]


def _rest(content: QuestionContent) -> list[str]:
    dates = [str(each or "") for each in (content.checked_on, content.valid_until)]
    return [
        key_as_text(content), content.explanation, content.source, content.domain, content.difficulty, *dates,
    ]  # fmt: skip
