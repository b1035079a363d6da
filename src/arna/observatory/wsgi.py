"""The application for any WSGI server; the environment names the space (``ARNA_SPACE``)."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arna.observatory.settings")
application = get_wsgi_application()
