"""All tables of the platform; importing this registers each of them."""

from question_bank import models as question_bank_models
from quiz.models.attempts import Answer, Attempt, Marking, Paper, QuestionReport, QuestionTurn, Ruling, Standing
from quiz.models.audit import AuditEntry
from quiz.models.certificates import Certificate
from quiz.models.contests import Contest, ContestArea, ContestTermsVersion, ContestUnit, Entry, Pool
from quiz.models.fairness import AttemptTrace, Signal, SignalNote
from quiz.models.judging import Appeal, Remarking, RemarkingRow, UsualTime
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
from quiz.models.practice import PracticeRecord
from quiz.models.stalls import Stall

__all__ = [
    "Answer",
    "Appeal",
    "Area",
    "AreaKind",
    "Attempt",
    "AttemptTrace",
    "AuditEntry",
    "Certificate",
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
    "PracticeRecord",
    "QuestionReport",
    "QuestionTurn",
    "Remarking",
    "RemarkingRow",
    "Ruling",
    "SignInFailure",
    "Signal",
    "SignalNote",
    "StaffRole",
    "Stall",
    "Standing",
    "Unit",
    "UsualTime",
    "question_bank_models",
]
