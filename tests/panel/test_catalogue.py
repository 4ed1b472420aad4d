"""The Indonesian words of Flask-Admin and WTForms: every message has one, and the compiled file is what the source says."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import flask_admin
import pytest
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from wtforms.i18n import messages_path

from sipetruk.panel.kit.catalogue import TRANSLATIONS

OURS = TRANSLATIONS / "id" / "LC_MESSAGES"
THEIRS = {
    "admin": Path(flask_admin.__file__).parent / "translations" / "en" / "LC_MESSAGES" / "admin.po",
    "wtforms": Path(messages_path()) / "wtforms.pot",
}
NAMES = pytest.mark.parametrize("name", sorted(THEIRS))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%s")


def source(name):
    return read_po(BytesIO((OURS / f"{name}.po").read_bytes()), locale="id")


def words(catalogue):
    return sorted((str(message.id), str(message.string)) for message in catalogue)


@NAMES
def test_every_message_of_the_library_has_an_indonesian_one(name):
    theirs = {message.id for message in read_po(BytesIO(THEIRS[name].read_bytes())) if message.id}
    ours = {message.id for message in source(name) if message.id and all(message.string)}
    assert ours == theirs


@NAMES
def test_placeholders_are_kept(name):
    for message in source(name):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in strings:
            assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(ids[-1])), message.id


@NAMES
def test_the_compiled_catalogue_is_what_the_source_says(name):
    compiled = read_mo(BytesIO((OURS / f"{name}.mo").read_bytes()))
    again = BytesIO()
    write_mo(again, source(name))
    again.seek(0)
    expected = read_mo(again)
    assert words(compiled) == words(expected)
