"""What a repair of a key has to be before anybody is asked to approve it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from exams.domain.refusals import NotAllowed, RepairRefused
from exams.enums import RepairKind
from exams.models import Exam, KeyRepair
from exams.rules import repairable_exams
from members.models import User
from question_bank.enums import CHOICE_KINDS, Kind
from question_bank.models import QuestionVersion


def check_proposal(
    version: QuestionVersion,
    *,
    kind: str,
    new_key: Mapping[str, Any] | None,
    exams: Iterable[Exam] | None,
    by: User,
) -> list[Exam]:
    """The exams that such a repair would change. Raises NotAllowed, RepairRefused."""
    mine = list(repairable_exams(version, by))
    chosen = mine if exams is None else list(exams)
    if not chosen:
        raise RepairRefused(_("Choose the exams whose results are to change."))
    if not {exam.pk for exam in chosen} <= {exam.pk for exam in mine}:
        raise NotAllowed(_("You do not run all of these exams."))
    if kind == RepairKind.CORRECT_KEY:
        _check_key(version, new_key)
    _check_that_something_changes(version, kind, new_key, chosen)
    return chosen


def _check_key(version: QuestionVersion, key: Mapping[str, Any] | None) -> None:
    if version.kind == Kind.SHORT:
        raise RepairRefused(_("A short answer has no key. Credit everybody, drop it, or overrule single marks."))
    if not key or not _fits(version, key):
        raise RepairRefused(_("The corrected key does not fit the question."))


def _check_that_something_changes(
    version: QuestionVersion, kind: str, key: Mapping[str, Any] | None, exams: Sequence[Exam]
) -> None:
    """What rules in every one of ``exams`` already, by the version's own key or by an earlier repair, is no repair."""
    earlier = KeyRepair.objects.ruling(exams).filter(version=version)
    ruling = {exam: (done, by_then) for exam, done, by_then in earlier.values_list("exams__pk", "kind", "new_key")}
    as_asked = (RepairKind.CORRECT_KEY, version.key)
    standing = [ruling.get(exam.pk, as_asked) for exam in exams]
    if kind != RepairKind.CORRECT_KEY:
        if all(done == kind for done, _key in standing):
            raise RepairRefused(_("That was done in these exams already."))
    elif all(done == kind and _same_key(by_then, key) for done, by_then in standing):
        raise RepairRefused(_("This is the key that holds already."))


def _same_key(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    """The order in which options were ticked is no difference."""
    if one and other and "options" in one and "options" in other:
        return set(one["options"]) == set(other["options"])
    return one == other


def _fits(version: QuestionVersion, key: Mapping[str, Any]) -> bool:
    if version.kind in CHOICE_KINDS:
        picked = key.get("options")
        known = [option["id"] for option in version.shown["options"]]
        fewest, most = (2, len(known)) if version.kind == Kind.MULTIPLE else (1, 1)
        return (
            set(key) == {"options"}
            and isinstance(picked, list)
            and fewest <= len(picked) <= most
            and len(set(picked)) == len(picked)
            and set(picked) <= set(known)
        )
    blanks = key.get("blanks")
    return (
        set(key) == {"blanks", "any_order"}
        and isinstance(blanks, list)
        and len(blanks) == version.shown["blanks"]
        and all(isinstance(texts, list) and texts and all(str(text).strip() for text in texts) for texts in blanks)
    )
