"""The options of a draft without the letters before them, in the order of those letters, with their pictures."""

from dataclasses import dataclass, field

from question_bank.reading.albums import Album
from question_bank.reading.drafts import Draft, Shown
from question_bank.reading.options import label_of, without_labels


@dataclass
class Options:
    """``texts`` hold the marks of its pictures where an option has no words: it is not empty. ``marks`` are of each."""

    texts: list[str]
    labels: list[str]
    marks: list[str] = field(default_factory=list)

    def pictures(self, draft: Draft, album: Album, *, has_options: bool) -> tuple[tuple[int, str], ...]:
        """The pictures of a question as its content names them; those of a kind without options belong to the stem."""
        if not draft.pictures:
            return ()
        own = "".join(mark for number, mark in draft.pictures if number == 0)
        pairs = [(0, own), *((number if has_options else 0, marks) for number, marks in enumerate(self.marks, 1))]
        return tuple((place, picture.sha256) for place, marks in pairs for picture in album.pictures(marks))

    def are_equal(self) -> bool:
        """Whether two options say and show the same."""
        return len(set(zip(self.texts, self.marks, strict=True))) < len(self.texts)


def settled_options(draft: Draft) -> Options:
    options, labels = list(draft.options), list(draft.labels)
    marks = _stand_in(draft, options)
    if draft.exact:
        return Options(options, labels, marks)
    options = [text.strip() if not isinstance(text, Shown) else text for text in options]
    while options and not options[-1]:
        options.pop()
    labels, marks = labels[: len(options)], marks[: len(options)]
    if not labels:
        options, labels = without_labels(options)
    filled = [text for text in options if text]
    if len(set(filled)) < len(filled):  # 0.1234 and 0.1231, both shown as 0.12
        options = [text.precise if isinstance(text, Shown) else text for text in options]
    if labels and draft.choices is None and sorted(labels) == _letters(len(labels)) != labels:
        triples = sorted(zip(labels, options, marks, strict=True))
        options, labels, marks = ([triple[part] for triple in triples] for part in (1, 0, 2))
    return Options([str(text) for text in options], labels, marks)


def _stand_in(draft: Draft, options: list[str]) -> list[str]:
    """Put marks in the place of words where an option has none; gives the marks of each option."""
    marks: dict[int, str] = {}
    for number, mark in draft.pictures:
        marks[number] = marks.get(number, "") + mark
    options += [""] * (max(marks, default=0) - len(options))
    for number, own in marks.items():
        if number and not label_of(options[number - 1])[1].strip():
            options[number - 1] += own
    return [marks.get(number, "") for number in range(1, len(options) + 1)]


def _letters(count: int) -> list[str]:
    return [chr(ord("A") + place) for place in range(count)]
