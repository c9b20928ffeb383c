"""How days, posts and limits are said in files and on paper."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.tables import local
from members.enums import PostingRole, StaffCategory
from performance.enums import Measure, QuarterState
from performance.models import Computation, Quarter


def minute(moment: datetime) -> str:
    return local(moment).strftime("%Y-%m-%d %H:%M")


def labels(choices: type[models.TextChoices]) -> dict[str, str]:
    """In the reader's language, looked up once a file: a translation costs as much as a row."""
    return {"": "", **{value: str(label) for value, label in choices.choices}}


class Words:
    """Every label that rows need."""

    def __init__(self) -> None:
        self.roles, self.categories, self.measures = labels(PostingRole), labels(StaffCategory), labels(Measure)

    def group(self, role: str, category: str) -> str:
        return f"{self.roles[role]}·{self.categories[category]}"


def limits_that_hold(limits: Iterable[Mapping[str, Any]]) -> list[str]:
    """What kept a grade from being better: of the conditions that were met those that made a difference."""
    return [str(limit.get("text", "")) for limit in limits if limit.get("holds", True)]


def limits_in_words(limits: Iterable[Mapping[str, Any]]) -> str:
    return "；".join(limits_that_hold(limits))


def quarter_title(quarter: Quarter) -> str:
    """``岚溪县2026年第3季度``."""
    words = {"division": quarter.division.name, "year": quarter.year, "number": quarter.number}
    return _("%(division)s, quarter %(number)s of %(year)s") % words


def standing(computation: Computation) -> str:
    """How final these figures are, for everybody who reads them."""
    if computation.closed_at is not None:
        return _("Closed on %(moment)s.") % {"moment": minute(computation.closed_at)}
    if computation.published_at is None:
        return _("Provisional: not published to those concerned.")
    if computation.quarter.state == QuarterState.PUBLISHED:
        return _("Published on %(moment)s; objections may still change it.") % {
            "moment": minute(computation.published_at)
        }
    return _("Published on %(moment)s.") % {"moment": minute(computation.published_at)}


def basis(computation: Computation) -> list[str]:
    """The lines under every title: which evidence counted, by which scheme, and how final it is."""
    scheme = computation.scheme
    counted = _("Counts what was known on %(moment)s. Scheme: %(title)s, version %(version)s. %(standing)s") % {
        "moment": minute(computation.cutoff),
        "title": scheme.title,
        "version": scheme.version,
        "standing": standing(computation),
    }
    return [counted, *([scheme.note] if scheme.note else [])]


def signatures() -> list[str]:
    return [_("Prepared by"), _("Checked by"), _("Approved by")]


def number_line(number: str) -> str:
    return pgettext("document", "No. %(number)s") % {"number": number}
