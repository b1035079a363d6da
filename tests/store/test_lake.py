import multiprocessing
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arna.errors import QueryError, StoreError
from arna.store import Lake, LakeWriter
from arna.terms import KEYS, SCHEMAS


def outcomes(ids: list[str], stage: str = "read") -> pa.Table:
    count = len(ids)
    return pa.table([ids, [stage] * count, ["kept"] * count, [""] * count], schema=SCHEMAS["outcomes"])


def test_a_table_nobody_wrote_is_empty_and_an_unknown_one_is_named(tmp_path: Path):
    lake = Lake(tmp_path / "lake")
    assert all(lake.read(name).num_rows == 0 for name in SCHEMAS)
    with pytest.raises(StoreError, match="no table 'article'; there are documents, articles"):
        lake.read("article")


def test_every_table_has_its_key_columns():
    assert KEYS.keys() == SCHEMAS.keys()
    assert all(set(keys) <= set(SCHEMAS[name].names) for name, keys in KEYS.items())


@pytest.mark.parametrize("name", ["my space", "менің арнам", "100%", "a#b", "it's", "a?b"])
def test_a_space_may_have_any_name(tmp_path: Path, name: str):
    with LakeWriter(tmp_path / name / "lake") as lake:
        lake.append("outcomes", outcomes(["a"]))
        assert lake.append_new("outcomes", outcomes(["a"])) == 0
    assert Lake(tmp_path / name / "lake").query_by_user("SELECT count(*) AS n FROM outcomes")["n"].to_pylist() == [1]


def test_a_name_delta_lake_cannot_keep_is_told(tmp_path: Path):
    with pytest.raises(StoreError, match="rename the folder"), LakeWriter(tmp_path / "a[1]" / "lake"):
        pass


def test_append_new_keeps_what_is_there_and_each_key_once(tmp_path: Path):
    with LakeWriter(tmp_path / "lake") as lake:
        assert lake.append_new("outcomes", outcomes(["a", "b", "a"])) == 2
        assert lake.append_new("outcomes", outcomes(["b", "c"])) == 1
        lake.delete("outcomes", "document_id", ["a", "it's"])
        assert sorted(lake.read("outcomes")["document_id"].to_pylist()) == ["b", "c"]
        lake.replace("outcomes", outcomes(["z"]))
        assert lake.read("outcomes")["document_id"].to_pylist() == ["z"]


def _hold(folder: str, ready: object, done: object) -> None:
    with LakeWriter(Path(folder)):
        ready.set()  # type: ignore[attr-defined]
        done.wait(20)  # type: ignore[attr-defined]


def test_a_second_writer_is_told_to_wait(tmp_path: Path):
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(str(tmp_path / "lake"), ready, done))
    other.start()
    assert ready.wait(30)
    with pytest.raises(StoreError, match="another arna is writing here"), LakeWriter(tmp_path / "lake"):
        pass
    done.set()
    other.join(20)
    with LakeWriter(tmp_path / "lake"):
        pass


def test_a_file_of_a_cut_off_commit_is_not_seen(tmp_path: Path):
    with LakeWriter(tmp_path / "lake") as lake:
        lake.append("outcomes", outcomes(["a"]))
        [file] = lake.files("outcomes")
        stray = Path(file).with_name("part-00000-stray.parquet")
        stray.write_bytes(Path(file).read_bytes()[:100])
        assert lake.read("outcomes").num_rows == 1


@pytest.mark.parametrize(
    "sql",
    ["DROP VIEW origins", "SELECT 1; SELECT 2", "COPY origins TO 'x.csv'", "SELECT * FROM read_text('/etc/hostname')",
     "ATTACH 'x.db'", "CREATE TABLE t (a INT)", "SELECT * FROM nowhere", "SELEC"],
)  # fmt: skip
def test_users_sql_reads_the_tables_and_nothing_else(tmp_path: Path, sql: str):
    with LakeWriter(tmp_path / "lake") as lake:
        lake.append("outcomes", outcomes(["a"]))
    assert Lake(tmp_path / "lake").query_by_user("SELECT count(*) AS n FROM outcomes")["n"].to_pylist() == [1]
    with pytest.raises(QueryError, match=r"^sql: "):
        Lake(tmp_path / "lake").query_by_user(sql)


def test_a_full_disk_is_a_clear_error_and_no_half_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import arna.store.lake as module

    with LakeWriter(tmp_path / "lake") as lake:
        lake.append("outcomes", outcomes(["a"]))

        def full(*_args: object, **_more: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(module, "write_deltalake", full)
        with pytest.raises(StoreError, match="No space left on device; free some space"):
            lake.append("outcomes", outcomes(["b"]))
        assert lake.read("outcomes")["document_id"].to_pylist() == ["a"]


def test_a_table_of_another_version_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with LakeWriter(tmp_path / "lake") as lake:
        lake.append("outcomes", outcomes(["a"]))
        monkeypatch.setitem(SCHEMAS, "outcomes", SCHEMAS["outcomes"].append(pa.field("more", pa.string())))
        with pytest.raises(StoreError, match="written by another version of Arna"):
            lake.read("outcomes")


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=6), max_size=4))
def test_appending_in_any_parts_gives_the_same_keys(tmp_path_factory: pytest.TempPathFactory, parts: list[list[str]]):
    with LakeWriter(tmp_path_factory.mktemp("lake")) as lake:
        for part in parts:
            lake.append_new("outcomes", outcomes(part))
        assert sorted(lake.read("outcomes")["document_id"].to_pylist()) == sorted(
            {key for part in parts for key in part}
        )
