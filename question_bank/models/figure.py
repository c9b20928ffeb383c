"""Pictures that belong to questions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from question_bank.models.question import Question


class Figure(models.Model):
    """A picture, known by what is in it: the same bytes are kept once. Never changed; frozen versions point at it.

    It lives in the database beside the questions that need it, so that one backup holds both. Who may look at it:
    ``question_bank.domain.showing``.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    content = models.BinaryField()
    content_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")

    def __str__(self) -> str:
        return f"{self.width} × {self.height}"


class QuestionFigure(Orderable):
    """A figure below the stem of a question, with the words for whoever cannot see it."""

    question = ParentalKey(Question, on_delete=models.CASCADE, related_name="figures")
    figure = models.ForeignKey(Figure, models.PROTECT, related_name="+", verbose_name=_("figure"))
    description = models.CharField(_("what it shows"), max_length=200)

    class Meta(Orderable.Meta):
        verbose_name = _("figure")
        verbose_name_plural = _("figures")

    def __str__(self) -> str:
        return self.description
