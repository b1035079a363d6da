"""A mistake in a space's files is told by file, line and field, so that an editor without a programmer can mend it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from arna.errors import SpaceError
from arna.space import load_space
from arna.terms import Ownership

if TYPE_CHECKING:
    from pathlib import Path

SPACE = """\
id = "steppe"
title = "Украина в степи"
languages = ["kk-Cyrl", "uz-Latn"]

[subject]
id = "ukraine"
title = "Ukraine"
own_origins = ["ukraine"]

[subject.stems]
kk = ["украин"]
uz = ["ukrain"]

[[origins]]
id = "ukraine"
title = "Ukraine"

[[origins]]
id = "kazakhstan"
title = "Kazakhstan"

[[topics]]
id = "economy"
title = "Economy"

[topics.stems]
kk = ["экспорт"]

[[topics]]
id = "culture"
title = "Culture"

[topics.stems]
kk = ["мәдени"]
"""

OUTLETS = """\
[[outlet]]
id = "dala"
name = "Дала"
origin = "kazakhstan"
country = "KZ"
kind = "portal"
languages = ["kk"]
domains = ["dala.example"]

[[outlet]]
id = "dnipro"
name = "Дніпро"
origin = "ukraine"
country = "UA"
kind = "agency"
languages = ["uk", "ru"]
domains = ["dnipro.example", "news.dnipro.example"]
reach = 3

[outlet.names]
uk = ["Дніпро"]
ru = ["Днепр", "агентство Днепр"]

[[outlet.ownership]]
owner = "Dnipro Holding"
source = "https://registry.example/dnipro"
since = 2020-03-01

[[outlet.ownership]]
owner = "Dnipro Trust"
source = "https://registry.example/dnipro/1"
"""
DALA = OUTLETS.split("\n[[outlet]]", maxsplit=1)[0]
"""The first outlet alone."""


def write_space(folder: Path, space: str = SPACE, **outlets: str) -> Path:
    """A space's folder; ``outlets`` are files by name."""
    (folder / "outlets").mkdir(parents=True, exist_ok=True)
    (folder / "space.toml").write_text(space, encoding="utf-8")
    for name, text in (outlets or {"all": OUTLETS}).items():
        (folder / "outlets" / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def line_of(text: str, part: str, *, nth: int = 1) -> int:
    """Number of the ``nth`` line that holds a part."""
    return [number for number, line in enumerate(text.splitlines(), 1) if part in line][nth - 1]


def fail_to_load(folder: Path) -> str:
    with pytest.raises(SpaceError) as caught:
        load_space(folder)
    message = str(caught.value)
    assert "\n" not in message, "the user is shown one line"
    return message


def test_a_good_space_comes_out_as_written(tmp_path: Path) -> None:
    space = load_space(write_space(tmp_path))
    assert space.languages == ("kk-Cyrl", "uz-Latn")
    assert space.subject.stems["kk"] == ("украин",)
    assert [topic.id for topic in space.topics] == ["economy", "culture"]
    dala, dnipro = space.outlets
    assert (dala.reach, dala.names, dala.ownership) == (1.0, {}, ())
    assert dnipro.reach == 3.0
    assert dnipro.names["ru"] == ("Днепр", "агентство Днепр")
    assert dnipro.ownership == (
        Ownership("Dnipro Holding", "https://registry.example/dnipro", date(2020, 3, 1)),
        Ownership("Dnipro Trust", "https://registry.example/dnipro/1", None),
    )
    assert space.outlet_of_host("m.news.dnipro.example") == "dnipro"


def test_outlets_of_several_files_are_one_registry(tmp_path: Path) -> None:
    first, second = OUTLETS.split('\n[[outlet]]\nid = "dnipro"')
    folder = write_space(tmp_path, kz=first, ua='[[outlet]]\nid = "dnipro"' + second)
    assert [outlet.id for outlet in load_space(folder).outlets] == ["dala", "dnipro"]


def test_a_space_may_begin_without_outlets(tmp_path: Path) -> None:
    (tmp_path / "space.toml").write_text(SPACE, encoding="utf-8")
    assert load_space(tmp_path).outlets == ()


SPACE_MISTAKES = {
    "typo in a key": ('languages = ["kk', 'langauges = ["kk', "langauges", "did you mean 'languages'?"),
    "typo in the subject": ("own_origins", "own_origin", "own_origin =", "did you mean 'own_origins'?"),
    "typo in a topic": ('title = "Culture"', 'titel = "Culture"', "titel", "did you mean 'title'?"),
    "a field nobody knows": ('title = "Kazakhstan"', 'colour = "blue"', "colour", "known fields: id, title"),
    "a text where a list belongs": (
        'own_origins = ["ukraine"]',
        'own_origins = "ukraine"',
        "own_origins",
        "a list of texts",
    ),
    "a number where a text belongs": ('id = "steppe"', "id = 7", "id = 7", "a text in quotes"),
    "an empty text": ('title = "Украина в степи"', 'title = "  "', 'title = "  "', "a text in quotes"),
    "an empty stem": ('uz = ["ukrain"]', 'uz = ["ukrain", ""]', "[subject.stems]", "a table of lists of texts"),
    "a stem of no letters": ('uz = ["ukrain"]', 'uz = ["—"]', "[subject.stems]", "a table of lists of texts"),
    "a stem that is no list": ('kk = ["мәдени"]', 'kk = "мәдени"', "[topics.stems]", "a table of lists of texts"),
    "a language without its script": ('"uz-Latn"', '"uz"', "languages", "'uz' is not a language with its script"),
    "a script in small letters": ('"uz-Latn"', '"uz-latn"', "languages", "'uz-latn' is not a language"),
    "an unknown own origin": (
        'own_origins = ["ukraine"]',
        'own_origins = ["ukrain"]',
        "own_origins",
        "no origin 'ukrain'",
    ),
    "a doubled origin": ('id = "kazakhstan"', 'id = "ukraine"', 'id = "ukraine"', "a second 'ukraine' in [[origins]]"),
    "a doubled topic": ('id = "culture"', 'id = "economy"', 'id = "economy"', "a second 'economy' in [[topics]]"),
    "a topic's id with a space": ('id = "culture"', 'id = "Our culture"', "Our culture", "may hold only a-z"),
    "a lost field": ('title = "Kazakhstan"\n', "", "[[origins]]", "[origins] lacks 'title'"),
    "Arna's own word as an origin": ('id = "kazakhstan"', 'id = "unknown"', "[[origins]]", "Arna's own word"),
}
LAST = {"a doubled origin", "a doubled topic", "a stem that is no list", "a lost field"}


@pytest.mark.parametrize("mistake", SPACE_MISTAKES)
def test_a_mistake_in_space_toml_is_told_with_line_and_field(mistake: str, tmp_path: Path) -> None:
    good, bad, place, told = SPACE_MISTAKES[mistake]
    text = SPACE.replace(good, bad)
    assert text != SPACE
    message = fail_to_load(write_space(tmp_path, text))
    hits = [number for number, line in enumerate(text.splitlines(), 1) if place in line]
    line = hits[-1] if mistake in LAST else hits[0]
    assert message.startswith(f"{tmp_path / 'space.toml'}:{line}: "), message
    assert told in message


@pytest.mark.parametrize("lost", ["id", "title", "languages"])
def test_a_lost_field_of_the_space_is_named(lost: str, tmp_path: Path) -> None:
    text = "\n".join(SPACE.splitlines()[1:] if lost == "id" else SPACE.splitlines())
    text = text if lost == "id" else re.sub(rf"(?m)^{lost} = .*\n", "", text, count=1)
    assert f"lacks '{lost}'" in fail_to_load(write_space(tmp_path, text))


OUTLET_MISTAKES = {
    "typo in a key": ('kind = "agency"', 'knd = "agency"', "knd", "did you mean 'kind'?"),
    "typo in ownership": ("since = 2020", "sinc = 2020", "sinc", "did you mean 'since'?"),
    "a kind nobody knows": ('kind = "agency"', 'kind = "blog"', "blog", "none of agency, portal, newspaper"),
    "an unknown origin": (
        'origin = "ukraine"',
        'origin = "ukrain"',
        'origin = "ukrain"',
        "space.toml has kazakhstan, ukraine",
    ),
    "an address for a domain": (
        '"dnipro.example",',
        '"https://dnipro.example/",',
        "https://dnipro.example/",
        "bare host name",
    ),
    "a domain with www": ('"dnipro.example",', '"www.dnipro.example",', "www.", "without www."),
    "an address for a channel": ("reach = 3", 'channels = ["https://t.me/dnipro"]', "channels", "write dalanews for"),
    "a channel that is no text": ("reach = 3", "channels = [5]", "channels", "'channels' must be a list of texts"),
    "a domain in capitals": ('"dnipro.example",', '"Dnipro.example",', '"Dnipro.', "small letters"),
    "a doubled id": ('id = "dnipro"', 'id = "dala"', 'id = "dala"', "a second 'dala' in [[outlet]]"),
    "an id in Cyrillic": ('id = "dnipro"', 'id = "дніпро"', "дніпро", "may hold only a-z"),
    "reach as a text": ("reach = 3", 'reach = "3"', "reach", "'reach' must be a number"),
    "reach below nothing": ("reach = 3", "reach = -1", "reach", "'reach' must be a number"),
    "reach without end": ("reach = 3", "reach = inf", "reach", "'reach' must be a number"),
    "reach as yes": ("reach = 3", "reach = true", "reach", "'reach' must be a number"),
    "names that are no lists": ('uk = ["Дніпро"]', 'uk = "Дніпро"', "[outlet.names]", "one per language"),
    "a day with an hour": ("since = 2020-03-01", "since = 2020-03-01T00:00:00", "since", "a day such as"),
    "a day in quotes": ("since = 2020-03-01", 'since = "2020-03-01"', "since", "a day such as"),
    "ownership without a source": (
        'source = "https://registry.example/dnipro"\n',
        "",
        "[[outlet.ownership]]",
        "lacks 'source'",
    ),
}


@pytest.mark.parametrize("mistake", OUTLET_MISTAKES)
def test_a_mistake_in_an_outlet_is_told_with_line_and_field(mistake: str, tmp_path: Path) -> None:
    good, bad, place, told = OUTLET_MISTAKES[mistake]
    text = OUTLETS.replace(good, bad)
    assert text != OUTLETS
    message = fail_to_load(write_space(tmp_path, SPACE, ua=text))
    line = line_of(text, place, nth=2 if mistake == "a doubled id" else 1)
    assert message.startswith(f"{tmp_path / 'outlets' / 'ua.toml'}:{line}: "), message
    assert told in message


@pytest.mark.parametrize("lost", ["id", "name", "origin", "country", "kind", "languages", "domains"])
def test_a_lost_field_of_an_outlet_is_named_at_its_head(lost: str, tmp_path: Path) -> None:
    head, second = OUTLETS.split("\n[[outlet]]\n")
    text = head + "\n[[outlet]]\n" + re.sub(rf"(?m)^{lost} = .*\n", "", second, count=1)
    message = fail_to_load(write_space(tmp_path, SPACE, ua=text))
    assert message.startswith(f"{tmp_path / 'outlets' / 'ua.toml'}:{line_of(text, '[[outlet]]', nth=2)}: "), message
    assert f"lacks '{lost}'" in message


def test_a_domain_of_two_outlets_is_told_with_both_places(tmp_path: Path) -> None:
    """With one domain in two outlets a link would count for whichever file comes last."""
    other = DALA.replace('"dala"', '"dala-2"').replace("dala.example", "dnipro.example")
    message = fail_to_load(write_space(tmp_path, SPACE, a=OUTLETS, b=other))
    assert message.startswith(str(tmp_path / "outlets" / "b.toml") + ":")
    assert "'dnipro.example' is already taken" in message
    assert str(tmp_path / "outlets" / "a.toml") in message


def test_a_channel_of_two_outlets_is_told_with_both_places(tmp_path: Path) -> None:
    one = OUTLETS.replace("reach = 3", 'reach = 3\nchannels = ["DniproNews"]')
    other = DALA.replace('"dala"', '"dala-2"').replace("dala.example", "dala-2.example") + 'channels = ["dnipronews"]\n'
    message = fail_to_load(write_space(tmp_path, SPACE, a=one, b=other))
    assert message.startswith(f"{tmp_path / 'outlets' / 'b.toml'}:{line_of(other, 'channels')}: ")
    assert f"'t.me/dnipronews' is already taken by an outlet in {tmp_path / 'outlets' / 'a.toml'}" in message


def test_channels_belong_to_their_outlet(tmp_path: Path) -> None:
    text = OUTLETS.replace("reach = 3", 'reach = 3\nchannels = ["DniproNews", "c/1500000001"]')
    space = load_space(write_space(tmp_path, SPACE, ua=text))
    assert [space.outlet_of_channel(name) for name in ("dnipronews", "C/1500000001", "dala", "")] == [
        "dnipro",
        "dnipro",
        None,
        None,
    ]


def test_an_id_of_two_files_is_told(tmp_path: Path) -> None:
    other = DALA.replace("dala.example", "dala-2.example")
    message = fail_to_load(write_space(tmp_path, SPACE, a=OUTLETS, b=other))
    assert message.startswith(f"{tmp_path / 'outlets' / 'b.toml'}:2: 'dala' is already taken")


def test_a_table_by_another_name_is_told(tmp_path: Path) -> None:
    message = fail_to_load(write_space(tmp_path, SPACE, ua=OUTLETS.replace("[[outlet]]", "[[outlets]]")))
    assert "unknown field 'outlets'; did you mean 'outlet'?" in message


@pytest.mark.parametrize("name", ["space.toml", "outlets/all.toml"])
def test_broken_toml_is_told_with_the_parsers_line(name: str, tmp_path: Path) -> None:
    folder = write_space(tmp_path)
    path = folder / name
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].rstrip('"')
    path.write_text("\n".join(lines), encoding="utf-8")
    message = fail_to_load(folder)
    assert message.startswith(str(path))
    assert "not TOML" in message
    assert "line 2" in message


@pytest.mark.parametrize("name", ["space.toml", "outlets/all.toml"])
def test_a_file_in_windows_1251_is_told_with_its_byte(name: str, tmp_path: Path) -> None:
    path = write_space(tmp_path) / name
    path.write_bytes('id = "a"\ntitle = "Степь"\n'.encode("cp1251"))
    message = fail_to_load(tmp_path)
    assert message.startswith(f"{path}: not UTF-8 at byte 18;")


def test_a_file_with_a_byte_order_mark_loads(tmp_path: Path) -> None:
    """Notepad writes one."""
    path = write_space(tmp_path) / "space.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_space(tmp_path).id == "steppe"


def test_windows_line_ends_keep_the_line_number(tmp_path: Path) -> None:
    path = write_space(tmp_path) / "space.toml"
    path.write_bytes(SPACE.replace("own_origins", "own_origin").replace("\n", "\r\n").encode())
    assert fail_to_load(tmp_path).startswith(f"{path}:8: ")


def test_a_missing_space_is_told_with_the_way_to_make_one(tmp_path: Path) -> None:
    message = fail_to_load(tmp_path)
    assert message.startswith(f"{tmp_path / 'space.toml'}: no such file")
    assert f"arna init {tmp_path}" in message


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "space.toml").mkdir()
    assert "cannot be read" in fail_to_load(tmp_path)


def test_the_line_is_of_the_table_that_holds_the_mistake(tmp_path: Path) -> None:
    """A key of the same name stands in tables above and below."""
    text = SPACE.replace('title = "Ukraine"\nown', 'title = ""\nown')
    assert fail_to_load(write_space(tmp_path, text)).startswith(f"{tmp_path / 'space.toml'}:7: 'title'")
    text = SPACE.replace('title = "Economy"\n', "title = 1\n")
    line = line_of(text, "title = 1")
    assert fail_to_load(write_space(tmp_path, text)).startswith(f"{tmp_path / 'space.toml'}:{line}: 'title'")


def test_the_line_of_a_second_owner_is_the_second_owners(tmp_path: Path) -> None:
    text = OUTLETS.replace('owner = "Dnipro Trust"', 'owner = ""')
    message = fail_to_load(write_space(tmp_path, SPACE, ua=text))
    line = line_of(text, 'owner = ""')
    assert message.startswith(f"{tmp_path / 'outlets' / 'ua.toml'}:{line}: "), message


def test_the_line_of_a_doubled_domain_is_the_domains(tmp_path: Path) -> None:
    other = DALA.replace('"dala"', '"dala-2"')
    message = fail_to_load(write_space(tmp_path, SPACE, a=OUTLETS, b=other))
    line = line_of(other, "domains = ")
    assert message.startswith(f"{tmp_path / 'outlets' / 'b.toml'}:{line}: "), message


def test_a_field_on_one_line_with_its_table_is_told_at_that_line(tmp_path: Path) -> None:
    """Tables may be written in line: ``ownership = [{ owner = "…" }]``."""
    head = DALA
    text = head + 'ownership = [{ owner = "Dala LLP", sourc = "https://registry.example" }]\n'
    message = fail_to_load(write_space(tmp_path, SPACE, kz=text))
    assert "did you mean 'source'?" in message


def test_space_and_subject_may_have_titles_in_other_languages(tmp_path: Path) -> None:
    text = SPACE.replace(
        'title = "Украина в степи"\n', 'title = "Украина в степи"\ntitles = { uk = "Україна в степу" }\n'
    )
    text = text.replace('title = "Ukraine"\nown_', 'title = "Ukraine"\ntitles = { kk = "Украина" }\nown_')
    space = load_space(write_space(tmp_path, text))
    assert (space.titles, space.subject.titles) == ({"uk": "Україна в степу"}, {"kk": "Украина"})
    assert repr(space) == repr(load_space(write_space(tmp_path / "bare"))), "titles must not make a run repeat its work"


@pytest.mark.parametrize("table", ["", "subject"])
def test_a_title_in_another_language_must_be_a_text(table: str, tmp_path: Path) -> None:
    head = "[subject]\n" if table else ""
    text = SPACE.replace(head, f"{head}titles = {{ uk = 5 }}\n", 1)
    message = fail_to_load(write_space(tmp_path, text))
    assert f"space.toml:{line_of(text, 'titles')}: 'titles' must be a table of texts, one per language" in message
