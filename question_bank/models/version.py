"""Questions as they were asked."""

from datetime import date
from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from question_bank.enums import BLOCKING_REASONS, Difficulty, Kind
from question_bank.models.question import Question
from question_bank.models.recheck import Recheck
from question_bank.models.topic import Topic


class VersionIsFrozen(Exception):
    """Somebody tried to change or delete a version; papers and marks rest on it."""


class QuestionVersionQuerySet(models.QuerySet["QuestionVersion"]):
    def askable(self, *, first: date, last: date) -> Self:
        """Current versions of published questions that hold from ``first`` to ``last``, and so does what they cite.

        A question whose rightness is in doubt is not asked.
        """
        cited = "current_for__entry"
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=first),
            Q(valid_to=None) | Q(valid_to__gte=last),
            Q(**{cited: None}) | Q(**{f"{cited}__valid_to": None}) | Q(**{f"{cited}__valid_to__gte": last}),
            ~Exists(Recheck.objects.open().filter(question=OuterRef("question"), reason__in=BLOCKING_REASONS)),
            current_for__live=True,
        )

    def as_asked(self) -> Self:
        """Only what a candidate may see: the key stays in the database."""
        return self.only("id", "kind", "shown")


class QuestionVersion(models.Model):
    """The frozen wording and key of a question. Never changed, and never deleted once somebody was asked it.

    ``shown`` is what a candidate sees::

        {"stem": str, "options": [{"id": str, "text": str, "anchored": bool}], "in_order": bool, "blanks": int,
         "figures": [{"digest": str, "width": int, "height": int, "description": str}]}    the last only if any

    ``key`` is what stays on the server::

        {"options": [id, ...]}                                      choice kinds
        {"blanks": [[accepted, ...], ...], "any_order": bool}       fill in
        {"guide": str}                                              short answer
    """

    question = models.ForeignKey(Question, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="versions")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    difficulty = models.CharField(_("difficulty"), max_length=8, choices=Difficulty)
    shown = models.JSONField()
    key = models.JSONField()
    explanation = models.TextField(_("explanation"), blank=True)
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    region = models.CharField(_("region"), max_length=60, blank=True)
    valid_from = models.DateField(_("valid from"), null=True)
    valid_to = models.DateField(_("valid to"), null=True)
    # SHA-256 over everything above: publishing an unchanged question makes no new version.
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(_("frozen at"))

    objects = QuestionVersionQuerySet.as_manager()

    class Meta:
        ordering = ["question", "-number"]
        verbose_name = _("question version")
        verbose_name_plural = _("question versions")
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="question_bank_version_numbered_once")
        ]
        indexes = [models.Index(fields=["topic", "kind", "difficulty"], name="question_bank_version_cell")]

    def __str__(self) -> str:
        return f"{self.question_id}.{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise VersionIsFrozen
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise VersionIsFrozen
