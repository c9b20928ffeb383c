"""People who sign in, and what they may do where."""

import uuid
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.enums import Role
from members.models.division import Division
from members.validators import validate_person_code, validate_phone

if TYPE_CHECKING:
    from members.models.team import Posting


class User(AbstractUser):
    """A person who signs in: a member of a team, a trainer, somebody of the office."""

    # One name, as Chinese names are written; the pair of Django's default has no place here.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60)
    code = models.CharField(_("staff number"), max_length=32, unique=True, validators=[validate_person_code])
    phone = models.CharField(
        _("mobile phone"), max_length=11, unique=True, null=True, blank=True, validators=[validate_phone]
    )
    email = models.EmailField(_("email address"), blank=True)
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    password_changed_at = models.DateTimeField(_("password changed at"), null=True, blank=True)

    REQUIRED_FIELDS = ["name", "code"]

    class Meta:
        ordering = ["code"]
        verbose_name = _("person")
        verbose_name_plural = pgettext_lazy("person", "people")

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @cached_property
    def roles_held(self) -> list["RoleAssignment"]:
        """Every role of this person with its division: one query per request."""
        return list(self.role_assignments.select_related("division").order_by())

    def holds(self, *roles: Role) -> bool:
        return any(held.role in roles for held in self.roles_held)

    @property
    def is_office_staff(self) -> bool:
        """Asked for every page anybody opens, so it is a column, kept by ``members.domain.roles``."""
        return self.is_superuser or self.is_staff

    def scope(self, *roles: Role) -> list[str]:
        """Prefixes of the division codes in which this person holds one of ``roles``; a superuser's is everywhere."""
        if self.is_superuser:
            return [""]
        return sorted({held.division.prefix for held in self.roles_held if held.role in roles})

    def covers(self, code: str, *roles: Role) -> bool:
        """Does this person hold one of ``roles`` in a division that contains the place with this twelve-digit code?"""
        return any(code.startswith(prefix) for prefix in self.scope(*roles))

    def meets(self, division: Division, *roles: Role) -> bool:
        """Does this person hold one of ``roles`` in ``division``, above it, or inside it?"""
        own = division.prefix
        return any(own.startswith(prefix) or prefix.startswith(own) for prefix in self.scope(*roles))

    def posting(self, *, on: date) -> "Posting | None":
        """Where this person serves on that day."""
        return (
            self.postings.serving(on=on)
            .select_related("team__division", "team__sending_unit")
            .order_by("-starts_on")
            .first()
        )

    def password_is_too_old(self, *, at: datetime) -> bool:
        """Staff renew their password every ``STAFF_PASSWORD_DAYS`` days (0: never)."""
        days = settings.STAFF_PASSWORD_DAYS
        if not days or not self.is_office_staff:
            return False
        return (self.password_changed_at or self.date_joined) + timedelta(days=days) <= at


class RoleAssignment(models.Model):
    """A role of a person, bounded by a division: what lies outside it is not seen."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_assignments", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("division"))

    class Meta:
        ordering = ["user", "role", "division"]
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [models.UniqueConstraint(fields=["user", "role", "division"], name="members_role_given_once")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.division}"
