"""What several forms share: a street and a unit found by part of their names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice

from quiz.models import PersonKind
from quiz.queries import people as find
from quiz.queries.people import Place
from quiz.rules.accounts import tidy_code, tidy_typed
from quiz.web.forms.base import ChineseForm

MOST_OFFERED = 20

KINDS = [SelectChoice(PersonKind.RESIDENT.value, "居民"), SelectChoice(PersonKind.EMPLOYEE.value, "职工")]


def tick_box(label: str) -> BooleanField:
    """A tick box; what programs send for "no" is not ticked."""
    return BooleanField(label, false_values=(False, "", "0", "false", "off", "no"))


class PageForm(ChineseForm):
    """A form whose token was already checked before the request came here."""

    class Meta:
        csrf = False

    SHOWN_AT: ClassVar[Mapping[str, str]] = {}
    """Where a complaint about a field of the contract is shown, if elsewhere."""

    def show(self, complaints: Mapping[str, str]) -> None:
        """Put each complaint beside its field."""
        for name, complaint in complaints.items():
            field = self[self.SHOWN_AT.get(name, name)]
            field.errors = [*field.errors, complaint]


@dataclass(frozen=True)
class Found:
    """What became of a typed name: a code, or a complaint, and what may be meant.

    With a complaint the code is what was typed: services know no such place, and refuse it too.
    """

    code: str = ""
    complaint: str = ""
    offered: tuple[Place, ...] = ()

    @property
    def chosen(self) -> str:
        """The code to show as chosen when the page comes back."""
        return "" if self.complaint else self.code


_NONE = {
    "street": "没有找到名称里有“{typed}”的街道或社区。请换几个字再试。",
    "unit": "没有找到名称里有“{typed}”的单位。请换几个字再试；不在名单里的，请勾选“我的单位不在名单里”。",
}


def found_place(name: str, code: str, typed: str, kinds: list[str]) -> Found:
    """The place that was chosen by code, or the only one that the typed name can mean."""
    code, typed = tidy_code(code), tidy_typed(tidy_code(typed))
    chosen = find.place_by_code(code, kinds) if code else None
    # A name that was typed anew after a choice counts, not the choice before it.
    if not typed or (code and (chosen is None or typed.casefold() in chosen.name.casefold())):
        return Found(code, offered=(chosen,) if chosen and typed not in ("", chosen.name) else ())
    places = find.search_places(typed, kinds, MOST_OFFERED + 1)
    same = [place for place in places if place.name == typed]
    if len(same) == 1 or len(places) == 1:
        place = same[0] if same else places[0]
        return Found(place.code, offered=() if same else (place,))
    if not places:
        return Found(typed, _NONE[name].format(typed=typed))
    if len(places) > MOST_OFFERED:
        return Found(typed, f"名称里有“{typed}”的太多了，请多输入几个字。")
    return Found(typed, f"名称里有“{typed}”的有 {len(places)} 个，请选一个。", tuple(places))


class BelongingForm(PageForm):
    """居民 or 职工, and where. Codes count (CONTRACT §4); typed names are looked up, for pages without JavaScript."""

    SHOWN_AT: ClassVar = {
        "street": "street_text",
        "community": "street_text",
        "unit": "unit_text",
        "unit_name": "unit_text",
    }

    kind = RadioField("您是", choices=KINDS, validate_choice=False)
    street_text = StringField("街道或社区")
    street = HiddenField()
    community = HiddenField()
    unit_text = StringField("单位")
    unit = HiddenField()
    unit_not_listed = tick_box("我的单位不在名单里，就用上面填写的名称")
    unit_name = HiddenField()

    streets_offered: tuple[Place, ...] = ()
    units_offered: tuple[Place, ...] = ()

    def belonging(self) -> dict[str, str]:
        """Codes and names as the services take them; what could not be found is said beside its field."""
        is_employee = self.kind.data == PersonKind.EMPLOYEE.value
        unit_name = self._unit_name() if is_employee else ""
        wants_street = not is_employee or unit_name
        street = self._found("street", ["street", "community"]) if wants_street else Found()
        unit = self._found("unit", ["unit"]) if is_employee and not unit_name else Found()
        self.streets_offered, self.units_offered = street.offered, unit.offered
        self.street.data, self.unit.data = street.chosen, unit.chosen
        self.show({name: f.complaint for name, f in (("street", street), ("unit", unit)) if f.complaint})
        return {
            "kind": self.kind.data or "",
            "street": street.code,
            "community": "" if is_employee else self.community.data or "",
            "unit": unit.code,
            "unit_name": unit_name,
        }

    def _unit_name(self) -> str:
        """The unit's name as typed, when it is not in the list."""
        if (self.unit.data or "").strip():
            return ""
        if self.unit_not_listed.data:
            return (self.unit_name.data or self.unit_text.data or "").strip()
        return (self.unit_name.data or "").strip() if not (self.unit_text.data or "").strip() else ""

    def _found(self, name: str, kinds: list[str]) -> Found:
        return found_place(name, self[name].data or "", self[f"{name}_text"].data or "", kinds)
