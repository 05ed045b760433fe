"""A role for a member of staff, and where it holds."""

from typing import ClassVar

from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from quiz.queries.people import Place
from quiz.services.staff import FOUR_DOMAINS, STAFF_ROLES
from quiz.web.forms.fields import Found, PageForm, found_place

ROLES = [SelectChoice(role.value, role.label) for role in STAFF_ROLES]
DOMAINS = [SelectChoice("", "不限领域"), *(SelectChoice(name, name) for name in FOUR_DOMAINS)]


class StaffForm(PageForm):
    SHOWN_AT: ClassVar = {"street": "street_text", "unit": "unit_text"}

    role = RadioField("角色", choices=ROLES, validate_choice=False)
    account = StringField("账号名", render_kw={"maxlength": 40, "autocomplete": "off"})
    street_text = StringField("街道")
    street = HiddenField()
    unit_text = StringField("单位")
    unit = HiddenField()
    domain = SelectField("领域", choices=DOMAINS, validate_choice=False)

    streets_offered: tuple[Place, ...] = ()
    units_offered: tuple[Place, ...] = ()

    def granted(self) -> dict[str, str]:
        """What is asked for, with codes for the names that were typed; what was not found is said beside its field."""
        street, unit = self._found("street"), self._found("unit")
        self.streets_offered, self.units_offered = street.offered, unit.offered
        self.street.data, self.unit.data = street.chosen, unit.chosen
        self.show({name: f.complaint for name, f in (("street", street), ("unit", unit)) if f.complaint})
        return {
            "role": self.role.data or "",
            "account": self.account.data or "",
            "street": street.code,
            "unit": unit.code,
            "domain": self.domain.data or "",
        }

    def _found(self, name: str) -> Found:
        return found_place(name, self[name].data or "", self[f"{name}_text"].data or "", [name])
