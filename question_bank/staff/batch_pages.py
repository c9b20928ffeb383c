"""The page of one file of questions in each of its states, and what can be done from it."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from wagtail.admin import messages

from common.clock import now
from common.refusals import Refusal
from question_bank.domain.batches import choose_every_row, choose_layout, choose_rows, request_commit, request_undo
from question_bank.domain.importing.layouts import Layout
from question_bank.domain.importing.tables import read_sheets
from question_bank.enums import BatchState, RowOutcome
from question_bank.models import ImportBatch
from question_bank.staff.batch_forms import (
    KINDS,
    WholeFileForm,
    WrongMapping,
    codes_for,
    corrected,
    meanings,
    shown_blocks,
)
from question_bank.staff.batch_rows import outcomes_of, shown_rows, with_questions
from question_bank.staff.reports import ReportPage, number_in

MAY_ADD = "question_bank.add_question"
ROWS_A_PAGE = 50
# Nothing of these is decided: the worker is at it.
WORKING = frozenset({BatchState.READING, BatchState.COMMITTING, BatchState.UNDOING})
FORMATS = {
    "table": gettext_lazy("Table"),
    "word": "Word",
    "text": gettext_lazy("Plain text"),
    "gift": "GIFT",
    "aiken": "Aiken",
    "moodle": "Moodle XML",
    "qti": "QTI",
}


class OfBatch(ReportPage):
    """A page about one file. The bank is shared: every trainer sees every file."""

    header_icon = "upload"

    @cached_property
    def batch(self) -> ImportBatch:
        people = ("uploaded_by", "committed_by", "undone_by", "default_topic")
        batches = ImportBatch.objects.select_related(*people).defer("content")
        return get_object_or_404(batches, uuid=self.kwargs["uuid"])

    @property
    def may_add(self) -> bool:
        return self.person.has_perm(MAY_ADD)

    def get_page_subtitle(self) -> str:
        return self.batch.file_name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("question_files:index"), "label": _("Files of questions")},
            {"url": "", "label": self.batch.file_name},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(batch=self.batch, may_add=self.may_add, **kwargs)


class BatchPage(OfBatch):
    """``?outcome=new&p=2``: the rows of one outcome, fifty at a time."""

    page_title = pgettext_lazy("questions", "File of questions")
    template_name = "question_bank/staff/batch_page.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        batch = self.batch
        if needs_columns(batch) and self.may_add:
            return redirect("question_files:columns", batch.uuid)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch = self.batch
        context = super().get_context_data(
            working=batch.state in WORKING,
            needs_columns=needs_columns(batch),
            format=FORMATS.get(batch.format.lower(), batch.format),
            **kwargs,
        )
        if batch.state in WORKING or batch.state == BatchState.REFUSED:
            return context | {"form": WholeFileForm.of(batch)}
        return context | self._rows()

    def _rows(self) -> dict[str, Any]:
        batch, asked = self.batch, self.request.GET.get("outcome", "")
        outcome = asked if asked in RowOutcome.values else ""
        counts = outcomes_of(batch)
        rows = with_questions(batch.rows.order_by("number"))
        page = self.paged(rows.filter(outcome=outcome) if outcome else rows, ROWS_A_PAGE)
        return {
            "counts": counts,
            "total": sum(each["n"] for each in counts),
            "taken": sum(each["taken"] for each in counts),
            "taken_by_outcome": [each for each in counts if each["taken"]],
            "outcome": outcome,
            "page": page,
            "rows": shown_rows(batch, list(page), to=self.person),
            "may_decide": self.may_add and batch.state == BatchState.READ,
            "form": WholeFileForm.of(batch),
        }


def needs_columns(batch: ImportBatch) -> bool:
    """Was nothing read because a person has to look at the columns first?"""
    if batch.state != BatchState.READ or not batch.layout or batch.total:
        return False
    return not Layout.from_json(batch.layout).is_sure()


class ProgressAnswer(OfBatch):
    """For the script that shows how far the worker is."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.batch
        return JsonResponse({"state": batch.state, "done": batch.done, "total": batch.total})


class BatchAction(OfBatch):
    """Something done to a file by POST; what the verb refuses is said on the page of the file."""

    needs = (MAY_ADD,)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            self.act(request)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect(self.after(request))

    def act(self, request: HttpRequest) -> None:
        raise NotImplementedError

    def after(self, request: HttpRequest) -> str:
        return reverse("question_files:batch", args=[self.batch.uuid])


class ReadAgainView(BatchAction):
    def act(self, request: HttpRequest) -> None:
        form = WholeFileForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose a topic and a difficulty of the list."))
            return
        choose_layout(self.batch, None, by=self.person, at=now(), **form.cleaned_data)


class RowsView(BatchAction):
    """Ticks of one page of rows, or one word for all rows of an outcome."""

    def act(self, request: HttpRequest) -> None:
        every, outcome = request.POST.get("every", ""), request.POST.get("outcome", "")
        if every in ("take", "skip"):
            choose_every_row(self.batch, outcome=outcome, take=every == "take")
        else:
            choose_what_was_ticked(self.batch, request)
            messages.success(request, _("The choice is saved."))

    def after(self, request: HttpRequest) -> str:
        place = {name: request.POST[name] for name in ("outcome", "p") if request.POST.get(name)}
        return f"{super().after(request)}?{urlencode(place)}#rows"


def choose_what_was_ticked(batch: ImportBatch, request: HttpRequest) -> None:
    among, taken = (_numbers(request.POST.getlist(name)) for name in ("shown", "take"))
    choose_rows(batch, among=among, taken=taken)


def _numbers(texts: list[str]) -> list[int]:
    return [number for text in texts[:ROWS_A_PAGE] if (number := number_in(text)) is not None]


class CommitView(BatchAction):
    """Saves the ticks, and takes over if that is as many questions as the button said."""

    def act(self, request: HttpRequest) -> None:
        choose_what_was_ticked(self.batch, request)
        taken = self.batch.rows.taken().count()
        if str(taken) != request.POST.get("expected"):
            text = ngettext(
                "The choice is saved: it is now %(n)s question. Look at it and press the button again.",
                "The choice is saved: it is now %(n)s questions. Look at it and press the button again.",
                taken,
            )
            messages.warning(request, text % {"n": taken})
            return
        request_commit(self.batch, by=self.person, at=now())


class ColumnsPage(OfBatch):
    """How the columns of a table are read; corrected, the file is read again and the correction remembered."""

    page_title = gettext_lazy("Columns")
    template_name = "question_bank/staff/batch_columns.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self._may_be_mapped():
            return redirect("question_files:batch", self.batch.uuid)
        return super().get(request, *args, **kwargs)

    def _may_be_mapped(self) -> bool:
        return bool(self.batch.layout) and self.batch.state in (BatchState.READ, BatchState.REFUSED)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        batch = self.batch
        if not self.may_add:
            return self.render_refused(_("You may not bring questions."), status=403)
        try:
            layout = corrected(batch.layout, request.POST)
            choose_layout(
                batch,
                layout,
                topic=batch.default_topic,
                difficulty=batch.default_difficulty,
                by=self.person,
                at=now(),
            )
        except WrongMapping as wrong:
            return self.render_refused(str(wrong), status=400)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect("question_files:batch", batch.uuid)

    def render_refused(self, why: str, *, status: int) -> HttpResponse:
        if not self._may_be_mapped():
            return HttpResponse(why, status=status, content_type="text/plain; charset=utf-8")
        return self.render_to_response(self.get_context_data(refusal=why), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        layout = Layout.from_json(self.batch.layout or {})
        sheets = read_sheets(bytes(self.batch.content)).sheets
        return super().get_context_data(
            is_sure=layout.is_sure(),
            blocks=shown_blocks(layout, sheets, self.request.POST),
            skipped=layout.skipped,
            meanings=meanings(),
            kinds=KINDS,
            right=self.request.POST.get("right", codes_for(layout, right=True)),
            wrong=self.request.POST.get("wrong", codes_for(layout, right=False)),
            **kwargs,
        )


class UndoPage(OfBatch):
    """Says how many questions would go; the POST to the same address lets the worker take the file back."""

    page_title = gettext_lazy("Undo a file of questions")
    template_name = "question_bank/staff/batch_undo.html"
    needs = (MAY_ADD,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_change = Q(outcome=RowOutcome.CHANGED)
        made = self.batch.rows.filter(made__isnull=False)
        counts = made.aggregate(changed=Count("pk", filter=is_change), added=Count("pk", filter=~is_change))
        return super().get_context_data(may_undo=self.batch.state == BatchState.COMMITTED, **counts, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            request_undo(self.batch, by=self.person)
        except Refusal as refusal:
            return self.render_to_response(self.get_context_data(refusal=str(refusal)), status=refusal.status)
        return redirect("question_files:batch", self.batch.uuid)
