"""Sessions of a course: planning one, the same again for who lacks it, changing and calling off."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import path
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.clock import now
from courses.domain.attending import expected_at
from courses.domain.planning import conflicts_of
from courses.domain.sessions import cancel_session, change_session, plan_session
from courses.models import Session
from courses.staff.course_steps import reason_field
from courses.staff.pages import CourseAction
from courses.staff.session_form import SessionForm, initial_of, initial_of_new, initial_of_repeat


class SessionPage(CourseAction):
    """A form of one session; what it clashes with is said once, and then it is for whoever plans to decide."""

    form_class = SessionForm
    template_name = "courses/staff/session.html"

    @property
    def changed(self) -> Session | None:
        """The session that the form changes."""
        return None

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"course": self.course, "person": self.person, "session": self.changed}

    def form_valid(self, form: Any) -> HttpResponse:
        form.meet(self._conflicts(form))
        if form.conflicts and not form.cleaned_data["despite"]:
            return self.form_invalid(form)
        try:
            return super().form_valid(form)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)

    def _conflicts(self, form: Any) -> Sequence[str]:
        names = ("starts_at", "ends_at", "place", "host_team", "lecturers", "division")
        facts = {name: form.cleaned_data[name] for name in names}
        return conflicts_of(self.course, session=self.changed, **facts)

    def act(self, cleaned: dict[str, Any]) -> Any:
        return self.carry_out({name: value for name, value in cleaned.items() if name != "despite"})

    def carry_out(self, facts: dict[str, Any]) -> Session:
        raise NotImplementedError


class PlanPage(SessionPage):
    page_title = gettext_lazy("Plan a session")
    submit_label = gettext_lazy("Plan it")
    success_message = gettext_lazy("The session is planned.")

    def get_initial(self) -> dict[str, Any]:
        return initial_of_new(self.course)

    def carry_out(self, facts: dict[str, Any]) -> Session:
        return plan_session(self.course, **facts, by=self.person, at=now())


class RepeatPage(SessionPage):
    page_title = gettext_lazy("Plan a make-up")
    submit_label = gettext_lazy("Plan the make-up")
    success_message = gettext_lazy("The make-up is planned. Who still lacks the session is expected there.")

    def get_initial(self) -> dict[str, Any]:
        return initial_of_repeat(self.session)

    def get_explanation(self) -> list[str]:
        people = expected_at(_again(self.session), on=localdate(now())).count()
        lacking = ngettext("%(n)s person still lacks “%(topic)s”.", "%(n)s people still lack “%(topic)s”.", people) % {
            "n": people,
            "topic": self.session.topic,
        }
        return [lacking, _("They are expected by themselves, as is everybody who comes into the course before it.")]

    def carry_out(self, facts: dict[str, Any]) -> Session:
        return plan_session(self.course, **facts, repeat_of=self.session, by=self.person, at=now())


def _again(session: Session) -> Session:
    """A repeat for everybody, as it would be: to ask who would be expected."""
    return Session(
        course=session.course,
        repeat_of=session.repeat_of or session,
        topic=session.topic,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
    )


class ChangePage(SessionPage):
    page_title = gettext_lazy("Change the session")
    submit_label = gettext_lazy("Save the session")
    success_message = gettext_lazy("The session is changed. Who is expected sees it at once.")

    @property
    def changed(self) -> Session:
        return self.session

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.session)

    def carry_out(self, facts: dict[str, Any]) -> Session:
        return change_session(self.session, **facts, by=self.person, at=now())


class CancelForm(forms.Form):
    reason = reason_field(gettext_lazy("Members read it."), longest=200)


class CancelPage(CourseAction):
    page_title = gettext_lazy("Call the session off")
    submit_label = gettext_lazy("Call it off")
    form_class = CancelForm
    success_message = gettext_lazy("The session is called off.")

    def get_explanation(self) -> list[str]:
        people = expected_at(self.session, on=localdate(now())).count()
        said = ngettext(
            "“%(topic)s” does not take place; %(n)s person is expected there.",
            "“%(topic)s” does not take place; %(n)s people are expected there.",
            people,
        )
        return [said % {"topic": self.session.topic, "n": people}, _("This cannot be undone.")]

    def act(self, cleaned: dict[str, Any]) -> Any:
        return cancel_session(self.session, reason=cleaned["reason"], by=self.person, at=now())


urlpatterns = [
    path("<uuid:uuid>/sessions/new/", PlanPage.as_view(), name="plan"),
    path("<uuid:uuid>/sessions/<uuid:session>/change/", ChangePage.as_view(), name="change_session"),
    path("<uuid:uuid>/sessions/<uuid:session>/repeat/", RepeatPage.as_view(), name="repeat_session"),
    path("<uuid:uuid>/sessions/<uuid:session>/cancel/", CancelPage.as_view(), name="cancel_session"),
]
