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
