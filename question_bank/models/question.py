"""Questions as they are edited."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, Orderable, PreviewableMixin, RevisionMixin, WorkflowMixin
from wagtail.search import index

from cms.models import EntryPage
from common.search_terms import index_terms
from question_bank.enums import CHOICE_KINDS, Difficulty, Kind
from question_bank.models.topic import Topic
from question_bank.validators import answers_in, blanks_marked, check_question_fields, validate_plain_text


class QuestionQuerySet(models.QuerySet["Question"]):
    def live(self) -> Self:
        return self.filter(live=True)

    def expired(self, *, on: date) -> Self:
        return self.filter(valid_to__lt=on)


class Question(
    PreviewableMixin, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, index.Indexed, ClusterableModel
):
    """Something that may be asked. It is edited and reviewed; papers point at its frozen versions."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The index of the cell below begins with the topic.
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="questions", verbose_name=_("topic"), db_index=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    difficulty = models.CharField(_("difficulty"), max_length=8, choices=Difficulty, default=Difficulty.MEDIUM)
    stem = models.TextField(
        _("stem"),
        max_length=2000,
        validators=[validate_plain_text],
        help_text=_("Fill in: write each blank as ____ (four underscores)."),
    )
    options_in_order = models.BooleanField(
        _("keep the order of the options"),
        default=False,
        help_text=_("For options whose order is part of the question, such as rising figures."),
    )
    statement_is_true = models.BooleanField(_("the statement is true"), null=True, blank=True)
    blanks_in_any_order = models.BooleanField(_("the blanks may be filled in any order"), default=False)
    entry = models.ForeignKey(
        EntryPage,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("tests the entry"),
        help_text=_("The entry of a handbook that holds the answer. When it changes, the question is checked again."),
    )
    marking_guide = models.TextField(_("marking guide"), max_length=4000, blank=True, validators=[validate_plain_text])
    explanation = models.TextField(_("explanation"), max_length=2000, blank=True, validators=[validate_plain_text])
    basis = models.CharField(
        _("basis"), max_length=200, blank=True, help_text=_("The law and article, document or rule this rests on.")
    )
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    region = models.CharField(_("region"), max_length=60, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("The file or the book it came from.")
    )
    # What the file it came from calls it: brought in again it is the same question.
    source_key = models.CharField(max_length=120, blank=True, db_index=True, editable=False)
    current_version = models.OneToOneField(
        "QuestionVersion", models.PROTECT, null=True, blank=True, editable=False, related_name="current_for"
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = QuestionQuerySet.as_manager()

    search_fields = [
        index.SearchField("stem"),
        index.AutocompleteField("stem"),
        index.SearchField("search_terms"),
        index.FilterField("topic_id"),
        index.FilterField("kind"),
        index.FilterField("difficulty"),
        index.FilterField("live"),
    ]

    class Meta:
        ordering = ["topic__code", "pk"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="question_bank_question_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]
        indexes = [models.Index(fields=["topic", "kind", "difficulty"], name="question_bank_question_cell")]

    def __str__(self) -> str:
        return self.stem[:60]

    def clean(self) -> None:
        super().clean()
        check_question_fields(self)

    @property
    def search_terms(self) -> str:
        """What the index holds, beside the stem as it stands."""
        return index_terms("\n".join([self.stem, self.explanation, self.basis, self.document_number, self.source]))

    @property
    def blank_count(self) -> int:
        return blanks_marked(self.kind, self.stem)

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "question_bank/preview.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        return {"question": self, "shown": self.shown_content(), "request": request}

    def shown_content(self, option_ids: Sequence[str] = ()) -> dict[str, Any]:
        """What a candidate sees, in the shape of ``QuestionVersion.shown``.

        ``option_ids`` name the options; without them they are called by their place (a preview).
        """
        options: list[dict[str, Any]] = []
        if self.kind == Kind.TRUE_FALSE:
            options = [{"id": "true", "text": "对", "anchored": True}, {"id": "false", "text": "错", "anchored": True}]
        elif self.kind in CHOICE_KINDS:
            rows = list(self.options.all())
            ids = option_ids or [str(place) for place in range(1, len(rows) + 1)]
            options = [
                {"id": name, "text": row.text, "anchored": row.is_anchored} for name, row in zip(ids, rows, strict=True)
            ]
        shown = {"stem": self.stem, "options": options, "in_order": self.options_in_order, "blanks": self.blank_count}
        # Left out where there are none, so that a version made before there were figures still equals its question.
        figures = [
            {
                "digest": row.figure.digest,
                "width": row.figure.width,
                "height": row.figure.height,
                "description": row.description,
            }
            for row in self.figures.all()
        ]
        return shown | ({"figures": figures} if figures else {})


class AnswerOption(Orderable):
    """One of the options of a choice question."""

    question = ParentalKey(Question, on_delete=models.CASCADE, related_name="options")
    text = models.CharField(_("text"), max_length=500, validators=[validate_plain_text])
    is_right = models.BooleanField(_("right"), default=False)
    is_anchored = models.BooleanField(
        _("keeps its place"), default=False, help_text=_("For options such as “all of the above”.")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("option")
        verbose_name_plural = _("options")

    def __str__(self) -> str:
        return self.text


class Blank(Orderable):
    """One blank of a fill-in question with everything that counts as right."""

    question = ParentalKey(Question, on_delete=models.CASCADE, related_name="blanks")
    accepted = models.TextField(
        _("accepted answers"),
        max_length=1000,
        validators=[validate_plain_text],
        help_text=_("One a line. Width, spaces and punctuation do not matter."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("blank")
        verbose_name_plural = _("blanks")

    def __str__(self) -> str:
        return self.accepted.splitlines()[0] if self.accepted else ""

    def accepted_answers(self) -> list[str]:
        return answers_in(self.accepted)
