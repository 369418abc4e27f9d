"""airbyte-serverless: a third client of its own make; it merges standard error into standard output and ignores exit codes."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from typing import Any

import pytest
import yaml
from airbyte_serverless.destinations import BaseDestination
from airbyte_serverless.sources import AirbyteSourceException, DockerAirbyteSource, ExecutableAirbyteSource
from support import BAD_KEY_CONFIG, CONFIG, EXECUTABLE, FORM, IMAGE, STAMP, VENVS, WORK, change_one_percent, control, few_permissions_config, keys, offered, truth, without_vanished


def source(config: Any = CONFIG, streams: str | None = None) -> ExecutableAirbyteSource:
    if FORM == "image":
        return DockerAirbyteSource(IMAGE, config, streams)  # calls `docker`, which here is the wrapper in shims/
    return ExecutableAirbyteSource(shlex.quote(str(EXECUTABLE)), config, streams)


class Memory(BaseDestination):
    """Keeps what a database would, and the states by stream, as the client's BigQuery destination does."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[Any]] = {}

    def _write(self, record_type: str, records: list[Any]) -> None:
        self.tables.setdefault(record_type, []).extend(json.loads(record["_airbyte_data"]) for record in records)

    def get_state(self) -> Any:
        states = {state["stream"]["stream_descriptor"]["name"]: state for state in self.tables.get("_airbyte_states", [])}
        return list(states.values())

    def rows(self, stream: str) -> dict[str, Any]:
        """The newest row of each key."""
        key = keys()[stream]
        return {row[key]: {name: value for name, value in row.items() if name != STAMP} for row in self.tables.get(f"_airbyte_raw_{stream}", [])}


def test_spec_makes_a_form() -> None:
    form = source().yaml_config_example
    assert "api_key:" in form and "start_date:" in form


def test_check() -> None:
    assert source().connection_status["status"] == "SUCCEEDED"
    refused = source(BAD_KEY_CONFIG).connection_status
    assert refused["status"] == "FAILED" and refused["message"]


def test_discover() -> None:
    assert sorted(source().available_streams) == offered()


@pytest.fixture(scope="session")
def reads() -> dict[str, Any]:
    destination = Memory()
    destination.load(source().extract())
    first = {name: destination.rows(name) for name in keys()}
    counts = {name: len(destination.tables[f"_airbyte_raw_{name}"]) for name in keys()}
    wanted = {name: truth(name) for name in keys()}
    change_one_percent()
    control("clear-requests")
    destination.load(source().extract(state=destination.get_state()))
    # Requests with a token are those of the second read that took up where the first one ended.
    resumed = {request["endpoint"] for request in control("requests") if (request.get("body") or {}).get("syncToken")}
    return {"first": first, "counts": counts, "wanted": wanted, "destination": destination, "resumed": resumed}


@pytest.mark.parametrize("name", sorted(keys()))
def test_a_read_without_state_gives_all_rows_once(reads: dict[str, Any], name: str) -> None:
    key = keys()[name]
    assert reads["first"][name] == {row[key]: row for row in reads["wanted"][name]}
    assert reads["counts"][name] == len(reads["wanted"][name])


@pytest.mark.parametrize("name", sorted(keys()))
def test_a_read_with_state_brings_it_up_to_date(reads: dict[str, Any], name: str) -> None:
    key = keys()[name]
    assert without_vanished(name, reads["destination"].rows(name)) == {row[key]: row for row in truth(name)}


def test_the_second_read_took_up_the_states(reads: dict[str, Any]) -> None:
    assert {"candidate.list", "application.list", "job.list", "offer.list"} <= reads["resumed"]
    assert len(reads["destination"].tables["_airbyte_raw_candidates"]) < len(reads["wanted"]["candidates"]) * 1.2


def test_a_failing_read_raises() -> None:
    with pytest.raises(AirbyteSourceException, match="config_error"):
        list(source(BAD_KEY_CONFIG, "jobs").extract())
    # The catalog is asked for with the same key, so here the missing table shows at once.
    assert "candidates" not in source(few_permissions_config()).available_streams


@pytest.mark.skipif(FORM == "image", reason="`abs` takes images of Airbyte's own registry only by name; the executable is run")
def test_abs_create_and_run() -> None:
    abs_ = VENVS / "main" / "bin" / "abs"

    def call(*words: str) -> str:
        done = subprocess.run([abs_, *words], cwd=WORK, capture_output=True, text=True, env={**os.environ, "COLUMNS": "200"}, timeout=120)
        print(done.stdout, done.stderr)
        assert done.returncode == 0 and "ERROR" not in done.stdout
        return done.stdout

    call("create", "ashby", "--source", str(EXECUTABLE), "--destination", "print")
    file = WORK / "connections" / "ashby.yaml"
    connection = yaml.safe_load(file.read_text())
    connection["source"]["config"] = CONFIG
    connection["source"]["streams"] = "jobs,openings"
    file.write_text(yaml.safe_dump(connection))
    assert "candidates" in call("list-available-streams", "ashby")
    printed = call("run", "ashby")
    assert "_AIRBYTE_RAW_JOBS" in printed and "_AIRBYTE_STATES" in printed
    assert "NOT JSON" not in printed
