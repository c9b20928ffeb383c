"""What the verbs of this app refuse, each by its name."""

from common.refusals import Refusal


class NotAllowed(Refusal):
    code, status = "permission_denied", 403


class ExamNotEditable(Refusal):
    code = "exam_not_editable"


class ExamNotOpen(Refusal):
    code = "exam_not_open"


class ExamNotPublished(Refusal):
    code = "exam_not_published"


class NoAttemptsLeft(Refusal):
    code = "no_attempts_left"


class AttemptClosed(Refusal):
    code = "attempt_closed"


class GrantEnded(Refusal):
    code, status = "grant_ended", 401


class AnswerRefused(Refusal):
    """An answer that does not fit the paper; nothing of the call was stored."""

    code, status = "answer_refused", 400


class BankTooSmall(Refusal):
    """Rows of a blueprint that the bank cannot meet; ``members["shortages"]`` names them."""

    code = "bank_too_small"


class NobodyToExamine(Refusal):
    code = "nobody_to_examine"


class PopulationTooSmall(Refusal):
    code = "population_too_small"


class DrawMissing(Refusal):
    code = "draw_missing"


class ReasonMissing(Refusal):
    code, status = "reason_missing", 400


class AudienceOutsideDivision(Refusal):
    code = "audience_outside_division"


class PublicationRunning(Refusal):
    code = "publication_running"


class MarkRefused(Refusal):
    code, status = "mark_refused", 400


class AlreadyMarked(Refusal):
    code = "already_marked"


class OwnAttempt(Refusal):
    """Nobody marks or overrules their own answers."""

    code, status = "own_attempt", 403


class NobodyToPrintFor(Refusal):
    code = "nobody_to_print_for"


class TooManyPapers(Refusal):
    code = "too_many_papers"


class PaperInUse(Refusal):
    """The candidate sits it on a screen, or somebody has entered it already."""

    code = "paper_in_use"


class WrongTime(Refusal):
    code, status = "wrong_time", 400


class NothingToRetake(Refusal):
    code = "nothing_to_retake"


class NotReleasable(Refusal):
    code = "not_releasable"


class RepairRefused(Refusal):
    """A repair that would make no sense: nothing asked, or a key that does not fit the question."""

    code, status = "repair_refused", 400


class RepairOpen(Refusal):
    """Another repair of the same question version has not been decided or carried out."""

    code = "repair_open"


class RepairDecided(Refusal):
    code = "repair_decided"


class SamePerson(Refusal):
    """Nobody decides on what they proposed themselves."""

    code, status = "same_person", 403
