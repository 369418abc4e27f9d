"""The folder that airbyte-cdk's standard tests want, made from the repository's own files and three configurations."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import yaml
from support import CONFIG, ROOT, WORK, few_permissions_config

#: The scenarios beside those of acceptance-test-config.yml: a key that may read a few tables only.
FEW = "secrets/few_permissions_config.json"


def connector_folder(keep_catalogs: bool = True) -> Path:
    """The source suite of 7.39.1 hands a `configured_catalog_path` to `spec` too, which takes none: there it is left out, and all tables are read."""
    folder = WORK / "source-ashby"
    if folder.exists():
        return folder
    (folder / "secrets").mkdir(parents=True)
    shutil.copytree(ROOT / "spec", folder / "spec")
    (folder / "integration_tests").mkdir()
    for file in (ROOT / "integration_tests").glob("*.json"):
        shutil.copy(file, folder / "integration_tests")
    shutil.copy(ROOT / "metadata.yaml", folder)
    config = yaml.safe_load((ROOT / "acceptance-test-config.yml").read_text())
    for section, more in {"connection": {"status": "succeed"}, "discovery": {}, "basic_read": {}}.items():
        config["acceptance_tests"][section]["tests"].append({"config_path": FEW, **more})
    for section in config["acceptance_tests"].values():
        for test in section.get("tests", []):
            if not keep_catalogs:
                test.pop("configured_catalog_path", None)
    (folder / "acceptance-test-config.yml").write_text(yaml.safe_dump(config))
    (folder / "secrets" / "config.json").write_text(json.dumps(CONFIG))
    (folder / FEW).write_text(json.dumps(few_permissions_config()))
    return folder
