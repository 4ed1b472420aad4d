"""The documents name everything they must name: a setting, a command or a file that is missing there fails here."""

import re
import runpy
from pathlib import Path

import click
import pytest

from sipetruk.cli import main
from sipetruk.rules.vocabulary import EFFECTS

ROOT = Path(__file__).parent.parent
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SETTINGS = runpy.run_path(str(ROOT / "config.py"))["SETTINGS"]


def rows(heading):
    """The first cell of each row of the table under a heading."""
    section = OPERATIONS.split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)


def commands(command, path):
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from commands(child, f"{path} {name}")
    else:
        yield path, command


def test_every_setting_is_explained_in_the_order_of_the_file():
    assert rows("Settings") == list(SETTINGS)


def test_the_settings_read_are_the_settings_listed():
    code = (ROOT / "config.py").read_text(encoding="utf-8").split("class Env")[1]
    assert set(re.findall(r'"(SIPETRUK_[A-Z_]+)"', code)) == set(SETTINGS)


def test_every_command_is_explained():
    assert sorted(rows("Commands")) == sorted(path for path, _ in commands(main, "sipetruk"))


@pytest.mark.parametrize(("path", "command"), list(commands(main, "sipetruk")), ids=lambda value: value if isinstance(value, str) else "")
def test_every_option_of_a_command_is_named_and_helped(path, command):
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    row = next(line for line in OPERATIONS.splitlines() if line.startswith(f"| `{path}`"))
    assert [option.opts[0] for option in options if f"`{option.opts[0]}`" not in row] == []
    assert [option.opts[0] for option in options if not option.help] == []
    assert command.help


def test_the_guide_says_what_every_choice_of_an_instrument_does():
    guide = (ROOT / "docs" / "panduan" / "bkpsdm.md").read_text(encoding="utf-8")
    named = {name: choices for name, choices in EFFECTS.items() if name != "field"}
    assert [sentence for choices in named.values() for sentence in choices.values() if sentence not in guide] == []


def test_links_between_documents_lead_somewhere():
    links = [
        (document, target)
        for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)", document.read_text(encoding="utf-8"))
        if "://" not in target
    ]
    assert [f"{document.name}: {target}" for document, target in links if not (document.parent / target).exists()] == []
