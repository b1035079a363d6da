"""Style sheet, script and icon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse

from arna.observatory.assets import load_asset

if TYPE_CHECKING:
    from django.http import HttpRequest


def send_asset(request: HttpRequest, digest: str, name: str) -> HttpResponse:  # noqa: ARG001  # Django's names
    """A file of the package. Whatever digest an old page asks by, it gets the file as it is now."""
    asset = load_asset(name)
    if asset is None:
        raise Http404
    response = HttpResponse(asset.content, content_type=asset.mime)
    fresh = f"/{digest}/" in asset.path
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if fresh else "no-cache"
    return response
