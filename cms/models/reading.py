"""Who has read what. It counts nothing; it tells a person what is new, and trainers what nobody reads."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from cms.models.page import BasePage
from members.models import User


class ReadingQuerySet(models.QuerySet["ReadingRecord"]):
    """Words for sets of reading records."""

    def of(self, person: User) -> Self:
        return self.filter(person=person)


class ReadingRecord(models.Model):
    """The version of an entry or a notice that a person has said they have read; one row a person and page."""

    person = models.ForeignKey(User, models.CASCADE, related_name="readings", verbose_name=_("person"))
    page = models.ForeignKey(BasePage, models.CASCADE, related_name="readings", verbose_name=_("page"))
    revision = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+", verbose_name=_("version"))
    read_at = models.DateTimeField(_("read"))

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading record")
        verbose_name_plural = _("reading records")
        constraints = [models.UniqueConstraint(fields=["person", "page"], name="cms_reading_once_a_person")]

    def __str__(self) -> str:
        return f"{self.person} · {self.page}"
