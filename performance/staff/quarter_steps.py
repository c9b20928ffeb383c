"""Computing, publishing, closing: what comes next, and one page with one button for each."""

from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.clock import now
from exams.domain.wording import moment
from performance.domain.computing import compute_quarter
from performance.domain.quarters import close_quarter, publish_quarter
from performance.enums import AppealState, QuarterState, SchemeState
from performance.models import Appeal, Quarter
from performance.staff.quarter_pages import QuarterAction


class Step(NamedTuple):
    """One of the steps of a quarter, behind, at or before which it stands."""

    label: str
    is_done: bool
    is_now: bool


class NextStep(NamedTuple):
    """A button: where it leads, what it says, and why it comes next."""

    url: str
    label: str
    why: str = ""


_ORDER = (QuarterState.OPEN, QuarterState.COMPUTED, QuarterState.PUBLISHED, QuarterState.CLOSED)


def to_quarter(quarter: Quarter) -> HttpResponse:
    return redirect("quarters:quarter", quarter.uuid)


def steps_of(quarter: Quarter) -> list[Step]:
    here = _ORDER.index(QuarterState(quarter.state))
    return [Step(str(state.label), place < here, place == here) for place, state in enumerate(_ORDER)]


def next_of(
    quarter: Quarter, *, has_scheme: bool, open_objections: int, is_behind: bool, at: datetime
) -> tuple[NextStep | None, list[NextStep]]:
    """The button that is filled, and the quiet ones beside it. ``is_behind``: the evidence has changed since."""

    def url(name: str) -> str:
        return reverse(f"quarters:{name}", args=[quarter.uuid])

    again = NextStep(url("compute"), _("Compute again"))
    if not has_scheme:
        why = _("A quarter is computed by its scheme, which has to be adopted first.")
        return NextStep(reverse("schemes:start", args=[quarter.uuid]), _("Write the scheme"), why), []
    match quarter.state:
        case QuarterState.OPEN:
            return NextStep(url("compute"), _("Compute the quarter")), []
        case QuarterState.COMPUTED if why := _why_again(quarter, is_behind=is_behind):
            return again._replace(why=why), []
        case QuarterState.COMPUTED:
            return NextStep(url("publish"), _("Publish for objection")), [again]
        case QuarterState.PUBLISHED:
            return _while_published(quarter, url("close"), open_objections, at=at), []
        case _:
            return None, [NextStep(url("reopen"), _("Ask for reopening"))]


def _why_again(quarter: Quarter, *, is_behind: bool) -> str:
    if quarter.computation and quarter.computation.missing:
        return _("Something is missing, see below. Then compute again.")
    return _("Something has changed since, see below.") if is_behind else ""


def _while_published(quarter: Quarter, close_url: str, open_objections: int, *, at: datetime) -> NextStep | None:
    if open_objections:
        url = reverse("quarters:objections", args=[quarter.uuid])
        return NextStep(url, _("Decide the objections"), waiting_in_words(open_objections))
    if quarter.takes_objections(at=at):
        # It cannot be closed yet; until when is among the facts.
        return None
    return NextStep(close_url, _("Close the quarter"))


def waiting_in_words(objections: int) -> str:
    said = ngettext("%(n)s objection waits for a decision.", "%(n)s objections wait for a decision.", objections)
    return said % {"n": objections}


# -- one page each ------------------------------------------------------------------------------


class ComputePage(QuarterAction):
    page_title = gettext_lazy("Compute the quarter")
    submit_label = gettext_lazy("Compute it now")
    success_message = gettext_lazy("The quarter is computed.")

    def get_explanation(self) -> list[str]:
        scheme = self.quarter.schemes.filter(state=SchemeState.ADOPTED).first()
        said = [
            _("Everybody who was posted in the quarter gets a scorecard from what is known at this moment."),
            _("Members see nothing of it. It can be repeated: the same evidence gives the same result."),
        ]
        return [_("Scheme: %(scheme)s.") % {"scheme": scheme}, *said] if scheme else said

    def act(self, cleaned: dict[str, Any]) -> Any:
        return compute_quarter(self.quarter, by=self.person, at=now())


class PublishPage(QuarterAction):
    page_title = gettext_lazy("Publish for objection")
    submit_label = gettext_lazy("Publish now")
    success_message = gettext_lazy("The quarter is published: each member sees their own scorecard.")

    def get_explanation(self) -> list[str]:
        computation = self.quarter.computation
        if computation is None:
            return [_("The quarter has not been computed yet.")]
        people = ngettext(
            "%(n)s person sees their own scorecard at once, and nobody else's.",
            "%(n)s people each see their own scorecard at once, and nobody else's.",
            computation.people,
        )
        days = ngettext(
            "They may object for %(n)s day.", "They may object for %(n)s days.", computation.scheme.appeal_days
        )
        return [
            people % {"n": computation.people},
            days % {"n": computation.scheme.appeal_days},
            _("It counts what was known at %(moment)s. Evidence that comes later does not count any more.")
            % {"moment": moment(computation.cutoff)},
        ]

    def act(self, cleaned: dict[str, Any]) -> Any:
        return publish_quarter(self.quarter, by=self.person, at=now())


class ClosePage(QuarterAction):
    page_title = gettext_lazy("Close the quarter")
    submit_label = gettext_lazy("Close it now")
    success_message = gettext_lazy("The quarter is closed.")

    def get_explanation(self) -> list[str]:
        people = self.quarter.computation.people if self.quarter.computation else 0
        said = [
            ngettext(
                "The scorecard of %(n)s person is locked as it stands.",
                "The scorecards of %(n)s people are locked as they stand.",
                people,
            )
            % {"n": people},
            _("Afterwards it is opened again only with a reason and by a second person; this edition stays readable."),
        ]
        waiting = Appeal.objects.filter(
            line__scorecard__computation__quarter=self.quarter, state=AppealState.OPEN
        ).count()
        if waiting:
            said.append(waiting_in_words(waiting))
        return said

    def act(self, cleaned: dict[str, Any]) -> Any:
        return close_quarter(self.quarter, by=self.person, at=now())


urlpatterns = [
    path("<uuid:uuid>/compute/", ComputePage.as_view(), name="compute"),
    path("<uuid:uuid>/publish/", PublishPage.as_view(), name="publish"),
    path("<uuid:uuid>/close/", ClosePage.as_view(), name="close"),
]
