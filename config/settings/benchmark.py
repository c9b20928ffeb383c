"""What `make bench` measures: production's ways on this machine, without TLS and the demo."""

from config.settings.base import *  # noqa: F403 - settings are a flat namespace
from config.settings.base import VAR_DIR, env

SECRET_KEY = "only-for-benchmarks"
ALLOWED_HOSTS = ["127.0.0.1"]
DEMO = False

if not env.str("DATABASE_URL", default=""):
    DATABASES["default"]["NAME"] = str(VAR_DIR / "benchmark.sqlite3")
STATIC_ROOT = VAR_DIR / "benchmark-static"
