"""A bank as Moodle GIFT: one text that Moodle imports and that reads back as it was."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import product

from question_bank.content import TRUE, QuestionContent
from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import notes
from question_bank.reading.gift import OWN_FIRST_LINE
from question_bank.reading.stems import blanks_in

MOST_COMBINATIONS = 200
"""Several blanks become one answer that names them all: each combination of accepted texts stands there."""

_NAME_LENGTH = 30


def gift_text(contents: Iterable[QuestionContent]) -> bytes:
    """The questions in their order, UTF-8. What GIFT has no words for stands in tags, which Moodle keeps."""
    lines, domain = [OWN_FIRST_LINE, ""], ""
    for number, content in enumerate(contents, 1):
        if content.domain != domain:
            domain = content.domain
            lines += [f"$CATEGORY: $course$/top/{_path(domain)}".rstrip("/"), ""]
        tags = tags_of(content)
        if notes.domain_of_category(_path(domain)) != domain:
            tags.append(notes.DOMAIN + domain)
        if tags:
            lines.append("// " + " ".join(f"[tag:{_escaped_tag(tag)}]" for tag in tags))
        lines += [_question(number, content), ""]
    return "\n".join(lines).encode()


def tags_of(content: QuestionContent) -> list[str]:
    """What has no place of its own in interchange formats."""
    days: list[tuple[str, date | None]] = [
        (notes.CHECKED_ON, content.checked_on),
        (notes.VALID_UNTIL, content.valid_until),
    ]
    tags = [notes.DIFFICULTY + content.difficulty] if content.difficulty else []
    tags += [label + day.isoformat() for label, day in days if day]
    if content.kind.has_options and (content.kind is Kind.MULTIPLE_CHOICE) != (len(content.choices) > 1):
        tags.append(notes.KIND + content.kind.label)
    if content.kind is Kind.FILL_BLANK and len(content.blanks) != max(1, blanks_in(content.stem)):
        tags.append(f"{notes.BLANKS}{len(content.blanks)}")
    return tags


def note_of(content: QuestionContent) -> str:
    """What is said after the answer: model answer, explanation, source."""
    return str(notes.Note(content.explanation, content.source, content.model_answer))


def _question(number: int, content: QuestionContent) -> str:
    title = re.sub(r"\s+", " ", content.stem)[:_NAME_LENGTH]
    note = note_of(content)
    feedback = f"####{_text(note)}" if note else ""
    parts = "".join(f"\n\t{part}" for part in _answers(content))
    closing = "\n" if parts else ""
    answer = f"{{{_verdict(content)}{parts}{closing}{feedback}}}"
    return f"::{number:04d} {_escaped(title)}::[plain]{_escaped(content.stem)} {answer}"


def _verdict(content: QuestionContent) -> str:
    if content.kind is not Kind.TRUE_FALSE:
        return ""
    return "TRUE" if TRUE in content.choices else "FALSE"


def _answers(content: QuestionContent) -> Iterator[str]:
    if content.kind is Kind.FILL_BLANK:
        yield from (f"={_text(answer)}" for answer in _accepted(content.blanks))
    elif content.kind.has_options:
        right = f"~%{_share(len(content.choices))}%" if content.kind is Kind.MULTIPLE_CHOICE else "="
        wrong = "~%-100%" if content.kind is Kind.MULTIPLE_CHOICE else "~"
        for number, option in enumerate(content.options, 1):
            yield (right if number in content.choices else wrong) + _text(option)


def _share(count: int) -> str:
    """100 for one, 50 for each of two, 33.33333 for each of three: the fractions that Moodle knows."""
    return f"{100 / count:.5f}".rstrip("0").rstrip(".")


def _accepted(blanks: tuple[tuple[str, ...], ...]) -> list[str]:
    if len(blanks) == 1:
        return list(blanks[0])
    combinations = ("；".join(texts) for texts in product(*blanks))
    return [text for _, text in zip(range(MOST_COMBINATIONS), combinations, strict=False)]


def _text(text: str) -> str:
    """An answer or a feedback; one that begins like a format or a weight is said to be plain."""
    return ("[plain]" if text.startswith(("[", "%")) else "") + _escaped(text)


def _escaped(text: str) -> str:
    return re.sub(r"([\\~=#{}:])", r"\\\1", text).replace("\n", "\\n")


def _escaped_tag(tag: str) -> str:
    return tag.replace("\\", "\\\\").replace("]", "\\]").replace("\n", "\\n")


def _path(domain: str) -> str:
    return domain.replace("\\", "\\\\").replace("\n", " ")
