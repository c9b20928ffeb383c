"""Opening, closing, calling off, inviting to the test: one page with one button for each."""

from typing import Any

from django import forms
from django.urls import path
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from common.clock import now
from courses.domain.attending import settle_overdue
from courses.domain.cohorts import follow_roster
from courses.domain.courses import cancel_course, close_course, open_course, problems_of
from courses.domain.gap_list import Figures, is_behind
from courses.domain.previewing import named_by
from courses.domain.progress import progress_of
from courses.staff.course_page import unexplained_in_words
from courses.staff.pages import CourseAction
from exams.domain.inviting import invite_people
from exams.rules import may_manage_exam
from members.models import User
from members.validators import validate_plain_text

# Of people named in the list of what keeps a course from being closed.
MOST_NAMED = 100


def reason_field(help_text: Any = "", *, longest: int = 500) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=longest,
        validators=[validate_plain_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text,
    )


class OpenPage(CourseAction):
    page_title = gettext_lazy("Open the course")
    submit_label = gettext_lazy("Open it now")
    success_message = gettext_lazy("The course is open. Everybody it names sees it on their first page.")

    def get_explanation(self) -> list[str]:
        named = named_by(self.course, on=localdate(now()))
        sessions = self.course.sessions.planned().count()
        people = ngettext(
            "%(n)s person is enrolled and sees the course at once.",
            "%(n)s people are enrolled and see the course at once.",
            named.total,
        ) % {"n": named.total}
        planned = ngettext("%(n)s session is planned.", "%(n)s sessions are planned.", sessions) % {"n": sessions}
        return [
            f"{people}{planned}",
            _("While it is open, newcomers whom the rule names come in by themselves, and who leaves the roster goes."),
            *problems_of(self.course, at=now()),
        ]

    def act(self, cleaned: dict[str, Any]) -> Any:
        return open_course(self.course, by=self.person, at=now())


class ClosePage(CourseAction):
    page_title = gettext_lazy("Close the course")
    template_name = "courses/staff/close.html"
    submit_label = pgettext_lazy("training", "Close it now")
    success_message = gettext_lazy("The course is closed.")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        moment = now()
        settle_overdue(at=moment, course=self.course)
        follow_roster(self.course, at=moment)
        found = progress_of(self.course, at=moment)
        unexplained = [each for each in found if is_behind(each) and each.lacks_reason]
        figures = Figures.of(found)
        facts = {
            "figures": figures,
            "to_come": list(self.course.sessions.planned()),
            "unexplained": unexplained[:MOST_NAMED],
            "more": max(0, len(unexplained) - MOST_NAMED),
            "unexplained_said": unexplained_in_words(len(unexplained)),
        }
        facts["can_close"] = not facts["to_come"] and not unexplained
        return super().get_context_data(*args, **{**facts, **kwargs})

    def get_explanation(self) -> list[str]:
        return [_("What became of everybody is written down. Afterwards nothing of the course changes any more.")]

    def act(self, cleaned: dict[str, Any]) -> Any:
        return close_course(self.course, by=self.person, at=now())


class CancelForm(forms.Form):
    reason = reason_field(gettext_lazy("Members read it at each session that is called off."), longest=200)


class CancelPage(CourseAction):
    page_title = gettext_lazy("Call the course off")
    submit_label = gettext_lazy("Call it off")
    form_class = CancelForm
    success_message = gettext_lazy("The course is called off.")

    def get_explanation(self) -> list[str]:
        people = self.course.enrolments.active(on=localdate(now())).count()
        sessions = self.course.sessions.planned().count()
        called = ngettext(
            "%(n)s session that has not been held is called off.",
            "%(n)s sessions that have not been held are called off.",
            sessions,
        ) % {"n": sessions}
        concerned = ngettext("It concerns %(n)s person.", "It concerns %(n)s people.", people) % {"n": people}
        return [f"{called}{concerned}", _("This cannot be undone.")]

    def act(self, cleaned: dict[str, Any]) -> Any:
        return cancel_course(self.course, reason=cleaned["reason"], by=self.person, at=now())


class InvitePage(CourseAction):
    page_title = gettext_lazy("Invite to the follow-up test")
    submit_label = gettext_lazy("Invite them")

    @property
    def people(self) -> Any:
        rows = self.course.enrolments.active(on=localdate(now()))
        return User.objects.filter(pk__in=rows.values("person"))

    def get_explanation(self) -> list[str]:
        exam = self.course.exam
        if exam is None:
            return [_("This course has no follow-up test.")]
        people = self.people.count()
        said = ngettext(
            "“%(exam)s” becomes an exam for the %(n)s person of this course, in place of whom it was for.",
            "“%(exam)s” becomes an exam for the %(n)s people of this course, in place of whom it was for.",
            people,
        )
        said = said % {"exam": exam, "n": people}
        lines = [said, _("It stays in preparation: look at it there and publish it.")]
        if not may_manage_exam(self.person, exam):
            lines.append(_("This exam belongs to a division that is not yours."))
        return lines

    def act(self, cleaned: dict[str, Any]) -> Any:
        if self.course.exam is None:
            return 0
        return invite_people(self.course.exam, self.people, by=self.person, at=now())

    def form_valid(self, form: Any) -> Any:
        self.success_message = _("Invited. Publish the exam to make their papers.")
        return super().form_valid(form)


urlpatterns = [
    path("<uuid:uuid>/open/", OpenPage.as_view(), name="open"),
    path("<uuid:uuid>/close/", ClosePage.as_view(), name="close"),
    path("<uuid:uuid>/cancel/", CancelPage.as_view(), name="cancel"),
    path("<uuid:uuid>/invite/", InvitePage.as_view(), name="invite"),
]
