"""The live web as Documents: feeds and sitemaps lead to pages, politely, into WARC first; a ledger remembers."""

from arna.collect.live.collector import Collector
from arna.collect.live.ledger import Ledger
from arna.collect.live.options import CollectOptions
from arna.collect.live.seeds import plant_seeds

__all__ = ["CollectOptions", "Collector", "Ledger", "plant_seeds"]
