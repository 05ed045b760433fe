"""Refusals: what the platform will not do, with the facts its sentence needs.

Services raise them; ``quiz.web.messages`` holds the status and the Chinese sentence of each, ``quiz.cli`` prints it.
"""

from typing import Any, ClassVar


class Refusal(Exception):
    """Something a person asked for and cannot have, for a reason they can be told. Nothing was changed.

    ``reason`` is the word programs read (CONTRACT §4); ``facts`` fill the sentence.
    """

    reason: ClassVar[str] = "refused"

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.reason, facts)
        self.facts = facts


class SignedOut(Refusal):
    reason = "signed_out"


class Forbidden(Refusal):
    reason = "forbidden"


class NotFound(Refusal):
    reason = "not_found"


class NotOpen(Refusal):
    """facts: opens_at"""

    reason = "not_open"


class Closed(Refusal):
    """facts: closes_at"""

    reason = "closed"


class Paused(Refusal):
    reason = "paused"


class AttemptsUsed(Refusal):
    """facts: allowed, per"""

    reason = "attempts_used"


class Ended(Refusal):
    reason = "ended"


class StallClosed(Refusal):
    """The stall that this device belongs to was closed, or its time is over."""

    reason = "stall_closed"


class AtStall(Refusal):
    """What a device of a stall does not serve for. facts: message"""

    reason = "at_stall"


class NoCertificate(Refusal):
    """No attempt reaches the mark, or the contest gives no certificates."""

    reason = "no_certificate"


class NotEnded(Refusal):
    reason = "not_ended"


class Superseded(Refusal):
    """facts: revision, answer"""

    reason = "superseded"


class QuestionClosed(Refusal):
    """Its own time is over, or the next question was opened. facts: position; answer and revision as stored"""

    reason = "question_closed"


class QuestionNotOpen(Refusal):
    """Questions open one after another, and this one has not been reached. facts: position"""

    reason = "question_not_open"


class BadAnswer(Refusal):
    reason = "bad_answer"


class TooOften(Refusal):
    """facts: minutes"""

    reason = "too_often"


class TooManyReports(TooOften):
    """facts: minutes"""


class TooFast(TooOften):
    """More than anybody can tap."""


class PhoneTaken(Refusal):
    """facts: phone"""

    reason = "phone_taken"


class WrongPassword(Refusal):
    """facts: left (tries until a pause)"""

    reason = "wrong_password"


class LinkUsed(Refusal):
    reason = "link_used"


class Mistakes(Refusal):
    """Things to mend in what was entered. facts: problems, a list of Chinese sentences; fields, the same by field."""

    reason = "mistakes"


class WrongState(Refusal):
    """facts: state, wanted"""

    reason = "wrong_state"


class TermsFixed(Refusal):
    """Somebody has started: only a later closing time, the texts and headcounts may still change."""

    reason = "terms_fixed"


class PlanNotFilled(Refusal):
    """facts: lines, sentences naming each plan line the bank cannot fill"""

    reason = "plan_not_filled"


class ChangedMeanwhile(Refusal):
    """What was looked at is no longer what is there: look again, then confirm."""

    reason = "changed_meanwhile"


class StandingsDiffer(Refusal):
    """What is kept as people hand in is not what their attempts give. facts: what, as a sentence"""

    reason = "standings_differ"


class InUse(Refusal):
    """facts: what"""

    reason = "in_use"


class NotReadable(Refusal):
    """A file that cannot be taken. facts: message"""

    reason = "not_readable"


class StillAnswering(Refusal):
    """Somebody is still answering within the grace or by extra time: the result is not whole yet."""

    reason = "still_answering"


class WrongStep(Refusal):
    """A step that cannot come now. facts: message"""

    reason = "wrong_step"


class ListFixed(Refusal):
    """The list of a prize draw is fixed: nobody may take part any more."""

    reason = "list_fixed"


class BoardFrozen(Refusal):
    """What would show ranks that are still kept back."""

    reason = "board_frozen"


class TooEarly(Refusal):
    """The public number does not exist yet. facts: public_at"""

    reason = "too_early"


class DrawnAlready(Refusal):
    """Another number was entered first, and stands. facts: number"""

    reason = "drawn_already"


class UnknownCode(Refusal):
    """facts: left (tries until a pause)"""

    reason = "unknown_code"


class TooManyCodes(TooOften):
    """facts: minutes"""


class NotAdmitted(Refusal):
    """The contest is for those who got through an earlier one, or were added with a reason."""

    reason = "not_admitted"
