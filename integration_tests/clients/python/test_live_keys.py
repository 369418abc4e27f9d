"""PyAirbyte keeps what it once read; with `live_keys` and the SQL of docs/deletions.md its tables equal Ashby's."""

from __future__ import annotations

import random
import re
from typing import Any

import airbyte
import pytest
from support import CONFIG, EXECUTABLE, ROOT, STAMP, WORK, control, truth

LISTS = {"candidates": "candidate.list", "jobs": "job.list", "candidate_tags": "candidateTag.list", "interview_schedules": "interviewSchedule.list"}
#: Events lie in schedules and go with them.
TABLES = [*LISTS, "interview_events"]
ROUNDS = 4
#: What takes two walks is gone after so many reads without a change.
QUIET = 2
DELETED = "_ab_cdc_deleted_at"


def documented(name: str) -> str:
    """A statement of docs/deletions.md, by the comment in its first line."""
    text = (ROOT / "docs" / "deletions.md").read_text()
    [statement] = re.findall(rf"^-- {re.escape(name)}.*\n((?:[^;`])+;)", text, re.MULTILINE)
    return statement


class Warehouse:
    def __init__(self, name: str, **config: Any) -> None:
        self.cache = airbyte.caches.DuckDBCache(db_path=WORK / f"{name}.duckdb")
        self.config = {**CONFIG, **config}

    def read(self, *streams: str) -> None:
        source = airbyte.get_source("source-ashby", local_executable=EXECUTABLE, config=self.config, streams=list(streams))
        source.read(cache=self.cache)

    def query(self, sql: str) -> list[dict[str, Any]]:
        with self.cache.get_sql_engine().connect() as connection:
            return [dict(row._mapping) for row in connection.exec_driver_sql(sql)]

    def create_view(self) -> None:
        with self.cache.get_sql_engine().begin() as connection:
            connection.exec_driver_sql(documented("complete walks"))

    def living(self, table: str) -> list[str]:
        rows = self.query(documented("living rows").replace("candidates", table))
        return sorted(row["id"] for row in rows)


def ids(table: str) -> list[str]:
    return sorted(row["id"] for row in truth(table))


def change_something(chance: random.Random) -> None:
    for table, endpoint in LISTS.items():
        for what in chance.sample(["insert", "change", "remove"], k=chance.randint(1, 3)):
            # Fewer than a tenth of a table: what trips the guard is tested elsewhere.
            control(what, endpoint=endpoint, count=chance.randint(1, 2))


@pytest.fixture(scope="module")
def warehouse() -> Warehouse:
    """After histories of reads and changes, and two reads after the last change."""
    chance = random.Random(20_261_124)
    made = Warehouse("live-keys")
    made.read(*TABLES, "live_keys")
    for _ in range(ROUNDS):
        change_something(chance)
        made.read(*TABLES, "live_keys")
    for _ in range(QUIET):
        made.read(*TABLES, "live_keys")
    made.create_view()
    return made


@pytest.mark.parametrize("table", TABLES)
def test_the_documented_filter_gives_what_ashby_has(warehouse: Warehouse, table: str) -> None:
    assert warehouse.living(table) == ids(table)


def test_without_the_filter_deleted_rows_stay(warehouse: Warehouse) -> None:
    kept = {table: {row["id"] for row in warehouse.query(f"SELECT id FROM {table}")} for table in TABLES}
    assert all(kept[table] > set(ids(table)) for table in ["candidates", "jobs", "candidate_tags"])


def test_where_each_run_overwrites_live_keys_the_two_lines_name_what_is_gone(warehouse: Warehouse) -> None:
    with warehouse.cache.get_sql_engine().begin() as connection:
        connection.exec_driver_sql("CREATE TABLE newest_keys AS SELECT * FROM live_keys WHERE listed_at = (SELECT max(listed_at) FROM live_keys)")
    rows = warehouse.query(documented("gone rows").replace("live_keys", "newest_keys"))
    kept = {row["id"] for row in warehouse.query("SELECT id FROM candidates")}
    assert {row["id"] for row in rows} == kept - set(ids("candidates")) != set()


def test_rows_that_are_read_later_are_living_though_no_walk_has_listed_them(warehouse: Warehouse) -> None:
    created = control("insert", endpoint="candidate.list", count=3)
    assert created
    warehouse.read("candidates")
    assert warehouse.living("candidates") == ids("candidates")


def test_a_walk_of_which_a_part_was_lost_takes_nothing_for_deleted(warehouse: Warehouse) -> None:
    with warehouse.cache.get_sql_engine().begin() as connection:
        connection.exec_driver_sql("DELETE FROM live_keys WHERE \"table\" = 'jobs' AND id = (SELECT min(id) FROM live_keys WHERE \"table\" = 'jobs')")
    assert warehouse.living("jobs") == sorted(row["id"] for row in warehouse.query("SELECT id FROM jobs"))


def test_tombstones_that_were_asked_for_are_kept_as_rows_with_a_mark() -> None:
    made = Warehouse("tombstones", find_deleted="every_sync")
    made.read("candidates")
    control("remove", endpoint="candidate.list", count=4)
    made.read("candidates")
    rows = made.query(f"SELECT id, {DELETED}, {STAMP}, name FROM candidates")
    gone = [row for row in rows if row[DELETED] is not None]
    assert len(gone) == 4
    assert all(row["name"] is None for row in gone)
    assert sorted(row["id"] for row in rows if row[DELETED] is None) == ids("candidates")
