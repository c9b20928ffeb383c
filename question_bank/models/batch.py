"""Files of questions that were brought in."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from members.models import User
from question_bank.enums import BatchState, Difficulty, RowOutcome
from question_bank.models.question import Question
from question_bank.models.topic import Topic


class ColumnLayout(models.Model):
    """How a person said that the columns of a table are to be read; remembered for tables with the same headings."""

    signature = models.CharField(max_length=64, unique=True)
    layout = models.JSONField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("column layout")
        verbose_name_plural = _("column layouts")

    def __str__(self) -> str:
        return self.signature


class ImportBatch(models.Model):
    """One file of questions on its way into the bank: read, looked at, taken over all or nothing, perhaps undone.

    ``layout`` is how the columns of a table are read (``question_bank.domain.importing.tables``), null for other kinds
    of files. ``content`` is emptied once nothing can be read from it any more.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(_("file name"), max_length=255)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    format = models.CharField(_("kind of file"), max_length=24, blank=True)
    layout = models.JSONField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=BatchState, default=BatchState.READING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # Taken from the queue by the worker that set it; a worker that died stops renewing it.
    lease_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(_("what went wrong"), max_length=500, blank=True)
    losses = models.JSONField(default=list, blank=True)
    # For questions of which the file does not say it.
    default_topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("topic if the file names none")
    )
    default_difficulty = models.CharField(
        _("difficulty if the file names none"), max_length=8, choices=Difficulty, default=Difficulty.MEDIUM
    )
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"))
    committed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("taken over by")
    )
    committed_at = models.DateTimeField(_("taken over at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("undone by")
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = _("file of questions")
        verbose_name_plural = _("files of questions")
        constraints = [
            models.CheckConstraint(
                condition=Q(committed_at=None) | Q(committed_by__isnull=False), name="question_bank_batch_taken_by_one"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(committed_at__isnull=False, undone_by__isnull=False),
                name="question_bank_batch_undone_after_taken",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    """Words for sets of rows."""

    def taken(self) -> Self:
        return self.filter(is_taken=True)


class ImportRow(models.Model):
    """One question of a file as the dry run shows it, and what became of it.

    ``draft`` is a ``QuestionDraft`` as JSON, null where the row was refused. ``question`` is the one it is compared
    with: the same one for a changed or identical row, the most alike for a near-duplicate.
    """

    # Its number, unique in the batch, has an index that begins with the batch.
    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    place = models.CharField(_("place in the file"), max_length=120)
    outcome = models.CharField(_("outcome"), max_length=10, choices=RowOutcome)
    draft = models.JSONField(null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    excerpt = models.CharField(_("beginning"), max_length=200, blank=True)
    question = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="+")
    # Of another row of the same file, where that is what it repeats.
    repeats = models.PositiveIntegerField(null=True)
    likeness_percent = models.PositiveSmallIntegerField(null=True)
    is_taken = models.BooleanField(_("take over"), default=False)
    made = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="made_by_rows")
    # What an undo goes back to: the draft of that day, and what was published beside it.
    revision_before = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+")
    published_before = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+")

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "number"]
        verbose_name = _("row of a file")
        verbose_name_plural = _("rows of a file")
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="question_bank_row_numbered_once"),
            models.CheckConstraint(
                condition=Q(is_taken=False) | ~Q(outcome="refused"), name="question_bank_refused_row_not_taken"
            ),
        ]
        indexes = [models.Index(fields=["batch", "outcome", "number"], name="question_bank_row_outcome")]

    def __str__(self) -> str:
        return self.place

    def words(self) -> dict[str, Any]:
        """The draft's fields, empty for a refused row."""
        return self.draft or {}
