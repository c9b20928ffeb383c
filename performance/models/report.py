"""Files of a quarter that were asked for, and the documents a reader may hold against them."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import Division, User
from members.models.division import ancestor_codes, prefix_of
from performance.enums import UNFINISHED_REPORTS, ReportKind, ReportState
from performance.models.scorecard import Computation, Scorecard


class ReportQuerySet(models.QuerySet["Report"]):
    def of(self, person: User) -> Self:
        return self.filter(asked_by=person)

    def expired(self, *, at: datetime) -> Self:
        return self.filter(expires_at__lte=at).exclude(file="")

    def unfinished(self) -> Self:
        return self.filter(state__in=UNFINISHED_REPORTS)


class Report(models.Model):
    """One file, written in the background for who asked; private to them, and gone after some days."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    computation = models.ForeignKey(Computation, models.PROTECT, related_name="reports")
    kind = models.CharField(_("file"), max_length=16, choices=ReportKind)
    # People of this division alone.
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("division"))
    reason = models.CharField(_("what it is for"), max_length=200)
    language = models.CharField(max_length=12)
    state = models.CharField(_("state"), max_length=10, choices=ReportState, default=ReportState.WAITING)
    # People written, and how many there are.
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    file = models.FileField(upload_to="reports/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked for at"))
    finished_at = models.DateTimeField(null=True)
    # While a worker writes: until then nobody else takes it up. Renewed at every chunk of rows.
    lease_until = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(_("is deleted at"))
    downloads = models.PositiveIntegerField(_("downloads"), default=0)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("file of a quarter")
        verbose_name_plural = _("files of quarters")

    def __str__(self) -> str:
        return self.file_name or self.get_kind_display()


class DocumentQuerySet(models.QuerySet["Document"]):
    def sheets_about(self, card: Scorecard) -> Self:
        """The official sheets on which this scorecard stands, the newest first."""
        above = ancestor_codes(prefix_of(card.division_code))
        sheets = self.filter(computation=card.computation_id, kind=ReportKind.SHEETS, division__code__in=above)
        return sheets.order_by("-issued_at", "-pk")


class Document(models.Model):
    """A paper that was issued: its number and the digest of what stood on it, for whoever scans its code.

    The same content gives the same document, however often it is printed.
    """

    # In the address of the page that verifies it: not to be guessed, short enough for a small code.
    key = models.CharField(max_length=24, unique=True)
    number = models.CharField(_("document number"), max_length=60, unique=True)
    title = models.CharField(pgettext_lazy("report", "title"), max_length=200)
    digest = models.CharField(max_length=64)
    computation = models.ForeignKey(Computation, models.PROTECT, related_name="documents")
    kind = models.CharField(_("file"), max_length=16, choices=ReportKind, blank=True)
    # People of this division alone stand on it; none where it is about one person.
    division = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("division")
    )
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("issued at"))

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at"]
        verbose_name = _("issued document")
        verbose_name_plural = _("issued documents")
        constraints = [
            models.UniqueConstraint(fields=["computation", "digest"], name="performance_document_once"),
            models.CheckConstraint(condition=~Q(digest=""), name="performance_document_has_a_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
