"""Around every answer: what a browser may load, which errors become a page, and in which language things are said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.cache import patch_vary_headers

from arna.air.voice import speak
from arna.errors import ArnaError
from arna.observatory.speech import voice_of
from arna.observatory.views.errors import explain

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy: nothing inline, nothing from elsewhere."""

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Sets the headers that keep a page from loading, running or being framed by anything foreign."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers."""
        request.get_host()  # a name that is not ours ends here, whatever is asked for
        response = self.get_response(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if "Cache-Control" not in response.headers:  # numbers change with the next run
            response.headers["Cache-Control"] = "private, no-cache"
        return response


class Speaker:
    """Speaks the reader's language while a page is made, and turns what is wrong with a space into a page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, in the reader's language."""
        asked = request.GET.get("ui")
        if asked in ("en", "uk", "ru", "kk"):  # a link may say its language, without changing the reader's own
            translation.activate(asked)
            request.LANGUAGE_CODE = translation.get_language() or asked
        with speak(voice_of(translation.get_language() or "en")):
            response = self.get_response(request)
        patch_vary_headers(response, ["Cookie", "Accept-Language"])
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for errors that are meant for the user."""
        return explain(request, error) if isinstance(error, ArnaError) else None
