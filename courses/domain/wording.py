"""How far somebody is and what they lack, said alike on every page."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from courses.domain.progress import Missing, Progress
from courses.enums import SessionState
from exams.domain.wording import moment


def progress_in_words(progress: Progress) -> str:
    """``应参加 3 场，已参加 1 场·训后测试未合格``."""
    if progress.required:
        facts = {"attended": progress.attended, "required": progress.required}
        said = [_("%(attended)s of %(required)s sessions attended") % facts]
    else:
        said = [_("no session planned for them") if not progress.is_covered else _("nothing to attend")]
    if progress.passed:
        said.append(_("follow-up test passed"))
    elif progress.passed is False:
        said.append(_("follow-up test not passed") if progress.tested else _("follow-up test not sat"))
    return "·".join(said)


def lack_for_office(lack: Missing) -> str:
    """What is known of why, and when they can still have it."""
    return f"{_why(lack)}·{_when(lack)}"


def _why(lack: Missing) -> str:
    if lack.reason is not None:
        return str(lack.reason.label)
    if lack.state is not None:
        return str(lack.state.label)
    return _("held before they came") if lack.session.state == SessionState.HELD else _("still to come")


def _when(lack: Missing) -> str:
    ahead = lack.next_session
    if ahead is None:
        return _("no make-up planned")
    day = date_format(localtime(ahead.starts_at), "Y-m-d H:i")
    return day if ahead == lack.session else _("make-up %(day)s") % {"day": day}


def lack_for_person(lack: Missing) -> str:
    """What to do about it."""
    if lack.next_session is not None:
        facts = {"moment": moment(lack.next_session.starts_at)}
        return (_("missed; you can make it up on %(moment)s") if lack.state else _("on %(moment)s")) % facts
    if lack.state is not None:
        return _("missed; a make-up is not planned yet, and stands here as soon as it is")
    return _("before your time; a make-up is not planned yet, and stands here as soon as it is")
