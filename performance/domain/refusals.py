"""What verbs of this app say when they will not do what was asked."""

from common.refusals import Refusal


class QuarterNotOpen(Refusal):
    """The quarter is in a state that does not allow it."""

    code = "quarter_state"


class QuarterExists(Refusal):
    code = "quarter_exists"


class QuarterIncomplete(Refusal):
    """Something is missing before it may be shown; ``missing`` lists it."""

    code = "quarter_incomplete"


class QuarterBusy(Refusal):
    """Somebody else changes the quarter at this moment."""

    code, status = "quarter_busy", 503


class SchemeWrong(Refusal):
    """The scheme does not hold together; ``problems`` lists why."""

    code = "scheme_wrong"


class SchemeMissing(Refusal):
    code = "scheme_missing"


class TermOver(Refusal):
    """The term for objections has ended, or has not begun."""

    code = "term_over"


class PointsMissing(Refusal):
    code, status = "points_missing", 400


class PointsOutOfRange(Refusal):
    """With the correction a line would be worth less than nothing or more than it weighs."""

    code, status = "points_out_of_range", 400


# -- evidence: ledger entries, their documents, scores -------------------------------------------


class EvidenceAboutOneself(Refusal):
    code, status = "evidence_about_oneself", 403


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
