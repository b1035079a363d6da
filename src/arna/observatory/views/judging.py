"""Takes an analyst's judgement of a reliance. It is kept with name and time, and beats the machine at the next run."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from arna.observatory.judgements import NAME_COOKIE, NAME_LENGTH, Bench
from arna.observatory.views.errors import tell
from arna.observatory.visit import Visit, keep_snapshots
from arna.terms import VERDICTS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
def judge(request: HttpRequest, article_id: str) -> HttpResponse:
    """Keep a judgement and go back to where it was made."""
    by = " ".join(request.POST.get("by", "").split())[:NAME_LENGTH]
    verdict = request.POST.get("verdict", "")
    if verdict not in VERDICTS:
        return tell(request, 400, gettext("Not understood"), gettext("A judgement accepts, rejects or takes back."))
    if not by or not by.isprintable():
        message = gettext("A judgement stands under a name. Go back and write yours.")
        return tell(request, 400, gettext("Whose judgement is it?"), message)
    visit = Visit(request, keep_snapshots(settings.ARNA_SPACE).take())
    bench = Bench(visit, article_id)
    ticket = request.POST.get("ticket", "")
    judgement = bench.make(ticket, verdict, by, datetime.now(UTC))
    if judgement is None:
        raise Http404
    bench.book.add(judgement)
    response = HttpResponseRedirect(f"{visit.to_article(article_id)}#j-{quote(ticket, safe='')}")
    response.set_cookie(NAME_COOKIE, quote(by), max_age=365 * 24 * 3600, httponly=True, samesite="Strict")
    return response
