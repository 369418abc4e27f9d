"""Airbyte's official protocol models, both of them: each line of each command is read, and written back the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from airbyte_cdk.models import AirbyteMessageSerializer
from airbyte_protocol.models import AirbyteMessage
from pydantic import BaseModel
from support import (
    BAD_KEY_CONFIG, CONFIG, change_one_percent, configured, control, discover, few_permissions_config, last_states, messages, run, write,
)

#: Each type of message and the one payload that it carries.
PAYLOADS = {
    "RECORD": "record", "STATE": "state", "LOG": "log", "TRACE": "trace", "SPEC": "spec", "CATALOG": "catalog",
    "CONNECTION_STATUS": "connectionStatus",
}
#: Parts of a message whose content is the connector's own affair.
FREE = {"data", "stream_state", "json_schema", "connectionSpecification"}


@pytest.fixture(scope="session")
def runs() -> dict[str, Any]:
    """Every command, with what it should print and how it should end: (process, exit code)."""
    good = write("config.json", CONFIG)
    bad = write("bad.json", BAD_KEY_CONFIG)
    few = write("few.json", few_permissions_config())
    broken = write("broken.json", {"requests_per_minute": "many"})
    streams = discover()
    full = write("full.json", configured(streams, "full_refresh"))
    incremental = write("incremental.json", configured(streams, "incremental"))
    unknown = configured(streams[:1], "full_refresh")
    unknown["streams"][0]["stream"] = {**unknown["streams"][0]["stream"], "name": "no_such_stream"}
    done = {
        "spec": (run("spec"), 0),
        "check": (run("check", "--config", good), 0),
        "check, bad key": (run("check", "--config", bad), 0),
        "check, few permissions": (run("check", "--config", few), 0),
        "check, unusable configuration": (run("check", "--config", broken), 0),
        "discover": (run("discover", "--config", good), 0),
        "discover, few permissions": (run("discover", "--config", few), 0),
        "discover, bad key": (run("discover", "--config", bad), 1),
        "read, full refresh": (run("read", "--config", good, "--catalog", full), 0),
        "read, incremental": (run("read", "--config", good, "--catalog", incremental), 0),
    }
    state = write("state.json", last_states(messages(done["read, incremental"][0].stdout)))
    again = ("read", "--config", good, "--catalog", incremental, "--state", state)
    done["read, incremental, nothing new"] = (run(*again), 0)
    change_one_percent()
    done["read, incremental, changes"] = (run(*again), 0)
    done["read, a missing permission"] = (run("read", "--config", few, "--catalog", full), 1)
    done["read, bad key"] = (run("read", "--config", bad, "--catalog", full), 1)
    done["read, unknown stream"] = (run("read", "--config", good, "--catalog", write("unknown.json", unknown)), 1)
    done["read, no catalog"] = (run("read", "--config", good), 0)
    # A wait of two hours is longer than the connector obeys, so the outage ends the read at once.
    control("fault", kind="status", status=503, headers={"Retry-After": "7200"}, endpoint="user.list", times="Infinity")
    some = [stream for stream in streams if stream["name"] in ("users", "jobs")]
    done["read, an outage"] = (run("read", "--config", good, "--catalog", write("some.json", configured(some, "incremental"))), 1)
    control("clear-faults")
    return done


COMMANDS = [
    "spec", "check", "check, bad key", "check, few permissions", "check, unusable configuration", "discover", "discover, few permissions",
    "discover, bad key", "read, full refresh", "read, incremental", "read, incremental, nothing new", "read, incremental, changes",
    "read, a missing permission", "read, bad key", "read, unknown stream", "read, no catalog", "read, an outage",
]
each_command = pytest.mark.parametrize("command", COMMANDS)


def lines(runs: dict[str, Any], command: str) -> list[str]:
    return runs[command][0].stdout.split("\n")[:-1]


def test_the_list_of_commands_is_whole(runs: dict[str, Any]) -> None:
    assert sorted(runs) == sorted(COMMANDS)


@each_command
def test_exit_code_and_quiet_standard_error(runs: dict[str, Any], command: str) -> None:
    process, code = runs[command]
    assert (process.returncode, process.stderr) == (code, "")


@each_command
def test_lines_are_lines_for_every_reader(runs: dict[str, Any], command: str) -> None:
    text = runs[command][0].stdout
    assert text.endswith("\n")
    assert text.splitlines() == text.split("\n")[:-1]


@each_command
def test_pydantic_models_read_and_write_every_line(runs: dict[str, Any], command: str) -> None:
    for line in lines(runs, command):
        message = AirbyteMessage.model_validate_json(line)
        assert unknown_fields(message) == [], line[:300]
        written = json.loads(message.model_dump_json(exclude_unset=True, by_alias=True))
        assert written == json.loads(line), line[:300]


@each_command
def test_dataclass_models_read_and_write_every_line(runs: dict[str, Any], command: str) -> None:
    for line in lines(runs, command):
        given = json.loads(line)
        written = AirbyteMessageSerializer.dump(AirbyteMessageSerializer.load(given))
        assert lost(without_nulls(given), without_nulls(written)) == [], line[:300]


@each_command
def test_each_message_has_the_payload_of_its_type_and_no_other(runs: dict[str, Any], command: str) -> None:
    for line in lines(runs, command):
        message = json.loads(line)
        assert set(message) == {"type", PAYLOADS[message["type"]]}, line[:300]


@each_command
def test_the_answer_is_there_once(runs: dict[str, Any], command: str) -> None:
    process, code = runs[command]
    types = [message["type"] for message in messages(process.stdout)]
    answer = {"spec": "SPEC", "check": "CONNECTION_STATUS", "discover": "CATALOG"}.get(command.split(",")[0])
    if answer and code == 0:
        assert types.count(answer) == 1
    errors = [message for message in messages(process.stdout) if message["type"] == "TRACE" and message["trace"]["type"] == "ERROR"]
    assert bool(errors) == (code != 0)


def unknown_fields(value: Any, path: str = "") -> list[str]:
    """Fields that the models let pass without knowing them."""
    found = []
    if isinstance(value, BaseModel):
        found += [f"{path}.{name}" for name in value.model_extra or {}]
        for name in type(value).model_fields:
            if name not in FREE:
                found += unknown_fields(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            found += unknown_fields(item, path)
    return found


def lost(given: Any, written: Any, path: str = "") -> list[str]:
    """What was given and not written; the dataclasses write their defaults beside it."""
    if isinstance(given, dict) and isinstance(written, dict):
        return [gone for name, part in given.items() for gone in (lost(part, written[name], f"{path}.{name}") if name in written else [f"{path}.{name}"])]
    return [] if given == written else [path]


def without_nulls(value: Any) -> Any:
    """The serializer of the dataclasses leaves nulls out when it writes."""
    if isinstance(value, dict):
        return {name: without_nulls(part) for name, part in value.items() if part is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value
