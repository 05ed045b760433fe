"""Where a person belongs: a resident to a street, an employee to a unit and through it to the unit's street."""

from dataclasses import dataclass

from quiz.models import AreaKind, Person, PersonKind
from quiz.queries import people as find
from quiz.rules import accounts as rules

Complaints = dict[str, str | None]


@dataclass(frozen=True)
class Belonging:
    kind: str
    street_id: int | None = None
    community_id: int | None = None
    unit_id: int | None = None
    unit_name: str | None = None

    def put_on(self, person: Person) -> None:
        """Make the person belong there."""
        person.kind = self.kind
        person.street_id, person.community_id = self.street_id, self.community_id
        person.unit_id, person.unit_name = self.unit_id, self.unit_name


def belonging_of(
    kind: str, street: str, community: str, unit: str, unit_name: str
) -> tuple[Belonging | None, Complaints]:
    """Codes, or the typed name of a unit that is not in the list, to a place; or what is wrong, by field."""
    if kind == PersonKind.RESIDENT.value:
        return _resident(rules.tidy_code(street), rules.tidy_code(community))
    if kind == PersonKind.EMPLOYEE.value:
        return _employee(rules.tidy_code(street), rules.tidy_code(unit), rules.tidy_typed(unit_name))
    return None, {"kind": "请选择您是居民还是职工。"}


def _resident(street: str, community: str) -> tuple[Belonging | None, Complaints]:
    in_street = find.area_by_code(street, AreaKind.STREET) if street else None
    if street and in_street is None and not community:
        community, street = street, ""  # somebody who looked for a street found the community in it
    in_community = find.area_by_code(community, AreaKind.COMMUNITY) if community else None
    if community and in_community is None:
        return None, {"street": "名单里没有这个街道或社区，请重新选择。"}
    in_street = in_street or (in_community and in_community.parent)
    if in_street is None:
        return None, {"street": "名单里没有这个街道，请重新选择。" if street else "请选择您住的街道。"}
    if in_community and in_community.parent_id != in_street.id:
        return None, {"street": f"{in_community.name}不在{in_street.name}，请重新选择。"}
    community_id = in_community.id if in_community else None
    return Belonging(PersonKind.RESIDENT.value, in_street.id, community_id), {}


def _employee(street: str, unit: str, unit_name: str) -> tuple[Belonging | None, Complaints]:
    employee = PersonKind.EMPLOYEE.value
    if unit:
        found = find.unit_by_code(unit)
        if found is None:
            return None, {"unit": "名单里没有这个单位。请重新选择，或者选“我的单位不在名单里”。"}
        return Belonging(employee, found.street_id, unit_id=found.id), {}
    if not unit_name:
        return None, {"unit": "请选择您的单位；不在名单里的，请选“我的单位不在名单里”并填写名称。"}
    if complaint := rules.unit_name_complaint(unit_name):
        return None, {"unit_name": complaint}
    in_street = find.area_by_code(street, AreaKind.STREET) if street else None
    if street and in_street is None:
        return None, {"street": "名单里没有这个街道，请重新选择。"}
    return Belonging(employee, in_street.id if in_street else None, unit_name=unit_name), {}
