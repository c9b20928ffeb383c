"""A try-out on one machine: the demo county, a key of its own, no mail, no TLS."""

from config.settings.base import *  # noqa: F403 - settings are a flat namespace
from config.settings.base import VAR_DIR, env

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
DEMO = True


def _own_key() -> str:
    """A key per checkout, kept beside the database so that sessions survive a restart."""
    from django.core.management.utils import get_random_secret_key

    path = VAR_DIR / "secret_key"
    if not path.exists():
        VAR_DIR.mkdir(exist_ok=True)
        path.write_text(get_random_secret_key())
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="") or _own_key()
BADGE_KEY_FILE = str(VAR_DIR / "badge_key.pem")
