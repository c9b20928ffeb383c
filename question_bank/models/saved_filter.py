"""Choices in a list that somebody wants to find again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models import User


class SavedFilter(models.Model):
    """What a person narrows the list of questions to, under a name; ``query`` is the query of the list's address."""

    person = models.ForeignKey(User, models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000)

    class Meta:
        ordering = ["name"]
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="question_bank_filter_named_once")]

    def __str__(self) -> str:
        return self.name
