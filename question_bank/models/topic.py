"""The tree of what is asked about."""

from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LEVEL_DIGITS = 2


class TopicQuerySet(models.QuerySet["Topic"]):
    def subtree_of(self, topic: "Topic") -> Self:
        """The topic and everything below it."""
        return self.filter(code__startswith=topic.code)


class Topic(models.Model):
    """A subject questions belong to; its code places it: two digits a level, ``0203`` stands below ``02``."""

    code = models.CharField(
        _("code"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^([0-9]{2}){1,6}$", _("Two digits for each level, such as 02 or 0203."))],
        help_text=_("Two digits for each level: 0203 stands below 02."),
    )
    title = models.CharField(pgettext_lazy("topic", "title"), max_length=60)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def level(self) -> int:
        return len(self.code) // LEVEL_DIGITS
