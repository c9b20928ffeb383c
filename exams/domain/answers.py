"""What an answer may look like, checked against the frozen paper before anything is stored."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeGuard

from django.utils.translation import gettext as _

from exams.domain.refusals import AnswerRefused
from exams.models import Paper
from question_bank.domain.asking import AskedVersion, versions_as_asked
from question_bank.enums import CHOICE_KINDS, Kind

BLANK_CHARACTERS = 200
TEXT_CHARACTERS = 4000
# JavaScript's largest exact integer; sequences are milliseconds, far below it.
LARGEST_SEQUENCE = 2**53 - 1
# Papers are frozen, so what their answers may be is remembered for as many as may sit at once.
PAPERS_REMEMBERED = 16_384


class Answer(NamedTuple):
    """One answer as sent: ``answer`` has the shape of ``Response.answer``."""

    number: int
    answer: dict[str, Any]
    sequence: int
    flagged: bool = False


_remembered: dict[int, tuple[AskedVersion, ...]] = {}


def faces_of(paper_id: int) -> tuple[AskedVersion, ...]:
    """The questions of a paper in the order asked. Safe to remember: papers never change, nor do versions."""
    return _remembered.get(paper_id) or faces_on(Paper.objects.only("items").get(pk=paper_id))


def faces_on(paper: Paper) -> tuple[AskedVersion, ...]:
    """As ``faces_of``, for a paper that is at hand."""
    if paper.pk not in _remembered:
        faces = versions_as_asked(item[0] for item in paper.items)
        if len(_remembered) >= PAPERS_REMEMBERED:
            # Whoever is reading has taken what they found.
            _remembered.clear()
        _remembered[paper.pk] = tuple(faces[item[0]] for item in paper.items)
    return _remembered[paper.pk]


def forget_faces() -> None:
    """Empty the memory: for tests, whose databases forget too."""
    _remembered.clear()


def read_answers(rows: Any, faces: Sequence[AskedVersion]) -> list[Answer]:
    """The answers of one call, every one of them checked. Raises AnswerRefused for the first that does not fit.

    ``rows`` is whatever a client sent: it should be a list of
    ``{"number": int, "answer": {...}, "sequence": int, "flagged": bool (optional)}``.
    """
    if not isinstance(rows, list) or not rows:
        raise AnswerRefused(_("Send a list of responses."), reason="not_a_list")
    if len(rows) > len(faces):
        raise AnswerRefused(_("There are more responses than questions."), reason="too_many_responses")
    answers = [_read_answer(row, faces) for row in rows]
    if len({answer.number for answer in answers}) != len(answers):
        raise AnswerRefused(_("A question is answered twice in one call."), reason="question_repeated")
    return answers


def _read_answer(row: Any, faces: Sequence[AskedVersion]) -> Answer:
    if not isinstance(row, dict):
        raise AnswerRefused(_("A response is an object."), reason="not_an_object")
    number, sequence, flagged = row.get("number"), row.get("sequence"), row.get("flagged", False)
    if not _is_integer(number) or not 1 <= number <= len(faces):
        raise AnswerRefused(_("There is no such question on this paper."), reason="unknown_question")
    if not _is_integer(sequence) or not 0 <= sequence <= LARGEST_SEQUENCE:
        raise AnswerRefused(_("The sequence is not a number that can be used."), reason="bad_sequence", number=number)
    if not isinstance(flagged, bool):
        raise AnswerRefused(_("A flag is true or false."), reason="bad_flag", number=number)
    return Answer(number, check_answer(row.get("answer"), faces[number - 1], number=number), sequence, flagged)


def check_answer(answer: Any, face: AskedVersion, *, number: int) -> dict[str, Any]:
    """The answer in its stored shape; ``{}`` for one taken back. Raises AnswerRefused."""
    if not isinstance(answer, dict):
        raise AnswerRefused(_("An answer is an object."), reason="not_an_object", number=number)
    if not answer:
        return {}
    if face.kind in CHOICE_KINDS:
        return _check_options(answer, face, number)
    if face.kind == Kind.FILL:
        return _check_blanks(answer, face, number)
    return _check_text(answer, number)


def _check_options(answer: Mapping[str, Any], face: AskedVersion, number: int) -> dict[str, Any]:
    picked = _only(answer, "options", number)
    if not isinstance(picked, list) or not all(isinstance(name, str) for name in picked):
        raise AnswerRefused(_("Options are a list of ids."), reason="bad_options", number=number)
    if not set(picked) <= face.option_ids or len(set(picked)) != len(picked):
        raise AnswerRefused(_("There is no such option."), reason="unknown_option", number=number)
    if face.kind != Kind.MULTIPLE and len(picked) > 1:
        raise AnswerRefused(_("Only one option may be picked."), reason="too_many_options", number=number)
    return {"options": picked} if picked else {}


def _check_blanks(answer: Mapping[str, Any], face: AskedVersion, number: int) -> dict[str, Any]:
    filled = _only(answer, "blanks", number)
    if not isinstance(filled, list) or len(filled) != face.blanks:
        raise AnswerRefused(_("Fill in as many blanks as the question has."), reason="blank_count", number=number)
    for text in filled:
        _check_string(text, BLANK_CHARACTERS, number)
    return {"blanks": filled} if any(filled) else {}


def _check_text(answer: Mapping[str, Any], number: int) -> dict[str, Any]:
    text = _only(answer, "text", number)
    _check_string(text, TEXT_CHARACTERS, number)
    return {"text": text} if text else {}


def _only(answer: Mapping[str, Any], name: str, number: int) -> Any:
    if set(answer) != {name}:
        raise AnswerRefused(_("The answer does not fit the kind of question."), reason="wrong_kind", number=number)
    return answer[name]


def _check_string(text: Any, longest: int, number: int) -> None:
    if not isinstance(text, str):
        raise AnswerRefused(_("The answer is not a text."), reason="not_a_text", number=number)
    if len(text) > longest:
        raise AnswerRefused(
            _("The answer is longer than %(longest)s characters.") % {"longest": longest},
            reason="too_long",
            number=number,
        )
    if any((ord(sign) < 32 and sign not in "\n\r\t") or 0xD800 <= ord(sign) <= 0xDFFF for sign in text):
        raise AnswerRefused(_("The answer contains control characters."), reason="control_characters", number=number)


def _is_integer(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
