"""Why something cannot be done with a file of questions."""

from typing import ClassVar

from common.refusals import Refusal


class BatchNotReady(Refusal):
    """The file is in another state than this step needs; somebody else may have been faster."""

    code: ClassVar[str] = "batch_not_ready"
    status: ClassVar[int] = 409


class NothingToTake(Refusal):
    """No row is chosen to be taken over."""

    code: ClassVar[str] = "nothing_to_take"
    status: ClassVar[int] = 422


class BatchInUse(Refusal):
    """Questions of the file were asked or worked on since; undoing it would lose that."""

    code: ClassVar[str] = "batch_in_use"
    status: ClassVar[int] = 409
