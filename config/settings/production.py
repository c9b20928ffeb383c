"""An office's server, behind a proxy that speaks TLS. Refuses to start without a key or hosts."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403 - settings are a flat namespace
from config.settings.base import env

SECRET_KEY = env.str("SECRET_KEY").strip()
ALLOWED_HOSTS = [host for host in env.list("ALLOWED_HOSTS") if host.strip()]
# Set but empty is what a forgotten line in a file of settings looks like.
if not (SECRET_KEY and ALLOWED_HOSTS):
    raise ImproperlyConfigured("SECRET_KEY and ALLOWED_HOSTS must be set and not be empty.")
DEMO = False

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31536000
