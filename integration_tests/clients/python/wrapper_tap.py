"""Meltano's Airbyte wrapper as PyPI has it (tap-airbyte 0.0.2), made to work as its current release 0.7.0 does.

0.7.0 is in no package registry. What differs between the two and matters to a connector is put right here, around the
package and without touching it; streams, catalogs, records and the SDK's type conversion are the package's own:

- 0.0.2 runs `./base.sh` inside an Airbyte image; 0.7.0 runs `docker run --rm -i -v TEMPORARY:/tmp IMAGE:TAG ...`.
- 0.0.2 cannot take a state of type STREAM, nor hand any state back; 0.7.0 keeps the list of them as `airbyte_state`
  in the Singer state, and gives that list to `--state`.
- 0.0.2 looks for the cursor in `cursor_field`; 0.7.0 in `default_cursor_field`.

And one fault of 0.0.2 of which 0.7.0 may not be free: its threads write SCHEMA lines without the lock that they take
for records, so that with many tables one line now and then lands inside another. Here every line is written under a lock.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import threading
import types
from pathlib import Path
from typing import Any

from tap_airbyte import tap

FOLDER = Path(tempfile.mkdtemp(prefix="tap-airbyte-"))
INSIDE = "/tmp"


class Tap(tap.TapAirbyte):
    conf_dir = str(FOLDER)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        Docker.tap = self
        super().__init__(*args, **kwargs)

    def load_state(self, state: dict[str, Any]) -> None:
        super(tap.TapAirbyte, self).load_state(state)
        Docker.states = {entry["stream"]["stream_descriptor"]["name"]: entry for entry in state.get("airbyte_state", [])}


class Docker:
    """Turns the package's calls of `./base.sh` into those of docker."""

    tap: Tap
    states: dict[str, Any] = {}

    @classmethod
    def command(cls, words: list[str]) -> list[str]:
        spec = cls.tap.config["airbyte_spec"]
        inside = [word.replace(str(FOLDER), INSIDE) for word in words[1:]]
        return ["docker", "run", "--rm", "-i", "-v", f"{FOLDER}:{INSIDE}", f"{spec['image']}:{spec.get('tag', 'latest')}", *inside]

    @classmethod
    def run(cls, words: list[str], **options: Any) -> Any:
        if not words[0].endswith("base.sh"):
            return subprocess.run(words, **options)
        options.pop("cwd", None)
        done = subprocess.run(cls.command(words), **options)
        lines = [cls.with_cursor(line) for line in done.stdout.decode("utf-8").splitlines()]
        return types.SimpleNamespace(returncode=done.returncode, stderr=done.stderr, stdout="\n".join(lines).encode())

    @classmethod
    def popen(cls, words: list[str], **options: Any) -> "Reading":
        options.pop("cwd", None)
        catalog = FOLDER / "catalog.json"
        configured = json.loads(catalog.read_text())
        for entry in configured["streams"]:
            entry["stream"].pop("cursor_field", None)
        catalog.write_text(json.dumps(configured))
        if cls.states:
            (FOLDER / "state.json").write_text(json.dumps(list(cls.states.values())))
            words = [*words, "--state", f"{FOLDER}/state.json"]
        return Reading(subprocess.Popen(cls.command(words), **options))

    @staticmethod
    def with_cursor(line: str) -> str:
        message = json.loads(line)
        for stream in message.get("catalog", {}).get("streams", []):
            if "default_cursor_field" in stream:
                stream["cursor_field"] = stream["default_cursor_field"]
        return json.dumps(message)


class Reading:
    """A running read whose states come as the one state that 0.7.0 would write."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process
        self.stdout = self
        self.stderr = process.stderr
        self.poll, self.wait, self.kill = process.poll, process.wait, process.kill

    def readline(self) -> bytes:
        line = self.process.stdout.readline()
        if not line.startswith(b'{"type":"STATE"'):
            return line
        state = json.loads(line)["state"]
        Docker.states[state["stream"]["stream_descriptor"]["name"]] = state
        return json.dumps({"type": "STATE", "state": {"data": {"airbyte_state": list(Docker.states.values())}}}).encode() + b"\n"


_write_message = tap.singer.write_message
_line = threading.Lock()


def write_whole_message(message: Any) -> None:
    with _line:
        _write_message(message)


tap.singer.write_message = write_whole_message
tap.subprocess = types.SimpleNamespace(run=Docker.run, Popen=Docker.popen, PIPE=subprocess.PIPE)

if __name__ == "__main__":
    Tap.cli()
