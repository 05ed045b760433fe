"""All tables of the platform; importing this registers each of them."""

from question_bank import models as question_bank_models
from quiz.models.attempts import Answer, Attempt, Marking, Paper, QuestionReport, Ruling, Standing
from quiz.models.audit import AuditEntry
from quiz.models.contests import Contest, ContestArea, ContestTermsVersion, ContestUnit, Entry, Pool
from quiz.models.people import (
    Area,
    AreaKind,
    Credential,
    OneTimeLink,
    Person,
    PersonKind,
    SignInFailure,
    StaffRole,
    Unit,
)

__all__ = [
    "Answer",
    "Area",
    "AreaKind",
    "Attempt",
    "AuditEntry",
    "Contest",
    "ContestArea",
    "ContestTermsVersion",
    "ContestUnit",
    "Credential",
    "Entry",
    "Marking",
    "OneTimeLink",
    "Paper",
    "Person",
    "PersonKind",
    "Pool",
    "QuestionReport",
    "Ruling",
    "SignInFailure",
    "StaffRole",
    "Standing",
    "Unit",
    "question_bank_models",
]
