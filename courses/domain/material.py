"""What is to be read for a course: a reminder, never a condition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from wagtail.documents.models import Document

from cms.domain.reading import Standing, standings
from cms.models import BasePage, EntryPage, NoticePage, readable_pages
from courses.enums import SHOWN_COURSE_STATES
from courses.models import Course, Enrolment, Material
from members.enums import STAFF_ROLES
from members.models import User
from members.models.division import ancestor_codes, inside


@dataclass(frozen=True, slots=True)
class Shelved:
    """One thing to read, where it is, and how it stands with the reader: None where no reading is noted."""

    title: str
    url: str
    standing: Standing | None


def material_for(course: Course, person: User, *, on: date) -> list[Shelved]:
    """What of the course's material the person may open. A constant number of queries."""
    rows = list(course.material.select_related("page", "document"))
    pages = _readable(rows, person, on=on)
    read = _standings(pages, person)
    return [_shelved(row, pages, read) for row in rows if row.document_id or row.page_id in pages]


def _readable(rows: Sequence[Material], person: User, *, on: date) -> Mapping[int, BasePage]:
    asked = BasePage.objects.filter(pk__in=[row.page_id for row in rows if row.page_id])
    readable: Any = readable_pages(asked, person, on=on)
    return {page.pk: page for page in readable.specific()}


def _standings(pages: Mapping[int, BasePage], person: User) -> Mapping[int, Standing]:
    return standings((page for page in pages.values() if isinstance(page, EntryPage | NoticePage)), of=person)


def _shelved(row: Material, pages: Mapping[int, BasePage], read: Mapping[int, Standing]) -> Shelved:
    if row.document:
        return Shelved(row.document.title, row.document.url, None)
    page = pages[row.page_id or 0]
    return Shelved(page.title, page.url or "", read.get(page.pk))


def opens_material(file: object, person: User | None, *, on: date) -> bool:
    """Whether a document is material of a course this person takes part in or looks after."""
    if person is None or not isinstance(file, Document):
        return False
    return _courses_open_to(person).filter(material__document=file.pk).exists()


def _courses_open_to(person: User) -> QuerySet[Course]:
    prefixes = person.scope(*STAFF_ROLES)
    above = Q(division__code__in=[code for prefix in prefixes for code in ancestor_codes(prefix)])
    enrolled = Exists(Enrolment.objects.filter(course=OuterRef("pk"), person=person))
    own = Q(enrolled, state__in=SHOWN_COURSE_STATES)
    return Course.objects.filter(own | inside(prefixes, field="division__code") | above)
