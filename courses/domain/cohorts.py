"""Who belongs to a course. While it is open its enrolments follow the roster by themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.refusals import AlreadyAsked, NotAllowed
from courses.domain.locking import hold_course
from courses.domain.refusals import CourseNotEditable, NotServing
from courses.enums import AbsenceReason, CourseState, Origin
from courses.models import Course, Enrolment
from courses.rules import may_explain, may_manage_course
from exams.domain.inviting import not_passed
from members.domain.serving import Serving, people_of
from members.enums import RequestState
from members.models import Posting, User
from members.models.team import PostingQuerySet

_BATCH = 500
# What an enrolment keeps of a posting, by the name it has there.
_POST_OF_POSTING = {
    "team_id": "team_id",
    "division_code": "team__division__code",
    "role": "role",
    "staff_category": "staff_category",
}
_POST = tuple(_POST_OF_POSTING)


@dataclass(frozen=True, slots=True)
class Followed:
    """What following the roster changed: how many came in, went out, and changed their post."""

    joined: int = 0
    left: int = 0
    moved: int = 0


def eligible(course: Course, *, on: date) -> list[Serving]:
    """Whom the rule of the course names on that day, in the order of their staff numbers.

    One query, and three more for each of the two rules that ask what people did before.
    """
    named = people_of(_posts_named(course, on=on))
    for asked in _asked_of_the_past(course):
        named = [serving for serving in named if serving.person_id in asked]
    return named


def _posts_named(course: Course, *, on: date) -> PostingQuerySet:
    """Posts that the rule names by place, role and time; what people did before is asked apart."""
    postings = _posts_around(course, on=on).within_any([course.where.prefix])
    if course.audience_role:
        postings = postings.filter(role=course.audience_role)
    if course.posted_since:
        postings = postings.exclude(Exists(_posted_before(course)))
    return postings


def _posts_around(course: Course, *, on: date) -> PostingQuerySet:
    """Posts of that day in the division of the course: who was added by hand stays for as long."""
    return Posting.objects.serving(on=on).within_any([course.division.prefix])


def _posted_before(course: Course) -> QuerySet[Posting]:
    """An earlier post in the division: changing teams makes nobody a newcomer."""
    earlier = Posting.objects.within_any([course.division.prefix])
    return earlier.filter(person=OuterRef("person"), starts_on__lt=course.posted_since)


def _asked_of_the_past(course: Course) -> Iterable[set[int]]:
    if course.failed_exam is not None:
        yield not_passed(course.failed_exam)
    if course.missed_course is not None:
        yield _not_completed(course.missed_course)


def _not_completed(course: Course) -> set[int]:
    rows = course.enrolments.filter(completed_at=None).exclude(
        person__in=course.exemptions.filter(state=RequestState.APPROVED).values("person")
    )
    return set(rows.values_list("person_id", flat=True))


# -- following the roster ---------------------------------------------------------------------


def follow_roster(course: Course, *, at: datetime) -> Followed:
    """Bring the enrolments of an open course up to the roster of the day. Safe to repeat.

    Whom the rule names newly is enrolled, whom it names no more leaves; who was added by hand stays while serving in
    the course's division. Nobody's attendance is touched. Of a course that is not open nothing changes. Where nothing
    differs, three queries see it without a lock, so that a timer may look every minute and a page whenever it is read.
    """
    today = timezone.localdate(at)
    if course.state != CourseState.OPEN or not _differs(course, on=today):
        return Followed()
    return _follow(course, today)


@transaction.atomic
def _follow(course: Course, today: date) -> Followed:
    course = hold_course(course)
    if course.state != CourseState.OPEN:
        return Followed()
    posts = {serving.person_id: serving for serving in eligible(course, on=today)}
    enrolments = {row.person_id: row for row in course.enrolments.all()}
    posts |= _posts_of_added(course, enrolments.values(), on=today)
    joined = [_enrolled(course, post, today) for person, post in posts.items() if person not in enrolments]
    Enrolment.objects.bulk_create(joined, batch_size=_BATCH)
    returned = _let_return(enrolments, posts)
    return Followed(
        joined=len(joined) + returned, left=_let_leave(enrolments, posts, today), moved=_move(enrolments, posts)
    )


def _differs(course: Course, *, on: date) -> bool:
    """Is there anything to follow? May say yes where there is not: a rule that asks of the past, two posts in a day."""
    if course.failed_exam_id is not None or course.missed_course_id is not None:
        return True
    enrolled = course.enrolments.filter(left_on=None)
    posts = _posts_named(course, on=on)
    by_hand = enrolled.filter(origin=Origin.HAND)
    if by_hand.exists():
        added = Exists(by_hand.filter(person=OuterRef("person")))
        posts = _posts_around(course, on=on).filter(Q(pk__in=posts.values("pk")) | added)
    same = {name: OuterRef(column) for name, column in _POST_OF_POSTING.items()}
    unknown = posts.exclude(Exists(enrolled.filter(person=OuterRef("person"), **same)))
    gone = enrolled.exclude(Exists(posts.filter(person=OuterRef("person"))))
    return unknown.exists() or gone.exists()


def follow_all(*, at: datetime) -> None:
    """Every open course, each in a transaction of its own."""
    for course in Course.objects.open().select_related("division", "audience_division"):
        follow_roster(course, at=at)


def _posts_of_added(course: Course, enrolments: Iterable[Enrolment], *, on: date) -> dict[int, Serving]:
    """Where those serve who were added by hand: the rule does not name them."""
    added = [row.person_id for row in enrolments if row.origin == Origin.HAND]
    if not added:
        return {}
    postings = _posts_around(course, on=on).filter(person__in=added)
    return {serving.person_id: serving for serving in people_of(postings)}


def _enrolled(course: Course, post: Serving, today: date, *, origin: Origin = Origin.RULE) -> Enrolment:
    return Enrolment(course=course, person_id=post.person_id, origin=origin, joined_on=today, **_post_of(post))


def _post_of(post: Serving) -> dict[str, Any]:
    return {name: getattr(post, name) for name in _POST}


def _let_return(enrolments: Mapping[int, Enrolment], posts: Mapping[int, Serving]) -> int:
    back = [row for person, row in enrolments.items() if row.left_on is not None and person in posts]
    return _set_left(back, None)


def _let_leave(enrolments: Mapping[int, Enrolment], posts: Mapping[int, Serving], today: date) -> int:
    gone = [row for person, row in enrolments.items() if row.left_on is None and person not in posts]
    return _set_left(gone, today)


def _set_left(rows: Sequence[Enrolment], day: date | None) -> int:
    """In portions: a database takes only so many keys in one statement."""
    for row in rows:
        row.left_on = day
    return Enrolment.objects.bulk_update(rows, ["left_on"], batch_size=_BATCH)


def _move(enrolments: Mapping[int, Enrolment], posts: Mapping[int, Serving]) -> int:
    moved = []
    for person, row in enrolments.items():
        post = posts.get(person)
        if post is not None and any(getattr(row, name) != getattr(post, name) for name in _POST):
            for name in _POST:
                setattr(row, name, getattr(post, name))
            moved.append(row)
    Enrolment.objects.bulk_update(moved, _POST, batch_size=_BATCH)
    return len(moved)


# -- by hand ----------------------------------------------------------------------------------


@transaction.atomic
def add_person(course: Course, person: User, *, by: User, at: datetime) -> Enrolment:
    """Somebody the rule does not name. Raises NotAllowed, CourseNotEditable, NotServing, AlreadyAsked."""
    course = _editable(course, by=by)
    today = timezone.localdate(at)
    posts = people_of(_posts_around(course, on=today).filter(person=person))
    if not posts:
        raise NotServing(
            _("%(person)s does not serve in %(division)s.") % {"person": person, "division": course.division}
        )
    if course.enrolments.filter(person=person).exists():
        raise AlreadyAsked(_("%(person)s is in this course already.") % {"person": person})
    enrolment = _enrolled(course, posts[0], today, origin=Origin.HAND)
    enrolment.save()
    log(course, "courses.add_person", user=by, timestamp=at, data={"person": person.code})
    return enrolment


@transaction.atomic
def explain(enrolment: Enrolment, *, reason: str, note: str = "", by: User, at: datetime) -> Enrolment:
    """Say why somebody will not complete the course; an empty reason takes it back.

    Raises NotAllowed; also for oneself: nobody explains their own absence.
    """
    course = hold_course(enrolment.course)
    if enrolment.person_id == by.pk or not (may_manage_course(by, course) or may_explain(by, enrolment.division_code)):
        raise NotAllowed(_("You may not say why this person is missing."))
    if course.state != CourseState.OPEN:
        raise CourseNotEditable(_("This course is not open."))
    enrolment.reason = AbsenceReason(reason) if reason else ""
    enrolment.reason_note = note.strip()
    enrolment.explained_by = by if reason else None
    enrolment.full_clean(validate_unique=False)
    enrolment.save(update_fields=["reason", "reason_note", "explained_by"])
    data = {"person": enrolment.person.code, "reason": reason, "note": note.strip()}
    log(course, "courses.explain", user=by, timestamp=at, data=data)
    return enrolment


def _editable(course: Course, *, by: User) -> Course:
    """The course under a lock. Raises NotAllowed, CourseNotEditable."""
    course = hold_course(course)
    if not may_manage_course(by, course):
        raise NotAllowed(_("This course belongs to a division that is not yours."))
    if not course.is_editable():
        raise CourseNotEditable(_("This course is closed or was called off."))
    return course
