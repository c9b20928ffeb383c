"""Sessions in the database, written once per sign-in and looked up in as little time as it takes."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db import connection
from django.utils import timezone

_LOOK_UP = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(DatabaseSessionStore):
    """Django's store writes a new session when its key changes and again at the end of the request."""

    def load(self) -> dict[str, Any]:
        """As Django's, with the statement written out.

        Every page begins with it, and putting these two lines together anew takes ten times as long as the answer.
        """
        moment = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(_LOOK_UP, [self.session_key, moment])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])

    def cycle_key(self) -> None:
        """Forget the old key; the new one is made when the session is saved, with what it then holds."""
        data, old_key = self._session, self.session_key  # type: ignore[attr-defined]
        self._session_cache = data
        self._session_key = None
        self.modified = True
        if old_key:
            self.delete(old_key)
