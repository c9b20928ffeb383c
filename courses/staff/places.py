"""Townships and teams to choose from above a list of people of a course."""

from typing import NamedTuple

from django.db.models import QuerySet
from django.db.models.functions import Substr

from courses.models import Enrolment
from members.models import Division, Team

TOWNSHIP_DIGITS = 9


class Places(NamedTuple):
    """(code, name) of the townships people come from; (number, name) of the teams of the chosen one."""

    townships: list[tuple[str, str]]
    teams: list[tuple[int, str]]
    # What was chosen, where it is one of them.
    township: str
    team: int | None

    def name_of(self, division_code: str) -> str:
        code = township_of(division_code)
        return dict(self.townships).get(code, code)


def township_of(division_code: str) -> str:
    return division_code[:TOWNSHIP_DIGITS].ljust(12, "0")


def places_of(rows: QuerySet[Enrolment], *, township: str = "", team: str = "") -> Places:
    """Three queries at most; a village is somebody's only where its township was chosen."""
    digits = rows.order_by().annotate(place=Substr("division_code", 1, TOWNSHIP_DIGITS))
    codes = {place.ljust(12, "0") for place in digits.values_list("place", flat=True).distinct()}
    townships = list(Division.objects.filter(code__in=codes).order_by("code").values_list("code", "name"))
    township = township if township in codes else ""
    teams: list[tuple[int, str]] = []
    if township:
        inside = rows.order_by().filter(division_code__startswith=township[:TOWNSHIP_DIGITS])
        found = Team.objects.filter(pk__in=inside.values("team")).order_by("code")
        teams = list(found.values_list("pk", "name"))
    chosen = int(team) if team.isascii() and team.isdigit() and len(team) < 12 else None
    return Places(townships, teams, township, chosen if chosen in dict(teams) else None)
