"""组卷方案 as a form, line by line."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Self

from werkzeug.datastructures import MultiDict
from wtforms import FieldList, Form, FormField

from question_bank.kinds import QuestionKind
from quiz.rules.contest import ContestTerms, PaperPlanLine
from quiz.rules.wording import points_in_words
from quiz.web.forms.contests import PartForm
from quiz.web.forms.typed import SelectField, offered, points, whole

MOST_LINES = 40

KINDS = {kind: kind.label for kind in QuestionKind if kind.is_marked_by_machine}


class LineForm(Form):  # type: ignore[misc]  # WTForms has no types
    kind = SelectField("题型", choices=offered(KINDS))
    domain = SelectField("领域")
    difficulty = SelectField("难度")
    count = whole("道数", least=1)
    points = points("每道分值")


class PlanForm(PartForm):
    """组卷方案 line by line. ``do`` says which button was pressed: save, add, look, remove-2, up-2."""

    title_of_part = "组卷方案"
    lines = FieldList(FormField(LineForm), max_entries=MOST_LINES)

    @classmethod
    def data_of(cls, terms: ContestTerms) -> dict[str, Any]:
        return {"lines": [line_as_data(line) for line in terms.plan]}

    def offer(self, domains: Iterable[str], difficulties: Iterable[str]) -> None:
        """The domains and difficulties to choose from."""
        paths = {"": "不限领域", **{domain: domain for domain in domains}}
        levels = {"": "不限难度", **{difficulty: difficulty for difficulty in difficulties}}
        for row in self.lines:
            row.domain.choices, row.difficulty.choices = offered(paths), offered(levels)

    def plan(self) -> tuple[PaperPlanLine, ...]:
        """The lines as they stand, once they are valid."""
        return tuple(
            PaperPlanLine(
                kind=QuestionKind(row.kind.data),
                count=int(row.count.data),
                points=int(Decimal(row.points.data) * 100),
                domain=row.domain.data or None,
                difficulty=row.difficulty.data or None,
            )
            for row in self.lines
        )

    def changes(self) -> dict[str, Any]:
        return {
            "plan": [
                {
                    "kind": row.kind.data,
                    "domain": row.domain.data or None,
                    "difficulty": row.difficulty.data or None,
                    "count": int(row.count.data),
                    "points": Decimal(row.points.data),
                }
                for row in self.lines
            ]
        }

    @classmethod
    def rearranged(cls, sent: MultiDict[str, str], do: str) -> Self:
        """The form as it was sent, with one line more, one less, or one moved up."""
        rows = [[row[name].data or "" for name in _LINE] for row in cls(formdata=sent).lines]
        act, _, place = do.partition("-")
        number = int(place) if place.isdecimal() and int(place) < len(rows) else None
        if act == "add" and len(rows) < MOST_LINES:
            rows.append([*rows[-1][:1], "", "", "1", rows[-1][-1]] if rows else ["single_choice", "", "", "1", "5"])
        elif act == "remove" and number is not None:
            del rows[number]
        elif act == "up" and number:
            rows[number - 1], rows[number] = rows[number], rows[number - 1]
        kept = MultiDict((key, value) for key, value in sent.items() if not key.startswith("lines-"))
        for position, row in enumerate(rows):
            kept.update({f"lines-{position}-{name}": value for name, value in zip(_LINE, row, strict=True)})
        return cls(formdata=kept)


_LINE = ("kind", "domain", "difficulty", "count", "points")


def line_as_data(line: PaperPlanLine) -> dict[str, str]:
    """A line as the fields of the form hold it."""
    return {
        "kind": line.kind.value,
        "domain": line.domain or "",
        "difficulty": line.difficulty or "",
        "count": str(line.count),
        "points": points_in_words(line.points),
    }
