"""What verbs of this app say when they will not do what was asked."""

from common.refusals import Refusal


class NotAllowed(Refusal):
    code = "not_allowed"
    status = 403


class ReasonMissing(Refusal):
    code = "reason_missing"
    status = 400


class QuarterNotOpen(Refusal):
    """The quarter is in a state that does not allow it."""

    code = "quarter_state"


class QuarterExists(Refusal):
    code = "quarter_exists"


class QuarterIncomplete(Refusal):
    """Something is missing before it may be shown; ``missing`` lists it."""

    code = "quarter_incomplete"


class QuarterBusy(Refusal):
    """Somebody else changes the quarter at this moment."""

    code = "quarter_busy"
    status = 503


class SchemeWrong(Refusal):
    """The scheme does not hold together; ``problems`` lists why."""

    code = "scheme_wrong"


class SchemeMissing(Refusal):
    code = "scheme_missing"


class SecondPersonNeeded(Refusal):
    """Nobody decides what they asked for, entered or decided themselves."""

    code = "second_person"


class AlreadyDecided(Refusal):
    code = "already_decided"


class AlreadyAsked(Refusal):
    code = "already_asked"


class TermOver(Refusal):
    """The term for objections has ended, or has not begun."""

    code = "term_over"


class PointsMissing(Refusal):
    code = "points_missing"
    status = 400
