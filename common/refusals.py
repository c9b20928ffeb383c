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
