"""metadata.yaml against Airbyte's own schema of it, and its pydantic model (PyPI: airbyte-connector-models)."""

from __future__ import annotations

import copy
import json
from importlib import resources
from typing import Any, Callable

import pytest
import yaml
from airbyte_cdk.models.connector_metadata import MetadataFile
from jsonschema import Draft7Validator, FormatChecker
from support import ROOT

METADATA = yaml.safe_load((ROOT / "metadata.yaml").read_text())


def schema() -> dict[str, Any]:
    """The bundled schema, with two faults of it mended that keep it from being used at all."""
    file = resources.files("airbyte_connector_models") / "metadata" / "v0" / "ConnectorMetadataDefinitionV0.json"
    return mended(json.loads(file.read_text()), top=True)


def mended(part: Any, top: bool = False) -> Any:
    if isinstance(part, list):
        return [mended(item) for item in part]
    if not isinstance(part, dict):
        return part
    # 1. `"type": "ConnectorMetric"` names no type. 2. Nested $id move the base of "#/..." references.
    return {
        name: mended(value)
        for name, value in part.items()
        if not (name == "type" and value == "ConnectorMetric") and not (name in ("$id", "$schema") and isinstance(value, str) and not top)
    }


def complaints(metadata: Any) -> list[str]:
    return [f"{list(error.path)}: {error.message}" for error in Draft7Validator(schema(), format_checker=FormatChecker()).iter_errors(metadata)]


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(schema())


def test_metadata_is_of_the_schema() -> None:
    assert complaints(METADATA) == []


def test_metadata_is_of_the_model() -> None:
    from airbyte_connector_models.metadata.v0.connector_metadata_definition_v0 import ConnectorMetadataDefinitionV0

    ConnectorMetadataDefinitionV0.model_validate(METADATA)


def test_the_cdk_reads_it() -> None:
    assert MetadataFile.from_file(ROOT / "metadata.yaml").data.dockerImageTag == METADATA["data"]["dockerImageTag"]


def without(name: str) -> Callable[[Any], None]:
    return lambda data: data.pop(name)


def with_(name: str, value: Any) -> Callable[[Any], None]:
    return lambda data: data.update({name: value})


@pytest.mark.parametrize(
    "spoil",
    [without("license"), without("dockerImageTag"), with_("connectorSubtype", "crm"), with_("definitionId", "ashby"), with_("aNewField", 1), with_("registryOverrides", {"oss": {}})],
)
def test_the_schema_barks(spoil: Callable[[Any], None]) -> None:
    spoiled = copy.deepcopy(METADATA)
    spoil(spoiled["data"])
    assert complaints(spoiled) != []
