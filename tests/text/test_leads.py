"""The lead is what an article is about: title and first two sentences, whatever the layout of its text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.text.leads import LENGTH, lead_of

LEADS = {
    "kk": (
        "Қазақстан көмек жіберді",
        "Қазақстан Украинаға 40 тонна көмек жіберді.\nОл жолға 3 қазанда шықты. Үшіншісі керек емес.",
        "Қазақстан көмек жіберді. Қазақстан Украинаға 40 тонна көмек жіберді. Ол жолға 3 қазанда шықты.",
    ),
    "uz": ("Savdo oʻsdimi?", "Savdo 5 % ga oʻsdi. Bu koʻp. Yana.", "Savdo oʻsdimi? Savdo 5 % ga oʻsdi. Bu koʻp."),
    "no text": ("Президент приехал", "", "Президент приехал"),
    "no title": ("", "Президент  приехал.", "Президент приехал."),
    "nothing": ("", " \n", ""),
}


@pytest.mark.parametrize("case", LEADS)
def test_a_lead_is_title_and_two_sentences_in_one_line(case: str) -> None:
    title, text, lead = LEADS[case]
    assert lead_of(title, text) == lead


def test_one_endless_sentence_is_cut_at_a_space() -> None:
    text = "Ýükler serhetden geçirildi we " * 60
    lead = lead_of("", text)
    assert LENGTH - 20 < len(lead) <= LENGTH
    assert text.startswith(lead + " ")


@given(st.text(), st.text(max_size=2000))
def test_a_lead_is_one_short_line(title: str, text: str) -> None:
    lead = lead_of(title, text)
    assert lead == " ".join(lead.split())
    assert len(lead) <= len(title) + LENGTH + 2
