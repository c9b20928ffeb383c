"""How a person is recognised at sign-in."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.http import HttpRequest

from members.models import User


class PhoneOrCodeBackend(ModelBackend):
    """Accepts the user name, the staff number or the mobile phone, whichever a person remembers."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if not username or password is None:
            return None
        name = username.strip()
        people = list(User.objects.filter(Q(username=name) | Q(code=name) | Q(phone=name))[:2])
        if len(people) != 1:
            # As slow as a wrong password, so that the time does not tell which numbers exist.
            User().set_password(password)
            return None
        person = people[0]
        if person.check_password(password) and self.user_can_authenticate(person):
            return person
        return None
