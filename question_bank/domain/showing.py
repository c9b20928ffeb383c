"""Who may look at a figure: whoever was shown it, and those who keep the bank.

A page that shows a figure to a person gives it an address with a seal over the two. It opens for that person alone, and
without asking which papers and results are theirs. It does not end: what somebody saw stands in their browser anyway.
"""

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from members.models import User

MAY_SEE_ALL = "question_bank.view_question"

_signer = Signer(salt="question_bank.figure")


def shown_address(digest: str, person: User) -> str:
    """The address at which ``person`` finds the figure; the same each time, so that browsers keep it."""
    seal = _signer.sign(_said(digest, person)).rpartition(_signer.sep)[2]
    return reverse("question_figure_shown", args=[digest, seal])


def keepers_address(digest: str) -> str:
    """The address at which those who keep the bank find the figure."""
    return reverse("question_figure", args=[digest])


def may_look_at(digest: str, seal: str, person: User) -> bool:
    """By a seal, which asks for no query, or by the right to read questions."""
    return (bool(seal) and _is_sealed(digest, seal, person)) or person.has_perm(MAY_SEE_ALL)


def _is_sealed(digest: str, seal: str, person: User) -> bool:
    try:
        _signer.unsign(f"{_said(digest, person)}{_signer.sep}{seal}")
    except BadSignature:
        return False
    return True


def _said(digest: str, person: User) -> str:
    return f"{person.pk}.{digest}"
