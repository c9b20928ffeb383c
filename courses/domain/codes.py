"""The code of a session that changes every minute: on the screen as a QR code, and spoken."""

from datetime import UTC, datetime, timedelta
from hmac import compare_digest

import pyotp

from courses.models import Session

# RFC 6238 with SHA-1, as every authenticator computes it; a minute is long enough to say six digits aloud twice.
DIGITS = 6
STEP = timedelta(seconds=60)
# A phone in a full hall opens a page within ten seconds or so: whoever pointed the camera at the last moment of a
# minute has seen a code that was right. Longer would help whoever passes a photograph on.
GRACE = timedelta(seconds=15)
# How far back an old code is recognised as one. It is refused either way; this only finds the right words.
LONGEST_AGO = timedelta(hours=4)


def code_of(session: Session, *, at: datetime) -> str:
    """The six digits of that minute."""
    return _generator(session).at(at)


def _generator(session: Session) -> pyotp.TOTP:
    return pyotp.TOTP(session.code_secret, digits=DIGITS, interval=int(STEP.total_seconds()))


def changes_at(*, at: datetime) -> datetime:
    """When the code of that moment is replaced by the next."""
    step = int(STEP.total_seconds())
    return datetime.fromtimestamp((int(at.timestamp()) // step + 1) * step, UTC)


def is_current(session: Session, code: str, *, at: datetime) -> bool:
    """Is it the code of that minute, or of the one that ended within the grace?"""
    moments = {code_of(session, at=at), code_of(session, at=at - GRACE)}
    return any(compare_digest(code.encode(), shown.encode()) for shown in moments)


def was_shown(session: Session, code: str, *, at: datetime) -> bool:
    """Is it a code of a minute before, since sign-in opened? ``course.kind`` is looked at."""
    first, generator = max(session.opens_at(), at - LONGEST_AGO), _generator(session)
    minutes = range(int((at - first) / STEP) + 1)
    return any(generator.at(first + minute * STEP) == code for minute in minutes)


def digits_in(text: str) -> str:
    """What somebody typed, without spaces, in the digits every keyboard of the world may send: ``１２３ 456``."""
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())
