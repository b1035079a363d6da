"""The lead: what an article is about, in the fewest words."""

from __future__ import annotations

from arna.text.sentences import split_passages

SENTENCES = 2
"""Sentences of the text in a lead: an agency's who, what, when and where."""

LENGTH = 300
"""Code points of the text from which a lead ends, at the next space: some writers open with one long sentence."""

_READ = 4 * LENGTH


def lead_of(title: str, text: str) -> str:
    """Title and first sentences of an article as one line, without doubled spaces; what is embedded for an article.

    The text's part is its first two sentences, cut at a space once it is longer than 300 code points.
    """
    opening = text[:_READ]
    spans = split_passages(opening)[:SENTENCES]
    lead = " ".join((opening[: spans[-1][1]] if spans else "").split())
    if len(lead) > LENGTH:
        lead = lead[: LENGTH + 1].rpartition(" ")[0] or lead[:LENGTH]
    head = " ".join(title.split())
    if head and lead:
        return f"{head} {lead}" if head[-1] in ".!?…" else f"{head}. {lead}"
    return head or lead
