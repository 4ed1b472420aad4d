"""What docs/integrators.md shows is run as it stands there, against a running server with a publication.

Python and the typed client need `.venv-client` (`make test` makes it): skipped with the reason where it is missing, failed with CI
set. JavaScript and PHP run where their interpreter is.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.conftest import serving
from tests.services.test_results import published

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / ".venv-client" / "bin"
GUIDE = (ROOT / "docs" / "integrators.md").read_text(encoding="utf-8")
FIRST = GUIDE.split("## The first query in one minute\n")[1].split("\n## ")[0]
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", FIRST, re.MULTILINE | re.DOTALL)
HERE = "http://127.0.0.1:8000"
INTERPRETERS = {
    "sh": ["sh", "-c"],
    "python": [CLIENT / "python", "-c"],
    "php": ["php", "-r"],
    "js": ["node", "--input-type=module", "-e"],
}
UNIT = "Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana"
WINNERS = [f"1 · Siti Aminah · {UNIT}", f"2 · Budi Santoso · {UNIT}"]


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def client_tools():
    if not (CLIENT / "ariadne-codegen").exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no .venv-client: run `make test`")


@pytest.fixture
def base(cast, database_url, data_dir):
    published(cast, policy="names_and_score")
    with serving(database_url, data_dir) as address:
        yield address


def run(command, **more):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_what_the_examples_use_is_pinned():
    wanted = [line for line in (ROOT / "docs/client/requirements.in").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    lock = (ROOT / "docs/client/requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"^([a-z0-9.-]+==\S+)", lock, re.MULTILINE)
    assert {re.sub(r"\[.*?\]", "", each) for each in wanted} - set(pinned) == set()
    assert lock.count("--hash=sha256:") > len(pinned)


@pytest.mark.slow
def test_the_examples_of_the_guide_run_as_they_stand_there(base, client_tools, tmp_path):
    (shell, curl), *others, (_, commands) = BLOCKS
    assert [shell, *(language for language, _ in others)] == ["sh", "python", "php", "js"]
    answer = json.loads(run(["sh", "-c", curl.replace(HERE, base)]))
    found = answer["data"]["latestPublication"]["winners"]["nodes"]
    assert [f"{each['rank']} · {each['name']} · {each['unit']['name']}" for each in found] == WINNERS
    for language, text in others:
        program, *options = INTERPRETERS[language]
        if shutil.which(program):
            printed = run([program, *options, text.replace(HERE, base).removeprefix("<?php")])
            assert (language, printed.splitlines()) == (language, WINNERS)
    typed_client(base, commands, tmp_path)


def typed_client(base, commands, tmp_path):
    """The commands of the guide after the installation, on a copy: what is generated stays out of the checkout."""
    install, *rest = commands.replace(HERE, base).splitlines()
    assert install == "pip install --require-hashes -r docs/client/requirements.lock"
    for folder in ("graphql", "docs/client"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("sipetruk_client"))
    environment = os.environ | {"PATH": f"{CLIENT}{os.pathsep}{os.environ['PATH']}"}
    printed = run(["sh", "-ec", "\n".join(rest)], cwd=tmp_path, env=environment).splitlines()
    assert printed[-2:] == [f"{WINNERS[0]} · 100.00", f"{WINNERS[1]} · 90.50"]
