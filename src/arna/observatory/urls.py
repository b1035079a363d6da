"""Addresses. A page's rows and its picture lie beside it: ``/flow/``, ``/flow/rows.csv``, ``/flow/picture.svg``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import re_path
from django.views.i18n import set_language

from arna.observatory.views import (
    articles,
    assets,
    errors,
    families,
    flow,
    health,
    judging,
    method,
    outlets,
    search,
    voidmap,
)
from arna.observatory.views.article import see_article

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.urls import URLPattern

_FILE = r"(?:(?:rows|picture)\.(?P<form>csv|json|parquet|svg|png))?"


def _page(path: str, view: Callable[..., HttpResponse]) -> URLPattern:
    return re_path(rf"^{path}{_FILE}$", view)


urlpatterns = [
    _page("", voidmap.see_map),
    _page("articles/", articles.list_articles),
    re_path(r"^article/(?P<article_id>[^/]+)/judgement$", judging.judge),
    _page("article/(?P<article_id>[^/]+)/", see_article),
    _page("families/", families.list_families),
    _page("family/(?P<story>[^/]+)/", families.see_family),
    _page("outlets/", outlets.list_outlets),
    _page("outlet/(?P<outlet_id>.+)/", outlets.see_outlet),
    _page("flow/", flow.see_flow),
    _page("search/", search.find),
    _page("health/", health.see_health),
    re_path(r"^method/$", method.read_method),
    re_path(r"^language$", set_language),
    re_path(r"^static/(?P<digest>[0-9a-f]+)/(?P<name>[a-z.]+)$", assets.send_asset),
]

handler400 = errors.refuse
handler404 = errors.miss
handler500 = errors.fail
