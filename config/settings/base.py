"""What all settings share. The environment decides what differs between machines."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

DEBUG = False

INSTALLED_APPS = [
    "exams",
    "question_bank",
    "cms",
    "members",
    "performance",
    "courses",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.PagePolicyMiddleware",
    # Above all that a save has no use for: it is too short to be compressed, says no words and knows no person.
    "exams.rest.saving.SavingMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "config.middleware.DatabaseOutageMiddleware",
    "config.middleware.NoSuchNumberMiddleware",
    # Its cookie is read without the session, and what a refusal says must be in the right language.
    "config.middleware.ChosenLanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "members.web.middleware.PasswordAgeMiddleware",
    "members.web.middleware.StaffIdleMiddleware",
    "cms.staff.closed_pages.ClosedPagesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
            "libraries": {"fixed_parts": "common.fixed_parts"},
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "config.jinja.environment"},
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# -- Database -----------------------------------------------------------------------------
# SQLite serves one small office; DATABASE_URL names PostgreSQL for everything beyond it.

DATABASES = {
    "default": env.db_url_config(env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'yingzhi.sqlite3'}")
}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = {
        # Two writers that both began by reading would otherwise fail instead of waiting.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: an answer that was acknowledged survives a power cut, not only a crash.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
    }
else:
    # A statement asked often is planned once a connection. Behind a pooler that shares connections: prepare_threshold.
    # Queries of many conditions are short and look dear to the planner: compiling one took 740 ms of its 750.
    _database["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 5, "options": "-c jit=off"}
# A connection opened for every request would cost more than saving an answer.
# None is asked whether it still lives: that is a round trip a request. After a restart of the database a server
# thread's first call is answered 503, and a page that was saving sends again by itself.
_database["CONN_MAX_AGE"] = None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if redis_url := env.str("REDIS_URL", default=""):
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}}

# -- Who ----------------------------------------------------------------------------------

AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesBackend", "members.backends.PhoneOrCodeBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "code", "phone")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "members.validators.CharacterClassesValidator", "OPTIONS": {"classes": 3}},
]
# Argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane): see members/hashers.py.
PASSWORD_HASHERS = ["members.hashers.OwaspArgon2Hasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "sign_in"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 300 / 3600  # hours: 300 seconds
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HANDLER = "members.lockout.LeanLockoutHandler"
AXES_USERNAME_CALLABLE = "members.backends.account_name"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "members.web.signing_in.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

STAFF_IDLE_SECONDS = 600
STAFF_PASSWORD_DAYS = 90
SESSION_ENGINE = "members.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

# -- Words --------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale_wagtail"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# -- Files --------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"
FONT_CACHE_DIR = VAR_DIR / "fonts"
# Neither is under MEDIA_ROOT: files that wait for their dry run to be carried out, and handbooks as they were printed.
IMPORT_DIR = VAR_DIR / "imports"
HANDBOOK_PRINT_DIR = VAR_DIR / "prints"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.storage.BundlingStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000

# -- Wagtail ------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "应知 Yingzhi"
WAGTAIL_PAGE_MODEL = "cms.BasePage"
WAGTAILADMIN_BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000")
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "简体中文")]
WAGTAIL_FINISH_WORKFLOW_ACTION = "cms.domain.reviewing.publish_approved"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "cms.backends"}}

# -- Uploads: cms/domain/files.py knows what each extension must hold -----------------------------

_MEBIBYTE = 1024 * 1024
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.staff.uploads.CheckedDocumentForm"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "zip", "txt", "csv", "vtt", "mp3", "m4a", "mp4", "webm"]
# Recordings; what is read is smaller.
WAGTAILDOCS_MAX_UPLOAD_SIZE = env.int("RECORDING_MAX_BYTES", default=200 * _MEBIBYTE)
DOCUMENT_MAX_BYTES = env.int("DOCUMENT_MAX_BYTES", default=20 * _MEBIBYTE)
# Always through our own door, which asks who may: never by the address of the storage.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "gif"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = env.int("IMAGE_MAX_BYTES", default=10 * _MEBIBYTE)

# -- Digital certificates (Open Badges) ---------------------------------------------------
# An RSA key in PEM signs them; without one none are given. The public keys in PEM of those that signed before stay.

BADGE_SIGNING_KEY = env.str("BADGE_SIGNING_KEY", default="")
BADGE_FORMER_KEYS = env.str("BADGE_FORMER_KEYS", default="")
# Only where somebody tries the product out: a key that is made at first use.
BADGE_KEY_FILE = ""

# -- Work in the background ---------------------------------------------------------------
# Wagtail's small tasks run at once; what takes long goes to the worker by name.

TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "background": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]},
}

# -- Messages -----------------------------------------------------------------------------
# Everybody finds theirs in the product. Copies leave only where the environment says how and whereto.

SENDS_MAIL = bool(email_url := env.str("EMAIL_URL", default=""))
if email_url:
    vars().update(env.email_url_config(email_url))
else:
    # Not this machine, where nobody may be listening.
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
# Whoever reviews is told by cms/domain/telling.py.
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="yingzhi@localhost")
# Another program of the office that is told as well; see common/webhooks.py.
WEBHOOK_URL = env.str("WEBHOOK_URL", default="")
WEBHOOK_SECRET = env.str("WEBHOOK_SECRET", default="")

# -- API ----------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # First the one that can ask for credentials: its header makes a refusal 401 instead of 403.
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.errors.problem_response",
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Yingzhi API",
    "DESCRIPTION": "Exams, attempts and scores of Yingzhi (应知).",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "PREPROCESSING_HOOKS": ["config.schema.only_our_endpoints"],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
}

# -- Protection ---------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# Wagtail shows its previews in a frame of its own origin.
X_FRAME_OPTIONS = "SAMEORIGIN"

SILENCED_SYSTEM_CHECKS = ["axes.W003"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "axes": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "django_tasks": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
    },
}
