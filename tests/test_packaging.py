"""What is installed: every import is a declared dependency, the locks hold them, and the wheel works on its own."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OWN = {"sipetruk", "config", "tests", "_typeshed"}  # the last is what type checkers know


def names(requirements):
    return {re.match(r"[A-Za-z0-9_.-]+", requirement).group().lower().replace("_", "-") for requirement in requirements}


def imported(folder):
    found = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    return {name for name in found if name not in sys.stdlib_module_names and name not in OWN}


def distributions(modules):
    known = packages_distributions()
    return {module: {name.lower().replace("_", "-") for name in known.get(module, ["?"])} for module in modules}


@pytest.mark.parametrize(
    ("folder", "declared"),
    [
        ("sipetruk", names(PROJECT["dependencies"])),
        ("tests", names(PROJECT["dependencies"]) | names(PROJECT["optional-dependencies"]["dev"])),
    ],
)
def test_everything_imported_is_declared(folder, declared):
    assert {module: found for module, found in distributions(imported(folder)).items() if not found & declared} == {}


def test_every_dependency_is_pinned():
    everything = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    assert [requirement for requirement in everything if "==" not in requirement] == []


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", PROJECT["dependencies"]),
        ("requirements-dev.lock", [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]),
    ],
)
def test_the_lock_pins_what_the_project_asks_for(lock, wanted):
    text = (ROOT / lock).read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, re.MULTILINE))
    asked = {re.sub(r"\[.*?\]", "", requirement.split(";")[0]).strip().lower() for requirement in wanted}
    assert asked - {f"{name}=={version}" for name, version in pinned.items()} == set()
    assert text.count("--hash=sha256:") > len(pinned)
    assert re.findall(r"https?://|file:|--(?:extra-)?index|--find-links|\s/\S+", text) == []


def test_both_locks_agree():
    def lines(lock):
        return set(re.findall(r"^([a-z0-9.-]+==\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))

    assert lines("requirements.lock") - lines("requirements-dev.lock") == set()


@pytest.mark.slow
def test_the_wheel_brings_its_windows_and_runs_far_from_the_checkout(tmp_path):
    source = tmp_path / "source"
    subprocess.run(["git", "clone", "-q", "--no-local", ROOT, source], check=True)  # noqa: S607  # git is where the machine has it
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, source]
    subprocess.run(build, check=True, cwd=tmp_path)
    (wheel,) = tmp_path.glob("sipetruk-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = archive.namelist()
        archive.extractall(tmp_path / "installed")
    for name in ("config.py", "graphql/public.graphql", "static/tokens.css"):
        assert f"sipetruk/_windows/{name}" in inside
    assert [name for name in inside if name.startswith(("graphql/", "admin/", "static/", "tests/"))] == []
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SIPETRUK_")},
        "PYTHONPATH": str(tmp_path / "installed"),
        "SIPETRUK_DATA_DIR": str(tmp_path / "data"),
    }
    program = (
        "import sipetruk, sys; from sipetruk.cli import main; from sipetruk.app import create_app;"
        "main(['migrate'], standalone_mode=False);"
        "client = create_app().test_client();"
        "print(sipetruk.__file__, *[client.get(path).status_code for path in ('/', '/masuk', '/readyz', '/static/tokens.css')])"
    )
    done = subprocess.run([sys.executable, "-c", program], env=environ, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == [f"{tmp_path}/installed/sipetruk/__init__.py 200 200 200 200"], done.stderr
