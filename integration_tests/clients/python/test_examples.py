"""The examples, run as a person would run them who has copied them; and what cannot run here, checked against its schema."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, Iterator

import pytest
import yaml
from support import CONFIG, EXECUTABLE, IMAGE, ROOT, STAMP, VENVS, WORK, change_one_percent, control, few_permissions_config, keys, truth

EXAMPLES = ROOT / "examples"
KEY = CONFIG["api_key"]


def call(words: list[Any], cwd: Path, expect: int = 0, **env: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([str(word) for word in words], cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, timeout=300)
    print(*words, done.returncode, done.stdout[-3000:], done.stderr[-3000:], sep="\n")
    assert done.returncode == expect
    return done


def hurried(text: str) -> str:
    """An example with one thing changed: the made-up Ashby has no limit, and nobody has to wait for it."""
    form = "{api_key: env.ASHBY_API_KEY}"
    assert text.count(form) == 1
    return text.replace(form, "{api_key: env.ASHBY_API_KEY, requests_per_minute: 1000000}")


def sync_script() -> Path:
    script = WORK / "sync.sh"
    script.write_text(hurried((EXAMPLES / "docker" / "sync.sh").read_text()))
    script.chmod(0o755)
    return script


def rows(folder: Path) -> dict[str, dict[str, Any]]:
    found = {}
    for name, key in keys().items():
        file = folder / f"{name}.jsonl"
        lines = [json.loads(line) for line in file.read_text().split("\n")[:-1]] if file.exists() else []
        found[name] = {row[key]: {field: value for field, value in row.items() if field != STAMP} for row in lines}
        assert len(found[name]) == len(lines), f"{name} has rows twice"
    return found


def truths() -> dict[str, dict[str, Any]]:
    return {name: {row[key]: row for row in truth(name)} for name, key in keys().items()}


def is_small_part(second: dict[str, Any], first: dict[str, Any]) -> None:
    for name in ("candidates", "applications", "candidate_notes"):
        assert 0 < len(second[name]) < len(first[name]) / 3, name


def test_all_examples_are_known() -> None:
    assert sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()) == ["airbyte", "docker", "github-actions", "kubernetes", "meltano", "pyairbyte", "webhooks"]


# docker/sync.sh


def test_docker_sync_twice() -> None:
    folder = WORK / "docker"
    folder.mkdir()
    call([sync_script()], folder, ASHBY_API_KEY=KEY)
    data = folder / "ashby-data"
    first = rows(data / "rows")
    assert first == truths()
    assert not (data / "config.json").exists()
    change_one_percent()
    call([sync_script()], folder, ASHBY_API_KEY=KEY)
    second = rows(data / "rows")
    assert {name: {**first[name], **second[name]} for name in first} == truths()
    is_small_part(second, first)


def test_docker_sync_of_which_a_table_fails() -> None:
    data = WORK / "docker" / "ashby-data"
    before = {state["stream"]["stream_descriptor"]["name"]: state for state in json.loads((data / "state.json").read_text())}
    assert sorted(before) == sorted(keys())
    change_one_percent()
    control("fault", kind="status", status=503, headers={"Retry-After": "7200"}, endpoint="user.list", times="Infinity")
    done = call([sync_script()], WORK / "docker", expect=1, ASHBY_API_KEY=KEY)
    control("clear-faults")
    assert done.stderr.strip() != ""
    after = {state["stream"]["stream_descriptor"]["name"]: state for state in json.loads((data / "state.json").read_text())}
    # What failed keeps the old state, what did not has a new one.
    assert after["users"] == before["users"]
    assert after["candidates"] != before["candidates"]
    call([sync_script()], WORK / "docker", ASHBY_API_KEY=KEY)
    assert rows(data / "rows")["users"] != {}


def test_docker_sync_with_a_bad_key() -> None:
    folder = WORK / "docker-bad"
    folder.mkdir()
    call([sync_script()], folder, expect=1, ASHBY_API_KEY="0" * 64)
    assert not (folder / "ashby-data" / "catalog.json").exists()


# github-actions/ashby.yml

WORKFLOW = EXAMPLES / "github-actions" / "ashby.yml"


class Runner:
    """GitHub's runner as far as this workflow needs one: shell, secrets, conditions, and a cache of files."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.cache: dict[str, str] = {}
        self.runs = 0

    def run(self) -> tuple[Path, bool]:
        self.runs += 1
        folder = WORK / f"workflow-{self.runs}-{self.key[:4]}"
        folder.mkdir()
        outcomes: dict[str, str] = {}
        failed = False
        for step in yaml.safe_load(hurried(WORKFLOW.read_text()))["jobs"]["read"]["steps"]:
            condition = step.get("if")
            if failed or (condition and not self.holds(condition, outcomes)):
                continue
            if "uses" in step:
                self.use(step, folder)
                continue
            env = {name: self.filled(value) for name, value in step.get("env", {}).items()}
            done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", self.filled(step["run"])], cwd=folder, env={**os.environ, **env}, capture_output=True, text=True, timeout=300)
            print(step.get("name"), done.returncode, done.stdout[-2000:], done.stderr[-2000:], sep="\n")
            outcomes[step.get("id", "")] = "failure" if done.returncode else "success"
            failed = done.returncode != 0 and not step.get("continue-on-error")
        return folder, not failed

    def use(self, step: dict[str, Any], folder: Path) -> None:
        action = step["uses"].split("@")[0]
        if action == "actions/cache/restore":
            if self.cache:
                (folder / step["with"]["path"]).parent.mkdir(parents=True, exist_ok=True)
                (folder / step["with"]["path"]).write_text(list(self.cache.values())[-1])
        elif action == "actions/cache/save":
            self.cache[self.filled(step["with"]["key"])] = (folder / step["with"]["path"]).read_text()
        else:
            assert action in ("actions/checkout", "actions/upload-artifact")

    def filled(self, text: str) -> str:
        values = {"secrets.ASHBY_API_KEY": self.key, "github.run_id": str(self.runs), "github.run_attempt": "1"}
        return re.sub(r"\$\{\{ *([\w.]+) *\}\}", lambda found: values[found[1]], text)

    @staticmethod
    def holds(condition: str, outcomes: dict[str, str]) -> bool:
        [(step, wanted)] = re.findall(r"^steps\.(\w+)\.outcome == '(\w+)'$", condition)
        return outcomes.get(step) == wanted


def test_workflow_is_of_githubs_schema() -> None:
    call([VENVS / "main" / "bin" / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", WORKFLOW], WORK)


def test_workflow_two_nights_and_one_with_a_fault() -> None:
    runner = Runner(KEY)
    folder, fine = runner.run()
    first = rows(folder / "ashby-data" / "rows")
    assert fine and first == truths()
    change_one_percent()
    folder, fine = runner.run()
    second = rows(folder / "ashby-data" / "rows")
    assert fine and {name: {**first[name], **second[name]} for name in first} == truths()
    is_small_part(second, first)

    change_one_percent()
    control("fault", kind="status", status=503, headers={"Retry-After": "7200"}, endpoint="user.list", times="Infinity")
    folder, fine = runner.run()
    control("clear-faults")
    assert not fine and rows(folder / "ashby-data" / "rows")["candidates"] != {}
    assert len(runner.cache) == 3
    folder, fine = runner.run()
    assert fine and rows(folder / "ashby-data" / "rows")["users"] != {}


def test_workflow_with_a_bad_key_fails_at_the_check() -> None:
    folder, fine = Runner("0" * 64).run()
    assert not fine and not (folder / "ashby-data" / "catalog.json").exists()


# kubernetes


def test_kubernetes_manifests_are_of_its_schema() -> None:
    for name in ("namespace.yaml", "storage.yaml", "cronjob.yaml"):
        call([VENVS / "main" / "bin" / "kubernetes-validate", "--strict", EXAMPLES / "kubernetes" / name], WORK)
    kustomization = yaml.safe_load((EXAMPLES / "kubernetes" / "kustomization.yaml").read_text())
    [generated] = kustomization["configMapGenerator"]
    for file in [*kustomization["resources"], *generated["files"]]:
        assert (EXAMPLES / "kubernetes" / file).is_file()
    cronjob = yaml.safe_load((EXAMPLES / "kubernetes" / "cronjob.yaml").read_text())
    pod = cronjob["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert container["image"] == kustomization["images"][0]["name"]
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    assert {mount["name"] for mount in container["volumeMounts"]} == set(volumes)
    assert volumes["sync"]["configMap"]["name"] == generated["name"]
    storage = yaml.safe_load((EXAMPLES / "kubernetes" / "storage.yaml").read_text())
    assert volumes["data"]["persistentVolumeClaim"]["claimName"] == storage["metadata"]["name"]


def test_webhook_manifests_are_of_their_schema_and_fit_together() -> None:
    folder = EXAMPLES / "webhooks" / "kubernetes"
    kustomization = yaml.safe_load((folder / "kustomization.yaml").read_text())
    parts = {}
    for name in kustomization["resources"]:
        call([VENVS / "main" / "bin" / "kubernetes-validate", "--strict", folder / name], WORK)
        part = yaml.safe_load((folder / name).read_text())
        parts[part["kind"]] = part["spec"]
    template = parts["Deployment"]["template"]
    [container] = template["spec"]["containers"]
    assert container["image"] == kustomization["images"][0]["name"]
    labels = template["metadata"]["labels"]
    assert labels == parts["Deployment"]["selector"]["matchLabels"] == parts["Service"]["selector"] == parts["PodDisruptionBudget"]["selector"]["matchLabels"]
    assert {port["targetPort"] for port in parts["Service"]["ports"]} == {port["name"] for port in container["ports"]}


def test_kubernetes_sync_twice() -> None:
    """The container's command, with its mounts and its security: in the image where there is one, else with node here."""
    data, secrets = WORK / "k8s-data", WORK / "k8s-secrets"
    data.mkdir()
    secrets.mkdir()
    (secrets / "config.json").write_text(json.dumps(CONFIG))
    script = EXAMPLES / "kubernetes" / "sync.mjs"
    if IMAGE:
        data.chmod(0o777)
        command: list[Any] = [
            "docker", "run", "--rm", "--network=host", "-e", "ASHBY_BASE_URL", "--user", "1000:1000", "--read-only", "--cap-drop=ALL",
            "--security-opt=no-new-privileges", "-v", f"{script}:/sync/sync.mjs:ro", "-v", f"{secrets}:/secrets:ro", "-v", f"{data}:/data",
            "--entrypoint", "node", IMAGE, "/sync/sync.mjs",
        ]
        env = {"PATH": os.environ["CLIENTS_REAL_PATH"]}
    else:
        command = ["node", script]
        env = {"CONFIG": str(secrets / "config.json"), "DATA": str(data), "CONNECTOR": str(EXECUTABLE)}
    call(command, WORK, **env)
    [folder] = (data / "rows").iterdir()
    first = rows(folder)
    assert first == truths()
    change_one_percent()
    call(command, WORK, **env)
    [_, folder] = sorted((data / "rows").iterdir())
    second = rows(folder)
    assert {name: {**first[name], **second[name]} for name in first} == truths()
    is_small_part(second, first)
    (secrets / "config.json").write_text(json.dumps({**CONFIG, "api_key": "0" * 64}))
    call(command, WORK, expect=1, **env)


# airbyte/register.sh


class Recorder(BaseHTTPRequestHandler):
    calls: list[Any] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        kind = self.headers["content-type"].split(";")[0]
        self.calls.append((self.path, json.loads(body) if kind == "application/json" else None, self.headers.get("authorization")))
        if self.path.endswith("/applications/token"):
            answer = {"access_token": "a-token", "token_type": "Bearer", "expires_in": 180}
        elif self.path.endswith("/definitions/sources"):
            answer = {"id": "definition-id", "name": "n", "dockerRepository": "r", "dockerImageTag": "t"}
        else:
            answer = {"sourceId": "source-id", "name": "n", "sourceType": "s", "workspaceId": "w", "configuration": {}, "definitionId": "definition-id", "createdAt": 0}
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def airbyte_api_stand_in() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Recorder.calls = []
    yield f"http://127.0.0.1:{server.server_port}/api/public/v1"
    server.shutdown()


def test_airbyte_registration_sends_what_airbytes_own_client_sends(airbyte_api_stand_in: str) -> None:
    """The same two calls by the script and by Airbyte's SDK (PyPI: airbyte-api, generated from the API's schema)."""
    given = {"AIRBYTE_WORKSPACE": "b2ca2b5f-57a6-4a8d-93a5-2c6f0bfcd5a8", "IMAGE": "registry.example.com/source-ashby", "TAG": "0.1.0", "ASHBY_API_KEY": KEY}
    done = call(
        [EXAMPLES / "airbyte" / "register.sh"], WORK,
        AIRBYTE_API=airbyte_api_stand_in, AIRBYTE_CLIENT_ID="client", AIRBYTE_CLIENT_SECRET="secret", **given,
    )
    assert json.loads(done.stdout) == {"definitionId": "definition-id", "sourceId": "source-id"}
    [token, *by_script] = Recorder.calls
    assert token[:2] == ("/api/public/v1/applications/token", {"client_id": "client", "client_secret": "secret", "grant-type": "client_credentials"})

    import airbyte_api
    from airbyte_api import api, models

    Recorder.calls = []
    sdk = airbyte_api.AirbyteAPI(server_url=airbyte_api_stand_in, security=models.Security(bearer_auth="a-token"))
    definition = by_script[0][1]
    sdk.source_definitions.create_source_definition(
        api.CreateSourceDefinitionRequest(
            workspace_id=given["AIRBYTE_WORKSPACE"],
            create_definition_request=models.CreateDefinitionRequest(
                name=definition["name"], docker_repository=given["IMAGE"], docker_image_tag=given["TAG"], documentation_url=definition["documentationUrl"],
            ),
        )
    )
    sdk.sources.create_source(
        models.SourceCreateRequest(name="Ashby", workspace_id=given["AIRBYTE_WORKSPACE"], definition_id="definition-id", configuration={"api_key": KEY})
    )
    assert by_script == Recorder.calls


# pyairbyte/read.py


@pytest.mark.parametrize("form", ["executable", "image"])
def test_pyairbyte_script_twice(form: str) -> None:
    folder = WORK / f"pyairbyte-{form}"
    folder.mkdir()
    env = {"ASHBY_API_KEY": KEY, "TABLES": "jobs,openings,candidates"}
    env |= {"SOURCE_ASHBY": str(EXECUTABLE)} if form == "executable" else {"IMAGE": "source-ashby:latest"}
    script = [sys.executable, EXAMPLES / "pyairbyte" / "read.py"]
    tables = env["TABLES"].split(",")
    done = call(script, folder, **env)
    wanted = {name: len(truth(name)) for name in tables}
    assert f"{sum(wanted.values())} rows came" in done.stdout
    change_one_percent()
    done = call(script, folder, **env)
    for name in tables:
        assert f"{name}: {len(truth(name))} rows in the table" in done.stdout
    [came] = re.findall(r"^(\d+) rows came", done.stdout, re.M)
    assert 0 < int(came) < sum(wanted.values()) / 3


# README.md and docs/


def test_readme_commands() -> None:
    """The way from nothing to rows that the README shows, in its order, twice."""
    readme = (ROOT / "README.md").read_text()
    section = readme[readme.index("**With docker:**") : readme.index("**Without docker:**")]
    blocks = re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S)
    assert len(blocks) >= 3
    folder = WORK / "readme"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(CONFIG))
    script = "set -e -o pipefail\n" + "\n".join(blocks)
    call(["bash", "-c", script], folder)
    states = json.loads((folder / "state.json").read_text())
    assert sorted(state["stream"]["stream_descriptor"]["name"] for state in states) == sorted(keys())
    lines = [json.loads(line) for line in (folder / "messages.jsonl").read_text().split("\n")[:-1]]
    assert sum(line["type"] == "RECORD" for line in lines) == sum(map(len, truths().values()))


@pytest.mark.parametrize("page", ["airbyte", "docker-and-ci", "kubernetes", "meltano", "moving-from-airbytes-connector", "pyairbyte", "destinations", "webhooks"])
def test_links_lead_somewhere(page: str) -> None:
    file = ROOT / "docs" / f"{page}.md"
    for target in re.findall(r"\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)", file.read_text()):
        if target:
            assert (file.parent / target).exists(), target
