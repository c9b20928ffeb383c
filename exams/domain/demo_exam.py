"""The demo county's exams: one to sit now, one that is over, one to draw and publish oneself."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import transaction

from exams.domain.closing import hand_in
from exams.domain.drawing import draw_candidates
from exams.domain.publishing import request_publication, run_publication
from exams.domain.saving import milliseconds
from exams.domain.sitting import open_attempt
from exams.domain.steering import close_exam, release_results
from exams.enums import Audience, PublicationState, ReleaseRule
from exams.models import Attempt, Blueprint, BlueprintRow, Candidate, Exam, Response
from members.models import Division, User
from question_bank.enums import Kind
from question_bank.models import QuestionVersion

OPEN_NOW = "应知应会随机测试（演示）"
LAST_TIME = "上月应知应会抽查测试（演示）"
IN_PREPARATION = "本周抽查（演示，待抽签）"
COUNTY = "530999000000"
# One in twelve of those drawn last time stayed away, and most answers were right: a table worth looking at.
ABSENT_EVERY = 12
KNOWN = 0.82


def prepare_demo_exams(*, by: User, at: datetime) -> None:
    """Make the three exams unless they are there. Everything goes the way an office would go."""
    county = Division.objects.get(code=COUNTY)
    _hold_last_time(county, by=by, at=at)
    if not Exam.objects.filter(title=OPEN_NOW).exists():
        exam = Exam.objects.create(
            title=OPEN_NOW,
            division=county,
            blueprint=_blueprint(
                county,
                "随机测试 20 题（演示）",
                ((Kind.SINGLE, 6), (Kind.MULTIPLE, 5), (Kind.TRUE_FALSE, 5), (Kind.FILL, 4)),
            ),
            opens_at=at - timedelta(days=1),
            closes_at=at + timedelta(days=14),
            minutes=30,
            release_rule=ReleaseRule.AT_ONCE,
            created_by=by,
        )
        _publish(exam, by=by, at=at)
    if not Exam.objects.filter(title=IN_PREPARATION).exists():
        Exam.objects.create(
            title=IN_PREPARATION,
            division=county,
            blueprint=_blueprint(
                county, "抽查 10 题（演示）", ((Kind.SINGLE, 5), (Kind.TRUE_FALSE, 3), (Kind.SHORT, 2))
            ),
            opens_at=at,
            closes_at=at + timedelta(days=7),
            minutes=15,
            audience=Audience.DRAW,
            draw_percent=10,
            draw_by_township=True,
            draw_rest_days=60,
            created_by=by,
        )


def _blueprint(county: Division, title: str, parts: tuple[tuple[Kind, int], ...]) -> Blueprint:
    existing: Blueprint | None = Blueprint.objects.filter(title=title).first()
    if existing:
        return existing
    points = Decimal(100) / sum(count for _kind, count in parts)
    blueprint: Blueprint = Blueprint(title=title, division=county)
    blueprint.rows = [
        BlueprintRow(kind=kind, count=count, points_each=points, sort_order=number)
        for number, (kind, count) in enumerate(parts)
    ]
    blueprint.save()
    return blueprint


def _publish(exam: Exam, *, by: User, at: datetime) -> None:
    """Publish at once: a demo has no worker to wait for yet."""
    publication = request_publication(exam, by=by, at=at)
    publication.refresh_from_db()
    if publication.state == PublicationState.WAITING:
        run_publication(publication.pk, at=at)
    exam.refresh_from_db()


def _hold_last_time(county: Division, *, by: User, at: datetime) -> None:
    """A drawn spot test of last month, sat by most of those drawn, marked and released."""
    drawn = {"audience": Audience.DRAW, "draw_percent": 30, "draw_by_township": True}
    _hold(LAST_TIME, county, began=at - timedelta(days=30), by=by, **drawn)


def hold_demo_test_for_everybody(title: str, county: Division, *, began: datetime, by: User) -> None:
    """A test of the whole county that is over, unless there is one with that title."""
    _hold(title, county, began=began, by=by)


def _hold(title: str, county: Division, *, began: datetime, by: User, **who: Any) -> None:
    if Exam.objects.filter(title=title).exists():
        return
    exam = Exam.objects.create(
        title=title,
        division=county,
        blueprint=_blueprint(
            county,
            "随机测试 20 题（演示）",
            ((Kind.SINGLE, 6), (Kind.MULTIPLE, 5), (Kind.TRUE_FALSE, 5), (Kind.FILL, 4)),
        ),
        opens_at=began,
        closes_at=began + timedelta(days=2),
        minutes=30,
        release_rule=ReleaseRule.BY_HAND,
        created_by=by,
        **who,
    )
    if exam.audience == Audience.DRAW:
        draw_candidates(exam, by=by, at=began, seed="岚溪县演示抽签")
    _publish(exam, by=by, at=began)
    for number, candidate in enumerate(exam.candidates.select_related("exam__blueprint").order_by("pk"), start=1):
        if number % ABSENT_EVERY:
            _sit(candidate, at=began + timedelta(minutes=7 * number), chance=Random(number))  # noqa: S311 - invented answers, not a draw
    close_exam(exam, by=by, at=exam.closes_at)
    release_results(exam, by=by, at=exam.closes_at)


@transaction.atomic
def _sit(candidate: Candidate, *, at: datetime, chance: Random) -> None:
    attempt, _created = open_attempt(candidate, at=at)
    done = at + timedelta(seconds=chance.randint(540, 1620))
    Response.objects.bulk_create(_answers(attempt, at=done, chance=chance))
    hand_in(attempt, at=done)


def _answers(attempt: Attempt, *, at: datetime, chance: Random) -> list[Response]:
    items = attempt.paper.rows()
    versions = QuestionVersion.objects.in_bulk([item.version_id for item in items])
    talent = min(1.0, max(0.35, chance.gauss(KNOWN, 0.12)))
    return [
        Response(
            attempt=attempt,
            number=item.number,
            sequence=milliseconds(at),
            saved_at=at,
            answer=_answer(versions[item.version_id], knows=chance.random() < talent, chance=chance),
        )
        for item in items
    ]


def _answer(version: QuestionVersion, *, knows: bool, chance: Random) -> dict[str, Any]:
    if version.kind == Kind.FILL:
        right = [accepted[0] for accepted in version.key["blanks"]]
        return {"blanks": right if knows else ["不清楚", *right[1:]]}
    if knows:
        return {"options": version.key["options"]}
    wrong = [option["id"] for option in version.shown["options"] if option["id"] not in version.key["options"]]
    if version.kind == Kind.MULTIPLE and (not wrong or chance.random() < 0.6):
        return {"options": version.key["options"][:1]}
    return {"options": [chance.choice(wrong)]}
