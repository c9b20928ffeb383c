"""What becomes of the question itself when the key of one of its versions is repaired."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.refusals import Refusal
from exams.enums import QuestionFate, RepairKind
from exams.models import KeyRepair
from members.models import User
from question_bank.domain.publishing import publish_question, retire_question
from question_bank.enums import CHOICE_KINDS, Kind, RecheckReason
from question_bank.models import Question, Recheck

# Approving the repair is the second person's word that publishing needs.
EDIT = "question_bank.change_question"


def mend_question(repair: KeyRepair, *, by: User, at: datetime) -> QuestionFate:
    """No new paper may ask the question as it was: it is corrected, or retired until somebody mends it.

    A question that says something else by now, or has changes that nobody published, is left as it is, and so is one
    that ``by`` may not edit; then, and when it was retired, a re-check is opened. The caller holds the transaction.
    """
    question = Question.objects.select_for_update(of=("self",)).get(pk=repair.version.question_id)
    fate = QuestionFate.RECHECK
    if _is_as_asked(question, repair) and by.has_perm(EDIT):
        if repair.kind != RepairKind.CORRECT_KEY:
            retire_question(question, by=by, at=at)
            fate = QuestionFate.RETIRED
        elif _corrected(question, repair, by=by, at=at):
            fate = QuestionFate.CORRECTED
    if fate != QuestionFate.CORRECTED:
        _ask_for_recheck(question, repair, at=at)
    return fate


def _is_as_asked(question: Question, repair: KeyRepair) -> bool:
    return bool(
        question.live and question.current_version_id == repair.version_id and not question.has_unpublished_changes
    )


def _corrected(question: Question, repair: KeyRepair, *, by: User, at: datetime) -> bool:
    try:
        with transaction.atomic():
            _set_key(question, repair)
            publish_question(question, by=by, at=at)
    except Refusal:
        return False
    return True


def _set_key(question: Question, repair: KeyRepair) -> None:
    key = repair.new_key or {}
    if question.kind == Kind.TRUE_FALSE:
        question.statement_is_true = key["options"] == ["true"]
    elif question.kind in CHOICE_KINDS:
        options = list(question.options.all())
        # A version holds the options in the order of the question; its names for them are its own.
        for option, shown in zip(options, repair.version.shown["options"], strict=True):
            option.is_right = shown["id"] in key["options"]
        question.options = options
    elif question.kind == Kind.FILL:
        blanks = list(question.blanks.all())
        for blank, accepted in zip(blanks, key["blanks"], strict=True):
            blank.accepted = "\n".join(accepted)
        question.blanks = blanks
        question.blanks_in_any_order = key["any_order"]
    question.save()


def _ask_for_recheck(question: Question, repair: KeyRepair, *, at: datetime) -> None:
    note = _("The key of version %(number)s was repaired: %(reason)s") % {
        "number": repair.version.number,
        "reason": repair.reason,
    }
    Recheck.objects.get_or_create(
        question=question,
        reason=RecheckReason.REPORTED,
        settled_at=None,
        defaults={"note": note[:500], "asked_at": at},
    )
