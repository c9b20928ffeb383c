"""Schemes: written as drafts, checked when they are saved, tried out, adopted."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.viewsets.base import ViewSet

from common.clock import now
from common.evidence import SettingsForm, Source, sources
from common.refusals import Refusal
from exams.staff.gates import person_of
from performance.domain.scheme_drafts import discard_draft, save_draft, save_indicator
from performance.domain.schemes import (
    adopt_scheme,
    copy_scheme,
    draft_scheme,
    problems_by_part,
    problems_of,
)
from performance.enums import SchemeState
from performance.models import Indicator, Quarter, Scheme
from performance.rules import may_edit_scheme, may_manage_quarter
from performance.staff.quarter_pages import OfQuarter, QuarterAction, may_run, quarter_for
from performance.staff.scheme_form import BeginForm, IndicatorForm, SchemeForms

MOST_TO_COPY = 20


class OfScheme(OfQuarter):
    """A page about one scheme; its quarter is the gate."""

    @cached_property
    def scheme(self) -> Scheme:
        return get_object_or_404(Scheme.objects.select_related("quarter__division"), pk=self.kwargs["pk"])

    @cached_property
    def quarter(self) -> Quarter:
        return quarter_for(self.request, self.scheme.quarter.uuid, rule=type(self).quarter_rule)

    @property
    def is_draft(self) -> bool:
        return self.scheme.state == SchemeState.DRAFT

    @property
    def division(self) -> str:
        return self.quarter.division.code

    def get_page_subtitle(self) -> str:
        return str(self.scheme)

    def breadcrumbs_between(self) -> list[dict[str, Any]]:
        return [{"url": self.scheme_url(), "label": str(self.scheme)}]

    def scheme_url(self, name: str = "scheme") -> str:
        return reverse(f"schemes:{name}", args=[self.scheme.pk])

    def get_cancel_url(self) -> str:
        return self.scheme_url()

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(*args, **{"scheme": self.scheme, "is_draft": self.is_draft, **kwargs})


class OfDraft(OfScheme):
    """Changing it: for whoever runs the quarter, and only while it is a draft."""

    quarter_rule = staticmethod(may_manage_quarter)
    office_rule = staticmethod(may_run)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _gate = self.quarter
        if not may_edit_scheme(person_of(request), self.scheme):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


# -- beginning one ----------------------------------------------------------------------------


class StartPage(QuarterAction):
    page_title = gettext_lazy("Write the scheme")
    form_class = BeginForm
    submit_label = gettext_lazy("Begin")

    def get_explanation(self) -> list[str]:
        return [_("A scheme says what counts and how much. It is a draft, seen by nobody else, until it is adopted.")]

    def get_form_kwargs(self) -> dict[str, Any]:
        quarters = Quarter.objects.visible_to(self.person)
        schemes = Scheme.objects.filter(quarter__in=quarters).exclude(state=SchemeState.DRAFT)
        newest = schemes.order_by("-quarter__year", "-quarter__number", "-version").values_list("pk", flat=True)
        few = Scheme.objects.filter(pk__in=list(newest[:MOST_TO_COPY])).select_related("quarter__division")
        few = few.order_by("-quarter__year", "-quarter__number", "-version")
        return super().get_form_kwargs() | {"schemes": few}

    def act(self, cleaned: dict[str, Any]) -> Scheme:
        if cleaned["copied_from"]:
            return copy_scheme(cleaned["copied_from"], to=self.quarter, by=self.person, at=now())
        return draft_scheme(self.quarter, title=cleaned["title"], by=self.person, at=now())

    def after(self, outcome: Scheme) -> str:
        return reverse("schemes:scheme", args=[outcome.pk])


# -- the scheme itself --------------------------------------------------------------------------


class SchemePage(OfScheme, TemplateView):
    """The editor of a draft; what is in force is there to be read."""

    def get_page_title(self) -> str:
        return str(self.scheme)

    def get_page_subtitle(self) -> str:
        return str(self.scheme.get_state_display())

    def breadcrumbs_between(self) -> list[dict[str, Any]]:
        return []

    @property
    def may_edit(self) -> bool:
        return may_edit_scheme(self.person, self.scheme)

    def get_template_names(self) -> list[str]:
        return [f"performance/staff/{'scheme_edit' if self.may_edit else 'scheme'}.html"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _gate = self.quarter
        if self.is_draft and not self.may_manage:
            # A draft is nobody's but theirs who write it.
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        facts: dict[str, Any] = {"indicators": self._indicators()}
        if self.may_edit:
            facts["problems"] = problems_by_part(self.scheme)
            facts["is_sound"] = not any(facts["problems"].values())
            facts["forms"] = kwargs.pop("forms", None) or SchemeForms(self.scheme, division=self.division)
            names = {key: str(source.name) for key, source in sources().items()}
            for form in facts["forms"].indicators.forms:
                form.source_name = names.get(form.instance.source, form.instance.source)
        return super().get_context_data(*args, **facts, **kwargs)

    def _indicators(self) -> list[tuple[Indicator, str]]:
        names = {key: str(source.name) for key, source in sources().items()}
        found = Indicator.objects.filter(scheme=self.scheme)
        return [(each, names.get(each.source, each.source)) for each in found]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_edit:
            raise Http404
        forms = SchemeForms(self.scheme, division=self.division, data=request.POST)
        if not forms.is_valid():
            messages.error(request, _("Nothing was saved: see what is marked below."))
            self.scheme.refresh_from_db()
            return self.render_to_response(self.get_context_data(forms=forms), status=400)
        try:
            save_draft(
                self.scheme, indicators=forms.indicators.kept(), without=forms.indicators.gone(), rows=forms.rows(),
                by=self.person, at=now(),
            )  # fmt: skip
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect(self.scheme_url())
        messages.success(request, _("Saved."))
        return redirect(self._after_saving(request))

    def _after_saving(self, request: HttpRequest) -> str:
        for button, name in (("and_compare", "compare"), ("and_add", "add_indicator")):
            if button in request.POST:
                return self.scheme_url(name)
        return self.scheme_url()


# -- one indicator ------------------------------------------------------------------------------


class SourcesPage(OfDraft, TemplateView):
    """The first step of a new indicator: where its figure comes from."""

    page_title = gettext_lazy("Add an indicator")
    template_name = "performance/staff/sources.html"

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(*args, sources=list(sources().values()), **kwargs)


class IndicatorPage(OfDraft, TemplateView):
    """The second step, and changing it later: its weight, whom it concerns, what it says to its source."""

    template_name = "performance/staff/indicator.html"

    @cached_property
    def indicator(self) -> Indicator:
        if "indicator" in self.kwargs:
            return get_object_or_404(Indicator, scheme=self.scheme, pk=self.kwargs["indicator"])
        return Indicator(scheme=self.scheme, source=self.kwargs["source"])

    @cached_property
    def source(self) -> Source:
        found = sources().get(self.indicator.source)
        if found is None:
            raise Http404
        return found

    def get_page_title(self) -> str:
        return self.indicator.title or _("Add an indicator")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # What stands in the address is in ``kwargs``, under the same names.
        facts: dict[str, Any] = {"source": self.source, "indicator": self.indicator}
        if "form" not in kwargs:
            facts |= {"form": self._form(), "settings_form": self._settings_form()}
        return super().get_context_data(*args, **{**kwargs, **facts})

    def _form(self, data: Any = None) -> IndicatorForm:
        initial = {} if self.indicator.pk else {"title": str(self.source.name)}
        return IndicatorForm(data, instance=self.indicator, initial=initial, prefix="indicator")

    def _settings_form(self, data: Any = None) -> SettingsForm:
        quarter = self.quarter
        stored = self.indicator.settings if self.indicator.pk else None
        return self.source.settings_form(
            data, initial=stored, prefix="settings",
            division=self.division, starts_on=quarter.starts_on, ends_on=quarter.ends_on,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, settings_form = self._form(request.POST), self._settings_form(request.POST)
        if not all([form.is_valid(), settings_form.is_valid()]):
            context = self.get_context_data(form=form, settings_form=settings_form)
            return self.render_to_response(context, status=400)
        try:
            save_indicator(form.instance, settings=settings_form.cleaned_data, by=self.person, at=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return self.render_to_response(self.get_context_data(form=form, settings_form=settings_form), status=409)
        messages.success(request, _("Saved."))
        return redirect(self.scheme_url())


# -- the last steps -------------------------------------------------------------------------------


class AdoptPage(OfDraft, QuarterAction):
    page_title = gettext_lazy("Adopt the scheme")
    submit_label = gettext_lazy("Adopt it")
    success_message = gettext_lazy("The scheme is in force. Compute the quarter to see it at work.")

    def get_explanation(self) -> list[str]:
        return [
            _("From now on the quarter is computed by it; a version that was in force before is kept and superseded."),
            _("It does not change any more: a change is the next version."),
        ]

    def act(self, cleaned: dict[str, Any]) -> Any:
        return adopt_scheme(self.scheme, by=self.person, at=now())

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(*args, problems=list(problems_of(self.scheme)), **kwargs)


class DiscardPage(OfDraft, QuarterAction):
    page_title = gettext_lazy("Discard the draft")
    submit_label = gettext_lazy("Discard it")
    success_message = gettext_lazy("The draft is gone.")

    def get_explanation(self) -> list[str]:
        return [_("The draft with its indicators, conditions, thresholds and grades is deleted. Nothing else changes.")]

    def act(self, cleaned: dict[str, Any]) -> Any:
        return discard_draft(self.scheme, by=self.person, at=now())

    def form_valid(self, form: Any) -> Any:
        url = self.quarter_url()
        answer = super().form_valid(form)
        return HttpResponseRedirect(url) if isinstance(answer, HttpResponseRedirect) else answer


class SchemesViewSet(ViewSet):
    name = "schemes"
    url_prefix = "schemes"

    def get_urlpatterns(self) -> list[Any]:
        from performance.staff.comparing import ComparePage

        return [
            path("start/<uuid:uuid>/", StartPage.as_view(), name="start"),
            path("<int:pk>/", SchemePage.as_view(), name="scheme"),
            path("<int:pk>/indicators/add/", SourcesPage.as_view(), name="add_indicator"),
            path("<int:pk>/indicators/add/<slug:source>/", IndicatorPage.as_view(), name="add_of"),
            path("<int:pk>/indicators/<int:indicator>/", IndicatorPage.as_view(), name="indicator"),
            path("<int:pk>/compare/", ComparePage.as_view(), name="compare"),
            path("<int:pk>/adopt/", AdoptPage.as_view(), name="adopt"),
            path("<int:pk>/discard/", DiscardPage.as_view(), name="discard"),
        ]
