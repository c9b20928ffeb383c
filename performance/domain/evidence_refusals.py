"""What is refused while evidence is entered: ledger entries, their documents, scores."""

from common.refusals import Refusal


class EvidenceOutsideScope(Refusal):
    """The division is not the person's to enter or decide for."""

    code, status = "evidence_outside_scope", 403


class EvidenceAboutOneself(Refusal):
    code, status = "evidence_about_oneself", 403


class QuarterSettled(Refusal):
    """The day lies in a quarter whose figures its people have been shown."""

    code = "quarter_settled"


class ReasonMissing(Refusal):
    code, status = "reason_missing", 400


class KindNotUsable(Refusal):
    """The kind is switched off, or belongs to another division."""

    code = "kind_not_usable"


class KindHasEntries(Refusal):
    """What its entries rest on does not change: the list, and whom it concerns."""

    code = "kind_has_entries"


class WrongTarget(Refusal):
    code, status = "wrong_target", 400


class DayNotPossible(Refusal):
    """In the future, or a day on which the person or the team did not serve."""

    code, status = "day_not_possible", 400


class EntryIncomplete(Refusal):
    """Without a description, or without the document that the kind asks for."""

    code, status = "entry_incomplete", 400


class SameEntryTwice(Refusal):
    code = "same_entry_twice"


class SamePerson(Refusal):
    """Whoever entered does not decide."""

    code, status = "same_person", 403


class EntryDecided(Refusal):
    code = "entry_decided"


class EntryNotReversible(Refusal):
    """Only a confirmed entry is reversed, once, and never a reversal."""

    code = "entry_not_reversible"


class FileNotAccepted(Refusal):
    """Not a PDF, a picture or a DOCX, not what its name says, or too large."""

    code, status = "file_not_accepted", 400


class ScoreRefused(Refusal):
    """A score that cannot be entered; ``code`` of the row is in ``members["reason"]``."""

    code, status = "score_refused", 400


class SheetWithoutHeading(Refusal):
    """No row of the file names the columns that are needed; ``missing`` are their Chinese headings."""

    code, status = "sheet_without_heading", 400


class SheetHasBadRows(Refusal):
    code = "sheet_has_bad_rows"


class SheetEmpty(Refusal):
    code, status = "sheet_empty", 400


class SheetOutdated(Refusal):
    """Since the dry run something changed, so that carrying out would do something else than was shown."""

    code = "sheet_outdated"
