"""Checks metadata.yaml against Airbyte's own schema, from the PyPI package airbyte-connector-models."""

import importlib.resources
import json
import sys

import jsonschema
import yaml


def plain(node):
    """The schema without what its authors' generator left in it: ids that send references astray, a type that is none."""
    if isinstance(node, list):
        return [plain(part) for part in node]
    if not isinstance(node, dict):
        return node
    kept = {key: plain(value) for key, value in node.items() if not (key in ("$id", "$schema") and isinstance(value, str))}
    if kept.get("type") == "ConnectorMetric":
        del kept["type"]
    return kept


models = importlib.resources.files("airbyte_connector_models")
schema = plain(json.loads((models / "metadata/v0/ConnectorMetadataDefinitionV0.json").read_text()))
validator = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())

with open("metadata.yaml", encoding="utf8") as file:
    metadata = yaml.safe_load(file)
faults = sorted(validator.iter_errors(metadata), key=str)
for fault in faults:
    print(f"metadata.yaml: {'/'.join(map(str, fault.absolute_path))}: {fault.message}")

# A validator that accepts everything would be silent too.
del metadata["data"]["license"]
if not list(validator.iter_errors(metadata)):
    sys.exit("the check of metadata.yaml finds no fault in one without a licence")
sys.exit(1 if faults else 0)
