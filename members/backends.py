"""How a person is recognised at sign-in."""

import unicodedata
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import BigIntegerField, Q
from django.http import HttpRequest

from common.lookups import Given, Lookup
from members.models import User

# Every page begins with it.
_BY_KEY = Lookup(lambda: User.objects.filter(pk=Given("key", BigIntegerField())))


class PhoneOrCodeBackend(ModelBackend):
    """Accepts the user name, the staff number or the mobile phone, whichever a person remembers."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if not username or password is None:
            return None
        person = _recognise(request, username)
        if person is None:
            # As slow as a wrong password, so that the time does not tell which numbers exist.
            User().set_password(password)
            return None
        if person.check_password(password) and self.user_can_authenticate(person):
            return person
        return None

    def get_user(self, user_id: int) -> User | None:
        person = _BY_KEY.get(key=user_id)
        return person if person and self.user_can_authenticate(person) else None


def account_name(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """The name under which failures are counted (``AXES_USERNAME_CALLABLE``).

    The same for user name, staff number and phone of one person: three names are not three times five guesses.
    """
    typed = str((credentials or {}).get("username") or "")
    person = _recognise(request, typed)
    return person.username if person else _tidy(typed)


def _tidy(typed: str) -> str:
    """Full-width digits of a Chinese keyboard and stray spaces do not make another name."""
    return unicodedata.normalize("NFKC", typed).strip()


def _recognise(request: HttpRequest | None, typed: str) -> User | None:
    """The one person of that name; asked from the database once per request."""
    name = _tidy(typed)
    known: dict[str, User | None] = request.__dict__.setdefault("people_recognised", {}) if request else {}
    if name not in known:
        known[name] = _look_up(name)
        if person := known[name]:
            known[person.username] = person
    return known[name]


def _look_up(name: str) -> User | None:
    spellings = {name, name.upper()}  # staff numbers are written LX0001 and typed lx0001
    people = list(User.objects.filter(Q(username=name) | Q(code__in=spellings) | Q(phone=name))[:2])
    return people[0] if len(people) == 1 else None
