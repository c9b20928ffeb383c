"""What is held about a person, for that person: each storey adds its part without being asked by name."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise

from members.models import User

Provider = Callable[[User], Any]


@dataclass(frozen=True)
class Record:
    """One part of the download: ``key`` is stable, ``title`` is for people."""

    key: str
    title: str | Promise
    provider: Provider = field(compare=False)


_records: dict[str, Record] = {}


def register_record(key: str, title: str | Promise, provider: Provider) -> None:
    """Add a part; ``provider(person)`` gives what JSON can say (dates and datetimes included).

    Called from ``AppConfig.ready``; a second call with the same key replaces the first.
    """
    _records[key] = Record(key, title, provider)


def records_of(person: User) -> dict[str, dict[str, Any]]:
    """Everything held about ``person``, part by part: ``{"account": {"title": …, "content": …}}``."""
    return {
        record.key: {"title": str(record.title), "content": record.provider(person)} for record in _records.values()
    }


def account_record(person: User) -> dict[str, Any]:
    return {
        "uuid": person.uuid,
        "name": person.name,
        "staff_number": person.code,
        "user_name": person.username,
        "mobile_phone": person.phone,
        "email": person.email,
        "joined_at": person.date_joined,
        "last_signed_in_at": person.last_login,
        "password_changed_at": person.password_changed_at,
    }


def roles_record(person: User) -> list[dict[str, str]]:
    return [{"role": held.get_role_display(), "division": held.division.name} for held in person.roles_held]


def feedback_record(person: User) -> list[dict[str, str | datetime | None]]:
    return [
        {
            "kind": feedback.get_kind_display(),
            "text": feedback.text,
            "page": feedback.page,
            "sent_at": feedback.sent_at,
            "answer": feedback.answer,
            "answered_at": feedback.answered_at,
        }
        for feedback in person.feedback.order_by("sent_at")
    ]


def postings_record(person: User) -> list[dict[str, str | date | None]]:
    postings = person.postings.select_related("team__division", "team__sending_unit").order_by("starts_on")
    return [
        {
            "team": posting.team.name,
            "village": posting.team.division.name,
            "sending_unit": posting.team.sending_unit.name,
            "role": posting.get_role_display(),
            "staff_category": posting.get_staff_category_display(),
            "starts_on": posting.starts_on,
            "ends_on": posting.ends_on,
        }
        for posting in postings
    ]
