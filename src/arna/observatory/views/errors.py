"""Pages for what cannot be shown: nothing there, a form out of date, a space that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext

from arna.errors import SpaceError, StoreError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def tell(request: HttpRequest, status: int, title: str, message: str, detail: str = "") -> HttpResponse:
    """A page that says what is wrong and how to go on; it needs no space.

    ``detail`` is what the program says of it: what, where, how to mend, in English.
    """
    context = {"title": title, "message": message, "detail": detail}
    return render(request, "problem.html.j2", context, status=status)


def explain(request: HttpRequest, error: Exception) -> HttpResponse:
    """A page for an error that is meant for the user: what, where, how to mend."""
    if isinstance(error, SpaceError):
        lead = gettext(
            "Its description has a mistake: space.toml or a file of its outlets. Mend it and load this page again."
        )
    elif isinstance(error, StoreError):
        lead = gettext("Its tables are not there or cannot be read.")
    else:
        lead = gettext("Something it needs is missing.")
    return tell(request, 503, gettext("This space cannot be shown"), lead, str(error))


def miss(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django's names
    """No such page."""
    message = gettext("There is nothing at this address. It may have been there before the space was run again.")
    return tell(request, 404, gettext("Nothing here"), message)


def refuse(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # Django's names
    """A request that makes no sense."""
    return tell(request, 400, gettext("Not understood"), gettext("The address or the form makes no sense."))


def fail(request: HttpRequest) -> HttpResponse:
    """A fault of ours."""
    return tell(
        request, 500, gettext("Something broke"), gettext("This is a fault of Arna. Its log says what happened.")
    )


def refuse_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's names
    """A form that did not come from a page of ours, or is out of date."""
    message = gettext(
        "The form was out of date, or your browser keeps no cookies. Go back, reload the page, try again."
    )
    return tell(request, 403, gettext("Form not accepted"), message)
