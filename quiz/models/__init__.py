"""All tables of the platform; importing this registers each of them."""

from question_bank import models as question_bank_models
from quiz.models.announcements import Announcement
from quiz.models.attempts import Answer, Attempt, Marking, Paper, QuestionReport, QuestionTurn, Ruling, Standing
from quiz.models.audit import AuditEntry
from quiz.models.certificates import Certificate
from quiz.models.contests import Contest, ContestArea, ContestTermsVersion, ContestUnit, Entry, Pool
from quiz.models.fairness import AttemptTrace, Signal, SignalNote
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
from quiz.models.prepared import PreparedFile
from quiz.models.stalls import Stall

__all__ = [
    "Announcement",
    "Answer",
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
    "PreparedFile",
    "QuestionReport",
    "QuestionTurn",
    "Ruling",
    "SignInFailure",
    "Signal",
    "SignalNote",
    "StaffRole",
    "Stall",
    "Standing",
    "Unit",
    "question_bank_models",
]
