"""``arna outlets``: an editor sees who is registered, and a program gets everything about each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from arna.space import load_space
from tests.cli.commanding import arna

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real") / "space"
    assert arna("init", folder).code == 0
    return folder


@pytest.mark.parametrize("action", [(), ("list",)])
def test_every_outlet_is_a_row(space: Path, action: tuple[str, ...]) -> None:
    answer = arna("outlets", "-s", space, *action)
    rows = answer.out.splitlines()
    outlets = load_space(space).outlets
    assert (answer.code, answer.err) == (0, "")
    assert rows[0].split()[:5] == ["id", "│", "name", "│", "country"] or rows[0].split()[0] == "id"
    assert len(rows) == len(outlets) + 2, "a head, a rule, and one row each"
    assert {row.split()[0] for row in rows[2:]} == {outlet.id for outlet in outlets}


def test_a_row_says_who_decides_and_what_nobody_has_checked(space: Path) -> None:
    rows = {row.split()[0]: row for row in arna("outlets", "-s", space).out.splitlines()}
    assert all(word in rows["kazinform"] for word in ("Qazinform", "KZ", "agency", "state", "kazakhstan", "kk ru en"))
    assert "feeds" in rows["forbes-kz"], "the address of its feed is marked as unchecked"


def test_a_program_gets_all_that_is_registered(space: Path) -> None:
    value = arna("outlets", "-s", space, "--json").value
    assert isinstance(value, list)
    by_id = {outlet["id"]: outlet for outlet in value}
    informburo = by_id["informburo"]
    assert informburo["control"] == "private"
    assert informburo["domains"] == ["informburo.kz"]
    assert informburo["ownership"][0]["since"] == "2024-10-02"
    assert by_id["tass"]["wikidata"] == "Q223799"
    assert by_id["azh"]["region"] == "Atyrau"
    assert by_id["abai-kz"]["wikidata"] is None
    assert by_id["abai-kz"]["feeds"] == []


def test_a_space_without_outlets_says_where_they_go(space: Path, tmp_path: Path) -> None:
    (tmp_path / "space.toml").write_text((space / "space.toml").read_text("utf-8"), encoding="utf-8")
    answer = arna("outlets", "-s", tmp_path)
    assert (answer.code, answer.out) == (0, f"No outlets yet. Write them into {tmp_path}/outlets/*.toml.\n")
    assert arna("outlets", "-s", tmp_path, "--json").value == []


def test_a_mistake_in_the_registry_is_one_line(space: Path, tmp_path: Path) -> None:
    (tmp_path / "space.toml").write_text((space / "space.toml").read_text("utf-8"), encoding="utf-8")
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets/kz.toml").write_text('[[outlet]]\nid = "x"\nnmae = "X"\n', encoding="utf-8")
    answer = arna("outlets", "-s", tmp_path)
    assert (answer.code, answer.out) == (1, "")
    assert answer.error == f"arna: {tmp_path}/outlets/kz.toml:3: unknown field 'nmae'; did you mean 'name'?"


def test_an_unknown_action_is_wrong_usage(space: Path) -> None:
    assert arna("outlets", "-s", space, "burn").code == 2
