"""What verbs of this app say when they will not do what was asked."""

from common.refusals import Refusal


class CourseNotEditable(Refusal):
    """The course is closed or called off."""

    code = "course_state"


class CourseIncomplete(Refusal):
    """Something is missing before it can be opened; ``members["problems"]`` lists it."""

    code = "course_incomplete"


class SessionsNotOver(Refusal):
    """Sessions of the course are still to come."""

    code = "sessions_not_over"


class GapsUnexplained(Refusal):
    """Somebody is missing and nobody has said why; ``members["people"]`` names them."""

    code = "gaps_unexplained"


class SessionNotEditable(Refusal):
    """The session has been held or called off."""

    code = "session_state"


class NotEnrolled(Refusal):
    code, status = "not_enrolled", 403


class NotServing(Refusal):
    """The person serves nowhere in the course's division."""

    code = "not_serving"


class AttendanceRefused(Refusal):
    """An attendance that makes no sense: excused without an excuse, there without a time."""

    code, status = "attendance_refused", 400


class SessionClosedForArrivals(Refusal):
    """Too early, over, or called off."""

    code = "sign_in_closed"


class CertificateRefused(Refusal):
    """Nobody is given a certificate who has not completed a course that gives one; a revoked one is not taken out."""

    code = "no_certificate"


class AlreadyRevoked(Refusal):
    code = "already_revoked"


class SignInNotOpen(SessionClosedForArrivals):
    code = "sign_in_not_open"


class SessionIsOver(SessionClosedForArrivals):
    code = "session_over"


class SessionCalledOff(SessionClosedForArrivals):
    code = "session_called_off"


class NothingToSignInTo(SessionClosedForArrivals):
    """None of the person's sessions takes arrivals now."""

    code = "nothing_to_sign_in_to"


class WrongCode(Refusal):
    """Not the code of this session, now or before."""

    code, status = "wrong_code", 400


class CodeExpired(WrongCode):
    """It was the code of this session in an earlier minute."""

    code = "code_expired"


class CodeOfAnotherSession(WrongCode):
    """``members["session"]`` is the one it belongs to."""

    code = "code_of_another_session"


class TooManyWrongCodes(Refusal):
    code, status = "too_many_wrong_codes", 429


class FeedbackNotAsked(Refusal):
    """Too early, given already, or by somebody who was not there."""

    code = "feedback_not_asked"


class FeedbackRefused(Refusal):
    code, status = "feedback_refused", 400


class SeriesRefused(Refusal):
    """The rule of a series names no day, too many, or no end."""

    code, status = "series_refused", 400


class NoTeams(Refusal):
    """Nobody could be host."""

    code = "no_teams"


class HostsChanged(Refusal):
    """Somebody changed one of the sessions in the meantime."""

    code = "hosts_changed"
