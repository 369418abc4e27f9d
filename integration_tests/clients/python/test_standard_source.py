"""airbyte-cdk's standard tests of a source object, through an adaptor that hands each command to the connector."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any, Iterator, Mapping

from airbyte_cdk.models import (
    AirbyteCatalog, AirbyteConnectionStatus, AirbyteMessage, AirbyteMessageSerializer, ConfiguredAirbyteCatalogSerializer, ConnectorSpecification,
    FailureType, Type,
)
from airbyte_cdk.sources import Source
from airbyte_cdk.test.standard_tests.source_base import SourceTestSuiteBase
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from standard import connector_folder
from support import CONFIG, change_one_percent, configured, control, discover, keys, last_states, messages, rows_of, run, truth, without_vanished, write


class Adaptor(Source):
    """Looks like a Python source; each method runs the program and gives back what it printed."""

    def _messages(self, *words: Any) -> Iterator[AirbyteMessage]:
        done = run(*words)
        found = [AirbyteMessageSerializer.load(json.loads(line)) for line in done.stdout.split("\n")[:-1]]
        yield from found
        if done.returncode != 0:
            errors = [message.trace.error for message in found if message.trace and message.trace.error]
            raise AirbyteTracedException(message=errors[-1].message if errors else "no word why", failure_type=FailureType.system_error)

    def _answer(self, kind: Type, *words: Any) -> AirbyteMessage:
        [answer] = [message for message in self._messages(*words) if message.type == kind]
        return answer

    def spec(self, logger: logging.Logger) -> ConnectorSpecification:
        return self._answer(Type.SPEC, "spec").spec

    def check(self, logger: logging.Logger, config: Mapping[str, Any]) -> AirbyteConnectionStatus:
        return self._answer(Type.CONNECTION_STATUS, "check", "--config", write("adaptor-config.json", dict(config))).connectionStatus

    def discover(self, logger: logging.Logger, config: Mapping[str, Any]) -> AirbyteCatalog:
        return self._answer(Type.CATALOG, "discover", "--config", write("adaptor-config.json", dict(config))).catalog

    def read(self, logger: logging.Logger, config: Mapping[str, Any], catalog: Any, state: Any = None) -> Iterator[AirbyteMessage]:
        given = ConfiguredAirbyteCatalogSerializer.dump(catalog)
        yield from self._messages("read", "--config", write("adaptor-config.json", dict(config)), "--catalog", write("adaptor-catalog.json", given))


class TestSourceAshby(SourceTestSuiteBase):
    connector = Adaptor

    @classmethod
    def get_connector_root_dir(cls) -> Path:
        return connector_folder(keep_catalogs=False)


def test_incremental_which_the_suite_does_not_read() -> None:
    config = write("config.json", CONFIG)
    catalog = write("catalog.json", configured(discover(), "incremental"))
    first = run("read", "--config", config, "--catalog", catalog)
    before = {name: truth(name) for name in keys()}
    change_one_percent()
    state = write("state.json", last_states(messages(first.stdout)))
    second = run("read", "--config", config, "--catalog", catalog, "--state", state)
    assert (first.returncode, second.returncode) == (0, 0)
    for name, key in keys().items():
        assert {row[key]: row for row in rows_of(messages(first.stdout), name)} == {row[key]: row for row in before[name]}
        # The destination keeps the newer of two rows.
        merged = {row[key]: row for text in (first.stdout, second.stdout) for row in rows_of(messages(text), name)}
        assert without_vanished(name, merged) == {row[key]: row for row in truth(name)}, name
    assert 0 < len(rows_of(messages(second.stdout), "candidates")) < len(before["candidates"]) / 5
    assert control("count", endpoint="candidate.list")["count"] == len(truth("candidates"))
