"""Sessions in the database, written once per sign-in."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore


class SessionStore(DatabaseSessionStore):
    """Django's store writes a new session when its key changes and again at the end of the request."""

    def cycle_key(self) -> None:
        """Forget the old key; the new one is made when the session is saved, with what it then holds."""
        data, old_key = self._session, self.session_key  # type: ignore[attr-defined]
        self._session_cache = data
        self._session_key = None
        self.modified = True
        if old_key:
            self.delete(old_key)
