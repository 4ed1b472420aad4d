"""graphql-http's own audits (npm), against a running server: `make audit-http`.

They need Node and the packages of `package-lock.json`, which `make audit-http` and `make test` install. Where there is no Node
they are skipped with the reason; with CI set they fail instead. What they ask is also asked without Node (tests/api/test_http.py).
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from sipetruk.rules.scopes import Scope
from sipetruk.services import tokens
from tests.browser.conftest import serving

HERE = Path(__file__).parent
AUDITS = 61


@pytest.fixture(scope="module")
def node():
    """The program that runs the audits."""
    found = shutil.which("node")
    if found is None or not (HERE / "node_modules" / "graphql-http").is_dir():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no Node, or not its packages: run `make audit-http`")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_both_addresses_pass_every_audit(node, cast, database_url, data_dir):
    made = tokens.create(cast.bkpsdm, name="audit", purpose="Audit", owner_id=cast.viewer.user_id, scopes=[Scope.PERIODS_READ])
    with serving(database_url, data_dir) as base:
        for path, token in (("/graphql", ""), ("/graphql/staff", made.secret)):
            environment = os.environ | {"TOKEN": token}
            done = subprocess.run([node, HERE / "audit.mjs", base + path], env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            found = json.loads(done.stdout)
            print(f"{path}: {found['audits'] - len(found['failed'])} of {found['audits']} (graphql-http {found['version']})")  # noqa: T201  # the figure people look for
            assert (found["failed"], found["audits"]) == ([], AUDITS)
