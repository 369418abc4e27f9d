"""What every client's test needs: the connector, a made-up Ashby, and the rows that must come out of it."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
#: What a client is given to run: bin/source-ashby, or a program that runs the image in its place.
CONNECTOR = Path(os.environ["CLIENTS_CONNECTOR"])
#: bin/source-ashby
EXECUTABLE = Path(os.environ["CLIENTS_EXECUTABLE"])
#: "executable" or "image"
FORM = os.environ["CLIENTS_FORM"]
#: "" where there is none
IMAGE = os.environ["CLIENTS_IMAGE"]
SIMULATOR = os.environ["ASHBY_BASE_URL"]
WORK = Path(os.environ["CLIENTS_WORK"])
VENVS = Path(os.environ["CLIENTS_VENVS"])

CONFIG = {"api_key": os.environ["CLIENTS_API_KEY"], "requests_per_minute": 1_000_000}
BAD_KEY_CONFIG = {**CONFIG, "api_key": "0" * 64}

#: The column that the connector adds to rows of incremental tables.
STAMP = "_ab_cdc_updated_at"

Json = dict[str, Any]


def fetch(url: str, body: Json | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data=data)) as answer:
        return json.load(answer)


def control(name: str, **arguments: Any) -> Any:
    """One of the simulator's controls; its README lists them."""
    return fetch(f"{SIMULATOR}/_control/{name}", arguments)


def keys() -> dict[str, str]:
    """The key column of each table."""
    return fetch(os.environ["CLIENTS_TRUTH"] + "/")


def offered() -> list[str]:
    """The tables that discover prints: Ashby's, and the one that is made of them."""
    return sorted([*keys(), "live_keys"])


def truth(stream: str) -> list[Json]:
    """The rows that a table must hold now, told by the simulator and not by the connector."""
    return fetch(os.environ["CLIENTS_TRUTH"] + f"/{stream}")


def few_permissions_config() -> Json:
    return {**CONFIG, "api_key": control("add-key", permissions=["jobsRead"])["key"]}


#: Keys of rows that a change has taken away, by table: those that lay inside rows which no longer hold them. A reader
#: that acts on no tombstones keeps them (docs/deletions.md). Told by the simulator alone, so that no other row can hide.
_vanished: dict[str, set[str]] = {}


def without_vanished(name: str, rows: dict[str, Any]) -> dict[str, Any]:
    """Rows by key, but for those that are not to be had any more since they vanished from the row around them."""
    return {key: row for key, row in rows.items() if key not in _vanished.get(name, set())}


def change_one_percent() -> None:
    """About 1 % of the large lists, and at least one row; a new row in some."""
    before = {name: {row[key] for row in truth(name)} for name, key in keys().items()}
    _change()
    for name, key in keys().items():
        now = {row[key] for row in truth(name)}
        _vanished[name] = (_vanished.get(name, set()) | before[name]) - now


def _change() -> None:
    for endpoint in ("candidate.list", "application.list", "interviewSchedule.list", "offer.list", "job.list", "user.list"):
        count = control("count", endpoint=endpoint)["count"]
        control("change", endpoint=endpoint, count=max(1, round(count / 100)))
    for endpoint in ("candidate.list", "application.list", "opening.list"):
        control("insert", endpoint=endpoint, count=1)


def write(name: str, value: Any) -> Path:
    path = WORK / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


def run(*words: str | Path, connector: Path = CONNECTOR) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(connector), *map(str, words)], capture_output=True, text=True, encoding="utf-8", timeout=300)


def messages(text: str) -> list[Json]:
    """One message a line, and nothing else."""
    lines = text.split("\n")
    assert lines[-1] == "", "the last line is not whole"
    return [json.loads(line) for line in lines[:-1]]


def discover(config: Json = CONFIG) -> list[Json]:
    done = run("discover", "--config", write("discover-config.json", config))
    [catalog] = [message["catalog"] for message in messages(done.stdout) if message["type"] == "CATALOG"]
    return catalog["streams"]


def configured(streams: list[Json], mode: str) -> Json:
    """A configured catalog; streams that know no incremental mode are read whole."""
    return {
        "streams": [
            {
                "stream": stream,
                "sync_mode": mode if mode in stream["supported_sync_modes"] else "full_refresh",
                "destination_sync_mode": "append_dedup",
            }
            for stream in streams
        ]
    }


def last_states(lines: list[Json]) -> list[Json]:
    last = {}
    for message in lines:
        if message["type"] == "STATE":
            last[message["state"]["stream"]["stream_descriptor"]["name"]] = message["state"]
    return list(last.values())


def rows_of(lines: list[Json], stream: str) -> list[Json]:
    return [
        {name: value for name, value in message["record"]["data"].items() if name != STAMP}
        for message in lines
        if message["type"] == "RECORD" and message["record"]["stream"] == stream
    ]


def by_key(rows: list[Json], key: str) -> dict[str, Json]:
    """Rows by key, of which there may be no two alike."""
    found = {str(row[key]): row for row in rows}
    assert len(found) == len(rows), f"{len(rows) - len(found)} rows come twice"
    return found
