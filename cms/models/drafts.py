"""What stands in drafts, which no index knows: Wagtail's index of references holds pages as they are stored.

A draft of a published page is a row of JSON until it is published. So is every draft after a page's first.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from wagtail.documents import get_document_model
from wagtail.models import ReferenceIndex, Revision, WorkflowState

from cms.models.page import BasePage

# Kind of thing and key, as the index of references writes them.
Reference = tuple[int, str]


def references_in(page: Any) -> set[Reference]:
    """What the text and the fields of ``page``, an instance of any version, refer to."""
    return {(kind, key) for kind, key, *_places in ReferenceIndex._extract_references_from_object(page)}


def reference_to(thing: Any) -> Reference:
    return ReferenceIndex._get_base_content_type(thing).pk, str(thing.pk)


def versions_with(file: Any) -> list[Revision]:
    """The newest drafts that are not published, and versions with a time to go live, in which ``file`` stands."""
    wanted = reference_to(file)
    return [version for version in _mentioning(file) if wanted in references_in(version.as_object())]


def pages_in_hand_with(file: Any) -> QuerySet[BasePage]:
    """Pages whose version with ``file`` is in review, or approved and waiting for its time."""
    versions = versions_with(file)
    waiting = {version.object_id for version in versions if version.approved_go_live_at}
    drafts = {version.object_id for version in versions} - waiting
    reviews = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS, object_id__in=drafts)
    in_review = set(reviews.filter(base_content_type=_pages()).values_list("object_id", flat=True))
    pages: QuerySet[BasePage] = BasePage.objects.filter(pk__in=waiting | in_review)
    return pages


def _mentioning(file: Any) -> Iterator[Revision]:
    """Those that may be meant: the words by which a text names a file, found by the database."""
    unpublished = BasePage.objects.filter(Q(has_unpublished_changes=True) | Q(live=False))
    newest = Q(pk__in=unpublished.order_by().values("latest_revision"))
    versions = Revision.objects.filter(newest | Q(approved_go_live_at__isnull=False), base_content_type=_pages())
    versions = versions.annotate(text=KeyTextTransform("body", "content"))
    return iter(versions.filter(_named_in_text(file)))


def _named_in_text(file: Any) -> Q:
    if not isinstance(file, get_document_model()):
        return Q(text__contains=f'"image": {file.pk}')
    named = Q(text__contains=f'"value": {file.pk}') | Q(text__contains=f'id=\\"{file.pk}\\"')
    return named | Q(content__audio=file.pk) | Q(content__video=file.pk) | Q(content__captions=file.pk)


def _pages() -> ContentType:
    return ContentType.objects.get_for_model(BasePage)
