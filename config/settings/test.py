"""The test suite: fast hashing, tasks at once, plain static files."""

from config.settings.base import *  # noqa: F403 - settings are a flat namespace
from config.settings.base import DATABASES, VAR_DIR, env

SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["*"]
DEMO = False
# Worth nothing: every checkout has its own.
BADGE_KEY_FILE = str(VAR_DIR / "test_badge_key.pem")

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "background": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: the live server and the test must see one database under real locking.
    DATABASES["default"]["TEST"] = {"NAME": env.str("YINGZHI_TEST_DB", default=str(VAR_DIR / "test.sqlite3"))}
DATABASES["default"]["CONN_MAX_AGE"] = 0
