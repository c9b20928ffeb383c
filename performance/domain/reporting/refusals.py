"""What is said when a file will not be written or given out."""

from common.refusals import Refusal


class NothingComputed(Refusal):
    code = "nothing_computed"


class NobodyToReport(Refusal):
    code = "nobody_to_report"


class TooManyForPaper(Refusal):
    code = "too_many_for_paper"


class ReportFinished(Refusal):
    """There is nothing to cancel any more."""

    code = "report_finished"


class FileGone(Refusal):
    code, status = "file_gone", 410
