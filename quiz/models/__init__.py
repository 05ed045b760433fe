"""All tables of the platform; importing this registers each of them."""

from question_bank import models as question_bank_models
from quiz.models.announcements import Announcement
from quiz.models.attempts import Answer, Attempt, Marking, Paper, QuestionReport, QuestionTurn, Ruling
from quiz.models.audit import AuditEntry
from quiz.models.certificates import Certificate
from quiz.models.contests import Contest, ContestArea, ContestTermsVersion, ContestUnit, Entry, Pool
from quiz.models.fairness import AttemptTrace, Signal, SignalNote
from quiz.models.frozen import FrozenBoard, FrozenRow
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
from quiz.models.prepared import PreparedFile
from quiz.models.prizes import DrawEntry, DrawWinner, PrizeDraw
from quiz.models.seals import Seal, SealPart
from quiz.models.stages import Admission, StageCut
from quiz.models.stalls import Stall
from quiz.models.standings import (
    Part,
    RankSeen,
    Standing,
    StandingDelta,
    StandingFold,
    StandingPaces,
    StandingPoints,
    StandingTally,
)

__all__ = [
    "Admission",
    "Announcement",
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
    "DrawEntry",
    "DrawWinner",
    "Entry",
    "FrozenBoard",
    "FrozenRow",
    "Marking",
    "OneTimeLink",
    "Paper",
    "Part",
    "Person",
    "PersonKind",
    "Pool",
    "PracticeRecord",
    "PreparedFile",
    "PrizeDraw",
    "QuestionReport",
    "QuestionTurn",
    "RankSeen",
    "Remarking",
    "RemarkingRow",
    "Ruling",
    "Seal",
    "SealPart",
    "SignInFailure",
    "Signal",
    "SignalNote",
    "StaffRole",
    "StageCut",
    "Stall",
    "Standing",
    "StandingDelta",
    "StandingFold",
    "StandingPaces",
    "StandingPoints",
    "StandingTally",
    "Unit",
    "UsualTime",
    "question_bank_models",
]
