"""Documents that an input carries, in the form that services take them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from sipetruk.errors import Invalid


def mapping(document: object, name: str) -> Mapping[str, Any]:
    """The document as an object; Invalid at the input `name` for anything else."""
    if not isinstance(document, dict):
        raise Invalid("Isian ini harus satu dokumen.", name)
    return document


def mappings(document: object, name: str) -> list[Mapping[str, Any]]:
    """The document as a list of objects; Invalid at the input `name` for anything else."""
    if not isinstance(document, list) or not all(isinstance(each, dict) for each in document):
        raise Invalid("Isian ini harus daftar dokumen.", name)
    return document


def content(text: str, name: str) -> bytes:
    """The bytes of a file that is sent as Base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("Berkas harus dikirim sebagai teks Base64.", name) from None
