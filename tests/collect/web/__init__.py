"""A small web on loopback addresses that does to a collector what the real one does, and knows the truth about it."""

from .hostile import NEEDS_LINUX, SUPPORTED, TROUBLES, HostileWeb, clean, make_sites
from .site import Site
from .sites_robots import CRAWL_DELAY, WAITS
from .sites_traps import CANARY, UNLISTED
from .space import write_space
from .texts import LANGUAGES, Text, make_page, make_text
from .wire import Answer, Request

__all__ = [
    "CANARY",
    "CRAWL_DELAY",
    "LANGUAGES",
    "NEEDS_LINUX",
    "SUPPORTED",
    "TROUBLES",
    "UNLISTED",
    "WAITS",
    "Answer",
    "HostileWeb",
    "Request",
    "Site",
    "Text",
    "clean",
    "make_page",
    "make_sites",
    "make_text",
    "write_space",
]
