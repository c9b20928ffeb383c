"""Saying that an entry was checked today and still holds."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.models import EntryPage, ReadingRecord
from common.refusals import Refusal
from members.models import User


class EntryNotPublished(Refusal):
    """Only what members read can be checked."""

    code = "entry_not_published"


class EntryHasDraft(Refusal):
    """A newer draft lies above the published text, or waits for its review: publishing anything now would bury it."""

    code = "entry_has_draft"


@transaction.atomic
def note_checked(entry: EntryPage, *, by: User, at: datetime) -> EntryPage:
    """Publish ``entry`` once more with the day of ``at`` as the day it was checked on; returns it as it is then.

    It says what it said before, so whoever has read it has read it, and no question is sent to re-check. A second time
    on the same day changes nothing. Refuses with ``EntryNotPublished`` and ``EntryHasDraft``.
    """
    page: EntryPage = EntryPage.objects.select_for_update().get(pk=entry.pk)
    _check_may_be_noted(page)
    today = timezone.localdate(at)
    if page.checked_on == today:
        return page
    before, page.checked_on = page.live_revision_id, today
    revision = page.save_revision(user=by, changed=False, clean=False)
    revision.publish(user=by, changed=False, skip_permission_checks=True)
    ReadingRecord.objects.filter(page=page, revision=before).update(revision=revision)
    log(page, "cms.note_checked", user=by, timestamp=at, revision=revision, content_changed=False)
    page.refresh_from_db()
    return page


def _check_may_be_noted(page: EntryPage) -> None:
    if not page.live:
        raise EntryNotPublished(_("This entry is not published."))
    if page.has_unpublished_changes or page.current_workflow_state:
        raise EntryHasDraft(_("There is a newer draft of this entry. Publish it or discard it first."))
