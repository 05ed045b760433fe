"""Who may do what. Where they may do it, their scope, is settled by the reads."""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    PARTICIPANT = "participant"
    ORGANISER = "organiser"
    JUDGE = "judge"
    STREET_MANAGER = "street_manager"
    UNIT_MANAGER = "unit_manager"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Role.PARTICIPANT: "参赛者",
    Role.ORGANISER: "组织者",
    Role.JUDGE: "评委",
    Role.STREET_MANAGER: "街道管理员",
    Role.UNIT_MANAGER: "单位管理员",
    Role.REVIEWER: "审题员",
    Role.ADMINISTRATOR: "系统管理员",
}


class Permission(StrEnum):
    ATTEMPT_TAKE = "attempt_take"
    CONSOLE = "console"  # the frame that all staff share
    BANK_READ = "bank_read"
    BANK_IMPORT = "bank_import"
    BANK_REVIEW = "bank_review"  # within the domain of the role
    CONTEST_SET_UP = "contest_set_up"
    PEOPLE_MANAGE = "people_manage"  # streets, units, headcounts, typed units, participants' passwords
    STANDINGS_READ = "standings_read"  # whole ladders, within the own scope
    STANDINGS_EXPORT = "standings_export"
    RESULTS_ANNOUNCE = "results_announce"  # sign the result announcement (公示) off, and withdraw it
    REPORTS_ANSWER = "reports_answer"  # what participants say is wrong with a question
    SIGNALS_REVIEW = "signals_review"  # what is out of the ordinary about attempts, within the own scope
    PRIZES_DRAW = "prizes_draw"
    PRIZES_HAND_OVER = "prizes_hand_over"  # against the winner's check code
    STAGES_CUT = "stages_cut"  # who of one contest gets into the next
    RULINGS_MAKE = "rulings_make"  # attempts within the own scope; questions and appeals for the whole district
    STALL_OPEN = "stall_open"  # and close those that colleagues opened within the own scope
    RESULTS_SEAL = "results_seal"  # freeze a result for everybody to verify
    STAFF_MANAGE = "staff_manage"
    AUDIT_READ = "audit_read"


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.PARTICIPANT: frozenset({Permission.ATTEMPT_TAKE}),
    Role.ORGANISER: frozenset(
        {
            Permission.CONSOLE,
            Permission.BANK_READ,
            Permission.BANK_IMPORT,
            Permission.CONTEST_SET_UP,
            Permission.STALL_OPEN,
            Permission.PEOPLE_MANAGE,
            Permission.STANDINGS_READ,
            Permission.STANDINGS_EXPORT,
            Permission.REPORTS_ANSWER,
            Permission.PRIZES_HAND_OVER,
            Permission.AUDIT_READ,
        }
    ),
    Role.JUDGE: frozenset(
        {
            Permission.CONSOLE,
            Permission.STANDINGS_READ,
            Permission.STANDINGS_EXPORT,
            Permission.RESULTS_ANNOUNCE,
            Permission.REPORTS_ANSWER,
            Permission.SIGNALS_REVIEW,
            Permission.RESULTS_SEAL,
            Permission.PRIZES_DRAW,
            Permission.STAGES_CUT,
            Permission.PRIZES_HAND_OVER,
            Permission.RULINGS_MAKE,
            Permission.AUDIT_READ,
        }
    ),
    Role.STREET_MANAGER: frozenset({Permission.CONSOLE, Permission.STANDINGS_READ, Permission.STALL_OPEN}),
    Role.UNIT_MANAGER: frozenset({Permission.CONSOLE, Permission.STANDINGS_READ, Permission.STALL_OPEN}),
    Role.REVIEWER: frozenset({Permission.CONSOLE, Permission.BANK_READ, Permission.BANK_REVIEW}),
    Role.ADMINISTRATOR: frozenset({Permission.CONSOLE, Permission.STAFF_MANAGE, Permission.AUDIT_READ}),
}

SCOPE_OF: dict[Role, str] = {Role.STREET_MANAGER: "street", Role.UNIT_MANAGER: "unit"}
"""Roles that mean nothing without a street or a unit of their own."""


def may(roles: Iterable[Role], permission: Permission) -> bool:
    """Whether any of the roles holds the permission."""
    return any(permission in GRANTS[role] for role in roles)
