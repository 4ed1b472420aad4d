"""Instruments as files: reading what was written is an identity, and bytes depend on the content alone."""

import pytest
from hypothesis import given, settings

from sipetruk.documents import instrument_files as files
from sipetruk.rules import exchange
from tests.rules.building import STARTERS, starter
from tests.rules.instruments import instruments

NAMES = sorted(path.stem for path in STARTERS.glob("*.toml"))
few = settings(max_examples=max(5, settings().max_examples // 4))
"""A workbook takes a quarter of a second to write and read."""


@pytest.mark.parametrize("kind", files.KINDS)
@few
@given(found=instruments())
def test_reading_what_was_written_is_an_identity(kind, found):
    definition, examples = found
    content = files.write_file(kind, definition, examples)
    file = files.read_file(content)
    assert (file.definition, file.examples) == (definition, examples)
    assert files.write_file(kind, file.definition, file.examples) == content


@pytest.mark.parametrize("kind", files.KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_every_starter_survives_every_kind_of_file(name, kind):
    definition = starter(name)
    content = files.write_file(kind, definition)
    file = files.read_file(content)
    assert (file.kind, file.definition, file.examples) == (kind, definition, ())
    assert exchange.write(file.definition) == definition.to_dict()
