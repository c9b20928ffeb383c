"""Naming somebody in a form: by staff number or name."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from members.models import User

_MOST_NAMES = 8


class PersonField(forms.CharField):
    """A staff number or a name; cleaned to the one person of ``people`` it means, None for an empty one."""

    people: QuerySet[User] = User.objects.none()

    def clean(self, value: Any) -> Any:
        text = " ".join(super().clean(value).split())
        if not text:
            return None
        found = self._found(text)
        if not found:
            raise forms.ValidationError(_("Nobody you may choose has this staff number or name."), code="unknown")
        if len(found) > 1:
            said = _("Several people are meant; type the staff number: %(people)s")
            raise forms.ValidationError(said % {"people": "；".join(map(_named, found))}, code="several")
        return found[0]

    def _found(self, text: str) -> list[User]:
        for lookup in ("code__iexact", "name", "name__contains"):
            if found := list(self.people.filter(**{lookup: text}).order_by("code")[:_MOST_NAMES]):
                return found
        return []

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(initial, str(data or ""))


def _named(person: User) -> str:
    post = person.postings.select_related("team").order_by("-starts_on").first()
    return f"{person.name}（{person.code}，{post.team.name}）" if post else f"{person.name}（{person.code}）"
