"""The rules of an exam in plain words, made from its real settings so that they cannot drift apart."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exams.domain.wording import moment, points
from exams.enums import CountingAttempt, MultipleRule, ReleaseRule
from exams.models import BlueprintRow, Exam
from question_bank.enums import Kind


class Rule(NamedTuple):
    """One rule: what to remember, and the rest of it."""

    heading: str
    text: str


def composition(rows: Sequence[BlueprintRow]) -> list[tuple[str, int, str]]:
    """How many questions of each kind and what each earns (empty where it differs): ``("单选题", 6, "5")``."""
    found = []
    for kind in Kind:
        of_kind = [row for row in rows if row.kind == kind]
        if of_kind:
            found.append((str(kind.label), sum(row.count for row in of_kind), _same_points(of_kind)))
    return found


def _same_points(rows: Sequence[BlueprintRow]) -> str:
    values = {row.points_each for row in rows}
    return points(values.pop()) if len(values) == 1 else ""


def rules_in_words(exam: Exam, rows: Sequence[BlueprintRow]) -> list[Rule]:
    kinds = {row.kind for row in rows}
    rules = [_time(exam), _saving()]
    if Kind.MULTIPLE in kinds:
        rules.append(_multiple(exam, [row for row in rows if row.kind == Kind.MULTIPLE]))
    if Kind.FILL in kinds:
        rules.append(Rule(_("Fill in:"), _("full or half width, spaces and punctuation do not matter.")))
    if Kind.SHORT in kinds:
        rules.append(Rule(_("Short answers are read by a person,"), _("who does not see whose they are.")))
    return [*rules, _leaving(), _release(exam)]


def _time(exam: Exam) -> Rule:
    heading = _("The clock starts at once and cannot be stopped.")
    if exam.attempts_allowed == 1:
        return Rule(heading, _("You have one attempt; when the time is up it is handed in by itself."))
    counting = {
        CountingAttempt.BEST: _("the best one counts"),
        CountingAttempt.LAST: _("the last one counts"),
        CountingAttempt.FIRST: _("the first one counts"),
        CountingAttempt.MEAN: _("their mean counts"),
    }[CountingAttempt(exam.counting_attempt)]
    text = ngettext(
        "You have %(n)d attempt, %(counting)s; when the time is up it is handed in by itself.",
        "You have %(n)d attempts, %(counting)s; when the time is up they are handed in by themselves.",
        exam.attempts_allowed,
    )
    return Rule(heading, text % {"n": exam.attempts_allowed, "counting": counting})


def _saving() -> Rule:
    return Rule(
        _("Every answer is saved as you go."),
        _("If the signal fails, go on answering; it is sent when the network is back."),
    )


def _multiple(exam: Exam, rows: Sequence[BlueprintRow]) -> Rule:
    heading = _("Multiple choice: all of it right earns all the points,")
    blueprint = exam.blueprint
    if blueprint.multiple_rule == MultipleRule.ALL_OR_NOTHING:
        return Rule(heading, _("anything missing or wrong earns none."))
    if blueprint.multiple_rule == MultipleRule.PROPORTIONAL:
        return Rule(heading, _("what is missing costs its share, a wrong pick earns none."))
    if each := _same_points(rows):
        share = points((Decimal(each) * blueprint.multiple_share_percent / 100).quantize(Decimal("0.01")))
        text = _("something missing earns %(share)s of %(each)s, a wrong pick earns none.")
        return Rule(heading, text % {"share": share, "each": each})
    text = _("something missing earns %(percent)s%%, a wrong pick earns none.")
    return Rule(heading, text % {"percent": blueprint.multiple_share_percent})


def _leaving() -> Rule:
    return Rule(_("A phone call or another page is noted as it is,"), _("as an explanation only; it costs no points."))


def _release(exam: Exam) -> Rule:
    heading = _("The result:")
    if exam.release_rule == ReleaseRule.AT_ONCE:
        return Rule(heading, _("shown as soon as it is marked."))
    if exam.release_rule == ReleaseRule.AFTER_CLOSE:
        return Rule(heading, _("shown when the exam has closed, on %(moment)s.") % {"moment": moment(exam.closes_at)})
    return Rule(heading, _("shown when the office releases it."))
