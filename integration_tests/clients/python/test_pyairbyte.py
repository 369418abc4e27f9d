"""PyAirbyte: `get_source` on the executable or the image, and reads of all tables into DuckDB."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import airbyte
import pytest
from support import CONFIG, EXECUTABLE, FORM, IMAGE, STAMP, VENVS, WORK, change_one_percent, control, keys, offered, truth, without_vanished, write

DATABASE = WORK / "ashby.duckdb"
#: PyAirbyte takes half a second a table; in the image, where nothing else differs, these are enough.
SOME = ["applications", "application_history", "candidates", "candidate_projects", "interview_events", "job_postings", "jobs", "offers", "openings", "sources", "users"]
TABLES = SOME if FORM == "image" else sorted(keys())


def source(**more: Any) -> airbyte.Source:
    if FORM == "image":
        return airbyte.get_source("source-ashby", docker_image=IMAGE, use_host_network=True, config=CONFIG, **more)
    return airbyte.get_source("source-ashby", local_executable=EXECUTABLE, config=CONFIG, **more)


@pytest.fixture(scope="session")
def loaded() -> dict[str, Any]:
    """Two reads into one cache, with changes between them; each is looked at when it has ended."""
    cache = airbyte.caches.DuckDBCache(db_path=DATABASE)
    ashby = source(streams=TABLES)
    schemas = {stream.name: stream.json_schema for stream in ashby.discovered_catalog.streams if stream.name in TABLES}
    first = ashby.read(cache=cache)
    result = {"schemas": schemas, "first": look(schemas, cache), "first_records": first.processed_records}
    change_one_percent()
    second = source(streams=TABLES).read(cache=cache)
    return {**result, "second": look(schemas, cache), "second_records": second.processed_records}


def look(schemas: dict[str, Any], cache: airbyte.caches.DuckDBCache) -> dict[str, Any]:
    """Copies everything out of DuckDB, beside the truth of this moment."""
    tables: dict[str, Any] = {name: {"types": {}, "truth": truth(name)} for name in schemas}
    with cache.get_sql_engine().connect() as connection:
        columns = connection.exec_driver_sql("SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'main'")
        for table, column, kind in columns.fetchall():
            if table in tables:
                tables[table]["types"][column] = kind
        for name in schemas:
            rows = [dict(row._mapping) for row in connection.exec_driver_sql(f'SELECT * FROM main."{name}"')]
            column = column_of(keys()[name])
            assert len({row[column] for row in rows}) == len(rows), name
            tables[name]["rows"] = list(without_vanished(name, {row[column]: row for row in rows}).values())
    return tables


def column_of(field: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", field.lower())


def expected_type(schema: dict[str, Any]) -> str:
    """PyAirbyte's documented mapping, for the types that the connector's schemas may use."""
    declared = schema["type"]
    [kind] = [kind for kind in (declared if isinstance(declared, list) else [declared]) if kind != "null"]
    if kind == "string":
        return {"date-time": "TIMESTAMP", "date": "DATE"}.get(schema.get("format", ""), "VARCHAR")
    return {"integer": "BIGINT", "number": "DECIMAL(38,9)", "boolean": "BOOLEAN", "object": "JSON", "array": "JSON"}[kind]


def as_stored(value: Any, column_type: str) -> Any:
    """What a value of Ashby's must be when it comes back out of a column of that type."""
    if value is None:
        return None
    if column_type == "TIMESTAMP":
        return datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone(timezone.utc).replace(tzinfo=None)
    if column_type == "DATE":
        return date.fromisoformat(value)
    if column_type.startswith("DECIMAL"):
        return Decimal(str(value)).quantize(Decimal("1e-9"))
    return value


def as_read(value: Any, column_type: str) -> Any:
    return json.loads(value) if column_type == "JSON" and isinstance(value, str) else value


def test_spec_and_check() -> None:
    ashby = source()
    assert ashby.config_spec["required"] == ["api_key"]
    ashby.check()


def test_a_bad_key_is_refused_by_check() -> None:
    ashby = source()
    ashby.set_config({**CONFIG, "api_key": "0" * 64}, validate=True)
    with pytest.raises(airbyte.exceptions.AirbyteConnectorCheckFailedError):
        ashby.check()


def test_discover_offers_all_tables() -> None:
    assert sorted(source().get_available_streams()) == offered()


@pytest.mark.parametrize("name", TABLES)
def test_columns_have_their_types(loaded: dict[str, Any], name: str) -> None:
    wanted = {column_of(field): expected_type(schema) for field, schema in loaded["schemas"][name]["properties"].items()}
    assert len(wanted) == len(loaded["schemas"][name]["properties"]), "two fields fall into one column"
    found = loaded["first"][name]["types"]
    assert {column: found.get(column) for column in wanted} == wanted


def type_of_values(values: list[Any]) -> str | None:
    """The column type that the values themselves ask for, whatever the schema says."""
    kinds = set()
    for value in values:
        if isinstance(value, bool):
            kinds.add("BOOLEAN")
        elif isinstance(value, (int, float)):
            kinds.add("number")
        elif isinstance(value, (dict, list)):
            kinds.add("JSON")
        elif re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value):
            kinds.add("TIMESTAMP")
        elif re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            kinds.add("DATE")
        else:
            kinds.add("VARCHAR")
    return kinds.pop() if len(kinds) == 1 else None


@pytest.mark.parametrize("name", TABLES)
def test_no_column_falls_to_text_by_accident(loaded: dict[str, Any], name: str) -> None:
    table = loaded["first"][name]
    for field in {field for row in table["truth"] for field in row}:
        wanted = type_of_values([row[field] for row in table["truth"] if row.get(field) is not None])
        if wanted is None:
            continue
        found = table["types"][column_of(field)]
        if found == "VARCHAR" and "text" in loaded["schemas"][name]["properties"][field].get("$comment", ""):
            continue  # no accident: the schema says why
        assert found in ({"BIGINT", "DECIMAL(38,9)"} if wanted == "number" else {wanted}), field


@pytest.mark.parametrize("reading", ["first", "second"])
@pytest.mark.parametrize("name", TABLES)
def test_rows_and_values_are_those_of_ashby(loaded: dict[str, Any], name: str, reading: str) -> None:
    key = keys()[name]
    table = loaded[reading][name]
    found = {row[column_of(key)]: row for row in table["rows"]}
    assert len(table["rows"]) == len(table["truth"])
    assert sorted(found) == sorted(row[key] for row in table["truth"])
    for row in table["truth"]:
        for field in loaded["schemas"][name]["properties"]:
            if field == STAMP:
                continue
            column = column_of(field)
            kind = table["types"][column]
            assert as_read(found[row[key]][column], kind) == as_stored(row.get(field), kind), f"{field} of {row[key]}"


def test_every_type_of_column_had_a_value(loaded: dict[str, Any]) -> None:
    seen = {
        kind
        for table in loaded["first"].values()
        for column, kind in table["types"].items()
        if not column.startswith("_airbyte") and any(row[column] is not None for row in table["rows"])
    }
    wanted = {expected_type(schema) for table in loaded["schemas"].values() for schema in table["properties"].values()}
    assert seen == wanted >= {"VARCHAR", "TIMESTAMP", "BOOLEAN", "JSON"}


def test_the_second_read_was_incremental(loaded: dict[str, Any]) -> None:
    changed = {name for name in loaded["schemas"] if loaded["first"][name]["truth"] != loaded["second"][name]["truth"]}
    assert {"candidates", "applications", "jobs", "users", "openings"} <= changed
    assert loaded["first_records"] == sum(len(table["truth"]) for table in loaded["first"].values())
    assert loaded["second_records"] < loaded["first_records"] * 0.6


def test_custom_fields_have_columns_of_their_own_types(loaded: dict[str, Any]) -> None:
    for name in ("candidates", "applications", "jobs", "offers", "openings"):
        table = loaded["first"][name]
        columns = [column for column in table["types"] if column.startswith("cf_")]
        filled = {table["types"][column] for column in columns if any(row[column] is not None for row in table["rows"])}
        assert filled == {"VARCHAR", "DECIMAL(38,9)", "BOOLEAN", "DATE", "TIMESTAMP", "JSON"}, name
    with airbyte.caches.DuckDBCache(db_path=DATABASE).get_sql_engine().connect() as connection:
        [(pay, by_choice)] = connection.exec_driver_sql(
            "SELECT max(cf_custom_currency_36), count(DISTINCT cf_custom_valueselect_57) FROM candidates WHERE cf_custom_currency_36_currency IS NULL"
            " OR cf_custom_currency_36 BETWEEN 40000 AND 130000"
        ).fetchall()
    assert pay > 40_000 and by_choice > 1


def test_a_new_title_in_ashby(tmp_path: Path) -> None:
    """Whoever discovered before goes on with the old name, found by the id; whoever discovers anew has the new one."""
    before = source(streams=["jobs"])
    first = before.read(cache=airbyte.caches.DuckDBCache(db_path=tmp_path / "before.duckdb"))
    rows = {row["id"]: dict(row) for row in first["jobs"]}
    old = {name for row in rows.values() for name in row if name.startswith("cf_")}
    control("change", endpoint="customField.list", count=control("count", endpoint="customField.list")["count"])
    again = before.read(cache=airbyte.caches.DuckDBCache(db_path=tmp_path / "after.duckdb"))
    for row in again["jobs"]:
        assert {name: row[name] for name in old} == {name: rows[row["id"]][name] for name in old}
    anew = source(streams=["jobs"]).read(cache=airbyte.caches.DuckDBCache(db_path=tmp_path / "after.duckdb"), force_full_refresh=True)
    new = {name for row in anew["jobs"] for name in dict(row) if name.startswith("cf_")} - old
    assert new and any(row[name] is not None for row in anew["jobs"] for name in new)


@pytest.mark.skipif(FORM == "image", reason="pyab validate is run on the executable")
def test_pyab_validate() -> None:
    config = write("pyab-config.json", CONFIG)
    done = subprocess.run(
        [VENVS / "main" / "bin" / "pyab", "validate", f"--connector={EXECUTABLE}", f"--config={config}"],
        capture_output=True, text=True, timeout=120,
    )
    print(done.stdout, done.stderr)
    assert done.returncode == 0
