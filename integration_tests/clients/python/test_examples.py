"""The examples, run as a person would run them who has copied them; and what cannot run here, checked against its schema."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, Iterator

import pytest
import yaml
from support import CONFIG, EXECUTABLE, IMAGE, ROOT, STAMP, VENVS, WORK, change_one_percent, control, few_permissions_config, keys, truth, without_vanished

EXAMPLES = ROOT / "examples"
KEY = CONFIG["api_key"]


def call(words: list[Any], cwd: Path, expect: int = 0, **env: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([str(word) for word in words], cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, timeout=300)
    print(*words, done.returncode, done.stdout[-3000:], done.stderr[-3000:], sep="\n")
    assert done.returncode == expect
    return done


def sync_script() -> Path:
    return EXAMPLES / "docker" / "sync.sh"


def hurry(folder: Path) -> None:
    """The made-up Ashby has no limit, and nobody has to wait for it."""
    (folder / "ashby-data").mkdir(parents=True, exist_ok=True)
    (folder / "ashby-data" / "config.json").write_text(json.dumps({"requests_per_minute": CONFIG["requests_per_minute"]}))


def lines(folder: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a table's file; half a line at its end is left out."""
    file = folder / f"{name}.jsonl"
    return [json.loads(line) for line in file.read_text().split("\n")[:-1]] if file.exists() else []


def rows(*folders: Path) -> dict[str, dict[str, Any]]:
    """What a loader makes of them: of each key the newest row, and tables without a stamp as they are in the last folder."""
    found = {}
    for name, key in keys().items():
        came = [row for folder in folders for row in lines(folder, name)]
        if came and STAMP not in came[0]:
            came = lines(folders[-1], name)
            assert len({row[key] for row in came}) == len(came), f"{name} has rows twice"
        came.sort(key=lambda row: row.get(STAMP, ""))
        found[name] = without_vanished(name, {row[key]: {field: value for field, value in row.items() if field != STAMP} for row in came})
    return found


def counts(folder: Path) -> dict[str, int]:
    return {name: len(lines(folder, name)) for name in keys()}


def truths() -> dict[str, dict[str, Any]]:
    return {name: {row[key]: row for row in truth(name)} for name, key in keys().items()}


def little_came(before: dict[str, int], after: dict[str, int]) -> None:
    for name in ("candidates", "applications", "candidate_notes"):
        assert 0 < after[name] - before[name] < before[name] / 3, name


def states(data: Path) -> dict[str, Any]:
    return {state["stream"]["stream_descriptor"]["name"]: state for state in json.loads((data / "state.json").read_text())}


def kill_at(request: int, how: signal.Signals, words: list[Any], cwd: Path, data: Path, **env: str) -> bool:
    """Runs what keeps its files in `data`, and kills it when the made-up Ashby has been asked so often. Answers whether there was still something to kill."""
    control("clear-requests")
    process = subprocess.Popen([str(word) for word in words], cwd=cwd, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    while process.poll() is None and len(control("requests")) < request:
        time.sleep(0.005)
    alive = process.poll() is None
    if alive and how == signal.SIGTERM:
        process.terminate()  # the script or container alone: passing it on is its work
    elif alive:
        if IMAGE:  # a container does not die with who started it
            docker = {**os.environ, "PATH": os.environ["CLIENTS_REAL_PATH"]}
            running = subprocess.run(["docker", "ps", "-q", "--filter", f"volume={data}"], capture_output=True, text=True, env=docker).stdout.split()
            subprocess.run(["docker", "kill", *running], capture_output=True, env=docker)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(60)
    return alive


#: Moments of kills, the same in each run of the tests: how many requests were made.
MOMENTS = random.Random(20_261_124).sample(range(40, 600), 4)


def test_all_examples_are_known() -> None:
    assert sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()) == ["airbyte", "docker", "github-actions", "kubernetes", "meltano", "pyairbyte", "webhooks"]


# docker/sync.sh


def test_docker_sync_twice() -> None:
    folder = WORK / "docker"
    hurry(folder)
    call([sync_script()], folder, ASHBY_API_KEY=KEY)
    data = folder / "ashby-data"
    assert rows(data / "rows") == truths()
    first = counts(data / "rows")
    assert KEY not in (data / "config.json").read_text()
    change_one_percent()
    call([sync_script()], folder, ASHBY_API_KEY=KEY)
    assert rows(data / "rows") == truths()
    little_came(first, counts(data / "rows"))


def test_docker_sync_of_which_a_table_fails() -> None:
    data = WORK / "docker" / "ashby-data"
    before = states(data)
    assert sorted(before) == sorted(keys())
    change_one_percent()
    control("fault", kind="status", status=503, headers={"Retry-After": "7200"}, endpoint="user.list", times="Infinity")
    done = call([sync_script()], WORK / "docker", expect=1, ASHBY_API_KEY=KEY)
    control("clear-faults")
    assert " ERROR users: " in done.stderr
    report = json.loads((data / "rows" / "run.json").read_text())
    assert report["status"] == "failed" and "users" in {failure["table"] for failure in report["failed"]}
    after = states(data)
    # What failed keeps the old state, what did not has a new one.
    assert after["users"] == before["users"]
    assert after["candidates"] != before["candidates"]
    call([sync_script()], WORK / "docker", ASHBY_API_KEY=KEY)
    assert rows(data / "rows") == truths()


def test_docker_sync_with_a_bad_key_says_so() -> None:
    folder = WORK / "docker-bad"
    folder.mkdir()
    done = call([sync_script()], folder, expect=1, ASHBY_API_KEY="0" * 64)
    assert "API key" in done.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_docker_sync_killed_again_and_again(how: signal.Signals) -> None:
    folder = WORK / f"docker-{how.name}"
    hurry(folder)
    killed = [kill_at(moment, how, [sync_script()], folder, folder / "ashby-data", ASHBY_API_KEY=KEY) for moment in MOMENTS]
    assert any(killed)
    if how == signal.SIGTERM:
        assert states(folder / "ashby-data") != {}, "the last state was not saved"
    change_one_percent()
    # Calls that were cut off end where their own list was walked; what changed since then is the run's after.
    for _ in range(2):
        call([sync_script()], folder, ASHBY_API_KEY=KEY)
    assert rows(folder / "ashby-data" / "rows") == truths()


# github-actions/ashby.yml

WORKFLOW = EXAMPLES / "github-actions" / "ashby.yml"


class Runner:
    """GitHub's runner as far as this workflow needs one: shell, secrets, conditions, and a cache of files."""

    def __init__(self, key: str) -> None:
        self.key = key
        # With one thing changed: the made-up Ashby has no limit, and nobody has to wait for it.
        self.text = WORKFLOW.read_text().replace("read --out", f"read --config /config.json --out").replace("--rm --user", f"--rm -v {hurried_config()}:/config.json:ro --user")
        assert self.text.count("/config.json") == 2
        self.cache: dict[str, str] = {}
        self.runs = 0

    def run(self) -> tuple[Path, bool]:
        self.runs += 1
        folder = Path(tempfile.mkdtemp(prefix=f"workflow-{self.runs}-", dir=WORK))
        outcomes: dict[str, str] = {}
        failed = False
        job = yaml.safe_load(self.text)["jobs"]["read"]
        for step in job["steps"]:
            if not self.holds(step.get("if", ""), outcomes, failed):
                continue
            if "uses" in step:
                self.use(step, folder)
                outcomes[step.get("id", "")] = "success"
                continue
            env = {name: self.filled(value) for name, value in job["env"].items()}
            done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", self.filled(step["run"])], cwd=folder, env={**os.environ, **env}, capture_output=True, text=True, timeout=300)
            print(step.get("name"), done.returncode, done.stdout[-2000:], done.stderr[-2000:], sep="\n")
            outcomes[step.get("id", "")] = "failure" if done.returncode else "success"
            failed = failed or done.returncode != 0
        return folder, not failed

    def use(self, step: dict[str, Any], folder: Path) -> None:
        action = step["uses"].split("@")[0]
        if action == "actions/cache/restore":
            if self.cache:
                (folder / step["with"]["path"]).parent.mkdir(parents=True, exist_ok=True)
                (folder / step["with"]["path"]).write_text(list(self.cache.values())[-1])
        elif action == "actions/cache/save":
            file = folder / step["with"]["path"]
            if file.exists():  # where there is none, it warns and goes on
                self.cache[self.filled(step["with"]["key"])] = file.read_text()
        else:
            assert action in ("actions/checkout", "actions/upload-artifact")

    def filled(self, text: str) -> str:
        values = {"secrets.ASHBY_API_KEY": self.key, "github.run_id": str(self.runs), "github.run_attempt": "1"}
        return re.sub(r"\$\{\{ *([\w.]+) *\}\}", lambda found: values[found[1]], text)

    @staticmethod
    def holds(condition: str, outcomes: dict[str, str], failed: bool) -> bool:
        parts = [part.strip() for part in condition.split("&&") if part.strip()]
        if "always()" not in parts and failed:
            return False
        for part in parts:
            if part != "always()":
                [(step, wanted)] = re.findall(r"^steps\.(\w+)\.outcome == '(\w+)'$", part)
                if outcomes.get(step) != wanted:
                    return False
        return True


def hurried_config() -> Path:
    file = WORK / "hurried.json"
    file.write_text(json.dumps({"requests_per_minute": CONFIG["requests_per_minute"]}))
    return file


def test_workflow_is_of_githubs_schema() -> None:
    call([VENVS / "main" / "bin" / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", WORKFLOW], WORK)


def test_workflow_two_nights_and_one_with_a_fault() -> None:
    runner = Runner(KEY)
    folder, fine = runner.run()
    first = folder / "ashby-data" / "rows"
    assert fine and rows(first) == truths()
    change_one_percent()
    folder, fine = runner.run()
    second = folder / "ashby-data" / "rows"
    assert fine and rows(first, second) == truths()
    for name in ("candidates", "applications", "candidate_notes"):
        assert 0 < len(lines(second, name)) < len(lines(first, name)) / 3, name

    change_one_percent()
    control("fault", kind="status", status=503, headers={"Retry-After": "7200"}, endpoint="user.list", times="Infinity")
    folder, fine = runner.run()
    control("clear-faults")
    third = folder / "ashby-data" / "rows"
    assert not fine and lines(third, "candidates") != []
    assert len(runner.cache) == 3
    folder, fine = runner.run()
    assert fine and rows(first, second, third, folder / "ashby-data" / "rows") == truths()


def test_workflow_whose_read_runs_out_of_time_goes_on_the_next_night() -> None:
    runner = Runner(KEY)
    whole = runner.text
    folders = []
    for _ in range(3):
        runner.text = whole.replace("--kill-after=60 300m", "--kill-after=60 1.5s")
        assert runner.text != whole
        folders.append(runner.run()[0] / "ashby-data" / "rows")
    assert len(runner.cache) >= 1
    runner.text = whole
    folder, fine = runner.run()
    assert fine and rows(*folders, folder / "ashby-data" / "rows") == truths()


def test_workflow_with_a_bad_key_fails_at_the_check() -> None:
    folder, fine = Runner("0" * 64).run()
    assert not fine and not (folder / "ashby-data" / "rows").exists()


# kubernetes


def test_kubernetes_manifests_are_of_its_schema() -> None:
    for name in ("namespace.yaml", "storage.yaml", "cronjob.yaml"):
        call([VENVS / "main" / "bin" / "kubernetes-validate", "--strict", EXAMPLES / "kubernetes" / name], WORK)
    kustomization = yaml.safe_load((EXAMPLES / "kubernetes" / "kustomization.yaml").read_text())
    for file in kustomization["resources"]:
        assert (EXAMPLES / "kubernetes" / file).is_file()
    cronjob = yaml.safe_load((EXAMPLES / "kubernetes" / "cronjob.yaml").read_text())
    pod = cronjob["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert container["image"] == kustomization["images"][0]["name"]
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    assert {mount["name"] for mount in container["volumeMounts"]} == set(volumes)
    [rule] = cronjob["spec"]["jobTemplate"]["spec"]["podFailurePolicy"]["rules"]
    assert rule["onExitCodes"]["containerName"] == container["name"]
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


class Pod:
    """The container of the CronJob, with its arguments, mounts and security: in the image where there is one, else here."""

    def __init__(self, name: str) -> None:
        self.data, self.secrets = WORK / f"k8s-{name}-data", WORK / f"k8s-{name}-secrets"
        self.data.mkdir()
        self.secrets.mkdir()
        self.configure(CONFIG)
        cronjob = yaml.safe_load((EXAMPLES / "kubernetes" / "cronjob.yaml").read_text())
        [container] = cronjob["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
        words = container["args"]
        self.env: dict[str, str] = {}
        if IMAGE:
            self.data.chmod(0o777)
            self.command: list[Any] = [
                "docker", "run", "--rm", "--network=host", "-e", "ASHBY_BASE_URL", "--user", "1000:1000", "--read-only", "--cap-drop=ALL",
                "--security-opt=no-new-privileges", "-v", f"{self.secrets}:/secrets:ro", "-v", f"{self.data}:/data", IMAGE, *words,
            ]
            self.env = {"PATH": os.environ["CLIENTS_REAL_PATH"]}
        else:
            self.command = [EXECUTABLE, *(word.replace("=/secrets", f"={self.secrets}").replace("=/data", f"={self.data}") for word in words)]

    def configure(self, config: Any) -> None:
        (self.secrets / "config.json").write_text(json.dumps(config))


def test_kubernetes_sync_twice() -> None:
    pod = Pod("twice")
    call(pod.command, WORK, **pod.env)
    assert rows(pod.data / "rows") == truths()
    first = counts(pod.data / "rows")
    change_one_percent()
    call(pod.command, WORK, **pod.env)
    assert rows(pod.data / "rows") == truths()
    little_came(first, counts(pod.data / "rows"))
    pod.configure({**CONFIG, "api_key": "0" * 64})
    call(pod.command, WORK, expect=78, **pod.env)  # which the policy takes for what need not be tried again


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_kubernetes_sync_killed_again_and_again(how: signal.Signals) -> None:
    pod = Pod(how.name)
    killed = [kill_at(moment, how, pod.command, WORK, pod.data, **pod.env) for moment in MOMENTS]
    assert any(killed)
    if how == signal.SIGTERM:
        assert states(pod.data) != {}, "the last state was not saved"
    change_one_percent()
    # Calls that were cut off end where their own list was walked; what changed since then is the run's after.
    for _ in range(2):
        call(pod.command, WORK, **pod.env)
    assert rows(pod.data / "rows") == truths()


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
    assert len(blocks) >= 2
    folder = WORK / "readme"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(CONFIG))
    script = "set -e -o pipefail\n" + "\n".join(blocks)
    call(["bash", "-c", script], folder)
    assert sorted(states(folder / "ashby-data")) == sorted(keys())
    assert rows(folder / "ashby-data" / "rows") == truths()
    first = counts(folder / "ashby-data" / "rows")
    change_one_percent()
    call(["bash", "-c", script], folder)
    assert rows(folder / "ashby-data" / "rows") == truths()
    little_came(first, counts(folder / "ashby-data" / "rows"))


def test_docker_against_the_simulator_as_the_docs_show_it() -> None:
    page = (ROOT / "docs" / "docker-and-ci.md").read_text()
    section = page[page.index("## Without an Ashby account") :]
    start, read = re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S)[:2]
    assert start.startswith("npm run -s simulator -- ") and "a-made-up-key-0123" in start
    # That one runs already, with a key and a port of its own. Few tables: the request limit is Ashby's.
    folder = WORK / "simulator"
    folder.mkdir()
    command = read.replace("http://127.0.0.1:8123", os.environ["ASHBY_BASE_URL"]).replace("a-made-up-key-0123", KEY)
    call(["bash", "-e", "-c", f"{command.rstrip()} --streams jobs,brands"], folder)
    assert {row["id"] for row in lines(folder / "ashby-data" / "rows", "jobs")} == {row["id"] for row in truth("jobs")}


@pytest.mark.parametrize("page", ["airbyte", "docker-and-ci", "kubernetes", "meltano", "moving-from-airbytes-connector", "pyairbyte", "destinations", "webhooks"])
def test_links_lead_somewhere(page: str) -> None:
    file = ROOT / "docs" / f"{page}.md"
    for target in re.findall(r"\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)", file.read_text()):
        if target:
            assert (file.parent / target).exists(), target
