"""Settings of the Django project. ``arna serve`` says in the environment which space is served, and to which hosts.

No database: the observatory reads the lake, and judgements are lines of a file. Apps that need one come with theirs.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_HERE = Path(__file__).parent
_LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]

ARNA_SPACE = Path(os.environ.get("ARNA_SPACE", "."))
"""The space's folder."""

SECRET_KEY = secrets.token_urlsafe(40)  # signs nothing that outlives the process
DEBUG = False
ALLOWED_HOSTS = [name for name in os.environ.get("ARNA_HOSTS", "").split(",") if name] or _LOOPBACK
"""Names by which a browser may call; only those of this machine unless ``--host`` says otherwise."""

INSTALLED_APPS = ["arna.observatory"]
MIDDLEWARE = [
    "arna.observatory.guard.Guard",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "arna.observatory.guard.Speaker",
]
ROOT_URLCONF = "arna.observatory.urls"
WSGI_APPLICATION = "arna.observatory.wsgi.application"
DATABASES: dict[str, object] = {}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [_HERE / "templates"],
        "OPTIONS": {"environment": "arna.observatory.templating.make_environment"},
    }
]

LANGUAGES = [("en", "English"), ("uk", "Українська"), ("ru", "Русский"), ("kk", "Қазақша")]
LANGUAGE_CODE = "en"
LANGUAGE_COOKIE_NAME = "arna_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [_HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

CSRF_COOKIE_NAME = "arna_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "arna.observatory.views.errors.refuse_form"
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}
