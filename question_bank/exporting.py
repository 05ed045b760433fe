"""A bank in one of the formats it can go out in, with a word for whatever the format could not carry."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from types import MappingProxyType

from question_bank.content import QuestionContent
from question_bank.progress import Progress, counted
from question_bank.reading.drafts import Unreadable
from question_bank.reading.files import found_in
from question_bank.rows import judged
from question_bank.tags import kept
from question_bank.writing import bank_workbook
from question_bank.writing_gift import gift_text
from question_bank.writing_pictures import Pictures
from question_bank.writing_qti import qti_package


class Format(StrEnum):
    """What a bank can be written as. The value is the option of the command and the word in the address."""

    WORKBOOK = "xlsx"
    GIFT = "gift"
    QTI = "qti"

    @property
    def ending(self) -> str:
        return "zip" if self is Format.QTI else self.value

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Format.WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.GIFT: "text/plain; charset=utf-8",
    Format.QTI: "application/zip",
}
Tags = Sequence[Sequence[str]]
_WRITERS: dict[Format, Callable[[Sequence[QuestionContent], Pictures, Tags], bytes]] = {
    Format.WORKBOOK: bank_workbook,
    Format.GIFT: lambda contents, _pictures, _tags: gift_text(contents),
    Format.QTI: lambda contents, pictures, _tags: qti_package(contents, pictures),
}
_BY_ENDING = {"xlsx": Format.WORKBOOK, "gift": Format.GIFT, "txt": Format.GIFT, "zip": Format.QTI}
_FIELDS = {
    "kind": "题型", "stem": "题干", "options": "选项", "choices": "答案", "blanks": "答案", "model_answer": "答案",
    "explanation": "解析", "source": "来源", "domain": "领域", "difficulty": "难度", "checked_on": "核对日期",
    "valid_until": "有效期至", "pictures": "图",
}  # fmt: skip
_NAMED_AT_MOST = 10


@dataclass(frozen=True)
class Export:
    """A bank's file. ``lost`` says in sentences what did not come back when it was read again."""

    data: bytes
    lost: tuple[str, ...] = ()


def format_of(filename: str) -> Format | None:
    """The format that a file's ending asks for."""
    return _BY_ENDING.get(filename.rpartition(".")[2].lower())


def exported(
    contents: Iterable[QuestionContent],
    form: Format,
    pictures: Pictures = MappingProxyType({}),
    tags: Tags = (),
    *,
    progress: Progress | None = None,
) -> Export:
    """The questions in a format, with their pictures and, in the same order, the tags of each.

    The file is read again at once, so that nothing is lost without a word; ``progress`` hears how far that has come.
    """
    contents = list(contents)
    data = _WRITERS[form](contents, pictures, tags)
    return Export(data, lost_in(contents, data, form, tags, progress))


def lost_in(
    contents: Sequence[QuestionContent],
    data: bytes,
    form: Format,
    tags: Tags = (),
    progress: Progress | None = None,
) -> tuple[str, ...]:
    """What an exported file does not give back, by field: how many questions, and which."""
    if not contents:
        return ()
    try:
        found = found_in(data, f"bank.{form.ending}")
        back = [judged(draft, found.album).content for draft in counted(found.drafts, progress)]
    except Unreadable as why:
        advice = "" if form is Format.WORKBOOK else "请改用工作簿导出。"
        return (f"写好的文件自己读不回来：{why.message}{advice}",)
    if len(back) != len(contents):
        return (f"{len(contents)} 道题里只有 {len(back)} 道能从这个文件读回来。请改用工作簿导出。",)
    lost: dict[str, list[int]] = {}
    for number, (content, again) in enumerate(zip(contents, back, strict=True), 1):
        for name in _unlike(content, again):
            lost.setdefault(name, []).append(number)
    for number, (own, draft) in enumerate(zip(tags, found.drafts, strict=False), 1):
        if list(own) != kept(draft.tags):
            lost.setdefault("标签", []).append(number)
    return tuple(_sentence(name, numbers) for name, numbers in lost.items())


def _unlike(content: QuestionContent, again: QuestionContent | None) -> list[str]:
    if again is None:
        return ["整道题"]
    content, again = _tidy(content), _tidy(again)
    names = [field.name for field in fields(QuestionContent)]
    unlike = [_FIELDS[name] for name in names if getattr(content, name) != getattr(again, name)]
    return list(dict.fromkeys(unlike))


def _tidy(content: QuestionContent) -> QuestionContent:
    """A text accepted twice in a blank says nothing more."""
    return replace(content, blanks=tuple(tuple(dict.fromkeys(texts)) for texts in content.blanks))


def _sentence(name: str, numbers: list[int]) -> str:
    shown = "、".join(map(str, numbers[:_NAMED_AT_MOST])) + (" 等" if len(numbers) > _NAMED_AT_MOST else "")
    return f"{len(numbers)} 道题的{name}不能原样写进这种格式（第 {shown} 题）。要全部保留，请用工作簿导出。"
