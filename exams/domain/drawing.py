"""Drawing people at random, and repeating a draw from its record."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from exams.domain.audience import drawn_lately, eligible
from exams.domain.refusals import (
    ExamNotEditable,
    NobodyToExamine,
    NotAllowed,
    PopulationTooSmall,
    ReasonMissing,
)
from exams.domain.selection import ALGORITHM, select, select_by_stratum
from exams.enums import Audience, ExamState
from exams.models import Draw, Exam
from exams.rules import may_manage_exam
from members.models import User

SEED_BYTES = 16


@transaction.atomic
def draw_candidates(exam: Exam, *, by: User, at: datetime, seed: str = "", reason: str = "") -> Draw:
    """Draw the people of an exam in preparation and keep everything needed to repeat it.

    ``seed`` may be a public number nobody here controls, such as a lottery result; without one it
    is 128 random bits. Every draw is kept; drawing again needs a ``reason``, which is published.
    Raises NotAllowed, ExamNotEditable, ReasonMissing, NobodyToExamine, PopulationTooSmall,
    AudienceOutsideDivision.
    """
    exam = Exam.objects.select_for_update(of=("self",)).select_related("division", "audience_division").get(pk=exam.pk)
    if not may_manage_exam(by, exam):
        raise NotAllowed(_("This exam belongs to a division that is not yours."))
    if exam.state != ExamState.DRAFT:
        raise ExamNotEditable(_("People can only be drawn before the exam is published."))
    if exam.audience != Audience.DRAW:
        raise ExamNotEditable(_("This exam does not draw its people."))
    last = exam.draws.aggregate(last=Max("number"))["last"] or 0
    if last and not reason.strip():
        raise ReasonMissing(_("People were drawn before. Say why they are drawn again."))
    record = _drawn_record(exam, seed or secrets.token_hex(SEED_BYTES), at=at)
    draw = Draw.objects.create(
        exam=exam, number=last + 1, record=record, reason=reason.strip(), drawn_by=by, drawn_at=at
    )
    log(exam, "exams.draw", user=by, timestamp=at, data={"draw": str(draw.uuid), "size": record["size"]})
    return draw


def repeat_draw(record: Mapping[str, Any]) -> list[str]:
    """The codes a published record must give, in the order drawn. Pure: it reads nothing but ``record``."""
    population = sorted((code, township) for code, township in record["population"])
    if record["by_township"]:
        return select_by_stratum(record["seed"], population, record["size"])
    return select(record["seed"], [code for code, _township in population], record["size"])


def draw_is_true(draw: Draw) -> bool:
    """Does repeating the published record give the published result?"""
    return bool(draw.record["algorithm"] == ALGORITHM and repeat_draw(draw.record) == draw.record["drawn"])


def _drawn_record(exam: Exam, seed: str, *, at: datetime) -> dict[str, Any]:
    sitters, resting = eligible(exam, at=at), drawn_lately(exam, at=at)
    # Sorted here too: a database may order codes by a language, whoever repeats the draw orders them as text.
    population = sorted((sitter.code, sitter.township_code) for sitter in sitters if sitter.person_id not in resting)
    if not population:
        raise NobodyToExamine(_("There is nobody to draw from."))
    size = exam.draw_count or -(-(exam.draw_percent or 0) * len(population) // 100)
    if not size:
        raise NobodyToExamine(_("Say how many people are to be drawn."))
    if size > len(population):
        raise PopulationTooSmall(
            _("%(size)s people are to be drawn, but only %(people)s can be.")
            % {"size": size, "people": len(population)}
        )
    record: dict[str, Any] = {
        "algorithm": ALGORITHM,
        "seed": seed,
        "size": size,
        "by_township": exam.draw_by_township,
        "population": population,
        "left_out": [sitter.code for sitter in sitters if sitter.person_id in resting],
    }
    return {**record, "drawn": repeat_draw(record)}
