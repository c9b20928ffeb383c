"""The rota of a course: whose turn it is, giving the turns, and letting two teams change places."""

from typing import Any

from django import forms
from django.urls import path
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.clock import now
from common.refusals import Refusal
from courses.domain.rota import Turn, hosts_to_come, make_rota, plan_rota, swap_hosts
from courses.models import Session
from courses.staff.course_steps import reason_field
from courses.staff.pages import CourseAction, OfCourse
from exams.staff.pages import ReadingPage


class RotaPage(OfCourse, ReadingPage):
    """A plain table; where nobody is host yet, whose turn it would be."""

    page_title = gettext_lazy("Rota of host teams")
    template_name = "courses/staff/rota.html"

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        moment, refusal, turns = now(), "", list[Turn]()
        if self.may_manage and self.course.is_editable():
            try:
                turns = plan_rota(self.course, at=moment)
            except Refusal as error:
                refusal = str(error)
        proposed = {turn.session.pk: turn for turn in turns}
        sessions = hosts_to_come(self.course, at=moment)
        facts = {
            "rows": [(session, proposed.get(session.pk)) for session in sessions],
            "proposed": len(turns),
            "refusal": refusal,
            "may_swap": self.may_manage and sum(session.host_team is not None for session in sessions) > 1,
        }
        return super().get_context_data(*args, **facts, **kwargs)


class MakePage(CourseAction):
    page_title = gettext_lazy("Give the turns")
    submit_label = gettext_lazy("Give the turns")
    success_message = gettext_lazy("The turns are given, and the teams are told.")

    def get_explanation(self) -> list[str]:
        try:
            turns = plan_rota(self.course, at=now())
        except Refusal as refusal:
            return [str(refusal)]
        said = ngettext(
            "%(count)s session gets a host team, and the team a message.",
            "%(count)s sessions get a host team, and each team a message.",
            len(turns),
        ) % {"count": len(turns)}
        return [said, _("Whoever was host longest ago comes first.")]

    def get_cancel_url(self) -> str:
        return self.course_url("rota")

    def act(self, cleaned: dict[str, Any]) -> Any:
        return make_rota(self.course, by=self.person, at=now())

    def after(self, outcome: Any) -> str:
        return self.course_url("rota")


class SwapForm(forms.Form):
    one = forms.ChoiceField(label=gettext_lazy("This session"))
    other = forms.ChoiceField(label=gettext_lazy("and this session"))
    reason = reason_field(gettext_lazy("Kept in the audit log."), longest=200)

    def __init__(self, *args: Any, sessions: list[Session], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # With the host as it was shown: whoever chose an outdated pair is told, instead of swapping something else.
        self.sessions = {f"{session.pk}-{session.host_team_id}": session for session in sessions}
        choices = [(key, _in_words(session)) for key, session in self.sessions.items()]
        for name in ("one", "other"):
            field: Any = self.fields[name]
            field.choices = choices
            field.error_messages["invalid_choice"] = _("Somebody has changed the hosts in the meantime. Look again.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("one") and cleaned.get("one") == cleaned.get("other"):
            self.add_error("other", _("Choose two sessions."))
        return cleaned


def _in_words(session: Session) -> str:
    return f"{localtime(session.starts_at):%Y-%m-%d}·{session.topic}·{session.host_team}"


class SwapPage(CourseAction):
    page_title = gettext_lazy("Swap hosts")
    submit_label = gettext_lazy("Swap them")
    form_class = SwapForm
    success_message = gettext_lazy("The hosts have changed places, and both teams are told.")

    def get_form_kwargs(self) -> dict[str, Any]:
        hosted = [session for session in hosts_to_come(self.course, at=now()) if session.host_team]
        return super().get_form_kwargs() | {"sessions": hosted}

    def get_cancel_url(self) -> str:
        return self.course_url("rota")

    def act(self, cleaned: dict[str, Any]) -> Any:
        found = self.get_form().sessions
        pair = found[cleaned["one"]], found[cleaned["other"]]
        return swap_hosts(*pair, reason=cleaned["reason"], by=self.person, at=now())

    def after(self, outcome: Any) -> str:
        return self.course_url("rota")


urlpatterns = [
    path("<uuid:uuid>/rota/", RotaPage.as_view(), name="rota"),
    path("<uuid:uuid>/rota/make/", MakePage.as_view(), name="make_rota"),
    path("<uuid:uuid>/rota/swap/", SwapPage.as_view(), name="swap_hosts"),
]
