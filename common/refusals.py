"""The root of all refusals: what a verb says when it will not do what was asked."""

from typing import Any, ClassVar


class Refusal(Exception):
    """A named refusal with a stable ``code``, the HTTP ``status`` it maps to and a text for people.

    Subclasses set ``code`` and ``status``; the message is already in the reader's language.
    ``members`` are further facts a client may use, such as the row that is short.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def __init__(self, message: object = "", **members: Any) -> None:
        super().__init__(message)
        self.members = members

    def __str__(self) -> str:
        return str(self.args[0])


class NotAllowed(Refusal):
    """Not theirs: the division is not theirs to change, to decide for or to take out."""

    code, status = "permission_denied", 403


class ReasonMissing(Refusal):
    code, status = "reason_missing", 400


class SecondPersonNeeded(Refusal):
    """Nobody decides what they asked for, entered or decided themselves."""

    code, status = "second_person", 403


class AlreadyDecided(Refusal):
    code = "already_decided"


class AlreadyAsked(Refusal):
    code = "already_asked"
