"""What is refused about a roster as a whole."""

from common.refusals import Refusal


class RosterOutsideScope(Refusal):
    """The division is not the person's to administer."""

    code = "roster_outside_scope"
    status = 403


class RosterWithoutHeading(Refusal):
    """No row of the file names the columns that are needed; ``missing`` are their Chinese headings."""

    code = "roster_without_heading"
    status = 400


class RosterHasBadRows(Refusal):
    code = "roster_has_bad_rows"


class RosterPlanOutdated(Refusal):
    """Since the dry run something changed, so that carrying out would do something else than was shown."""

    code = "roster_plan_outdated"


class RosterEmpty(Refusal):
    """Without rows a whole roster would end every posting."""

    code = "roster_empty"


class RosterAlreadyCarriedOut(Refusal):
    code = "roster_already_carried_out"
