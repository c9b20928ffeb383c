from courses.models.attendance import Attendance, AttendanceChange, Leave, SessionFeedback
from courses.models.certificate import CalendarFeed, Certificate
from courses.models.course import Course, Material
from courses.models.enrolment import Enrolment, Exemption
from courses.models.kind import CourseKind, Lecturer
from courses.models.session import Session

__all__ = [
    "Attendance",
    "AttendanceChange",
    "CalendarFeed",
    "Certificate",
    "Course",
    "CourseKind",
    "Enrolment",
    "Exemption",
    "Leave",
    "Lecturer",
    "Material",
    "Session",
    "SessionFeedback",
]
