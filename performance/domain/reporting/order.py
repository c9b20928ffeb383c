"""What is to be written: of which computation, about whom, for whom."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from members.models import Division, User
from performance.domain.reporting.rows import Passed, Townships, tell_nobody
from performance.domain.reporting.scope import cards_of
from performance.domain.reporting.words import minute
from performance.models import Computation, Scheme, Scorecard, ScoreLine


@dataclass(frozen=True, kw_only=True)
class Order:
    """``by`` bounds the rows. ``passed`` is told how many people more have been written, and may stop it by raising."""

    computation: Computation
    division: Division
    by: User
    at: datetime
    reason: str = ""
    passed: Passed = tell_nobody
    townships: Townships = field(default_factory=Townships)

    @property
    def cards(self) -> QuerySet[Scorecard]:
        return cards_of(self.computation, division=self.division, by=self.by)

    @property
    def scheme(self) -> Scheme:
        return self.computation.scheme

    def silent(self) -> "Order":
        """The same read only to be measured: nobody is told of progress, but it can be stopped all the same."""
        return replace(self, passed=lambda count: self.passed(0))

    @property
    def watermark(self) -> str:
        return f"{self.by.name} {minute(self.at)}"

    def taken_out(self) -> list[str]:
        """Who took the file out, when and what for. Not part of what its digest covers."""
        text = _("Exported by %(name)s on %(moment)s. Used for: %(reason)s")
        return [text % {"name": self.by.name, "moment": minute(self.at), "reason": self.reason}] if self.reason else []

    def fingerprint(self) -> tuple[object, ...]:
        """Differs when a correction or a new computing came in between: then two readings are not of one thing."""
        people = self.cards.order_by().aggregate(Count("pk"), Sum("total"))
        lines = ScoreLine.objects.filter(scorecard__in=self.cards.order_by().values("pk")).order_by()
        sums = lines.aggregate(Count("pk"), Sum("points"))
        return (*people.values(), *sums.values())
