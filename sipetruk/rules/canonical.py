"""One spelling for one value: canonical JSON, its SHA-256, and the hash chain of the audit log.

UTF-8, NFC, sorted keys, no blanks, numbers only as integers or text; so equal content has equal bytes on every machine.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from typing import Any

from sipetruk.errors import Invalid

_DEEPEST = 40
_USUAL_DEPTH = 16
_LARGEST_INTEGER = 2**63
_TEXTS = frozenset({str, bool, type(None)})
_BRANCHES = frozenset({dict, list, tuple})
_KEYS = frozenset({str})
_SURROGATE = re.compile("[\ud800-\udfff]")
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False)

written = _ENCODER.encode
"""Plain JSON as it is, with nothing checked: a piece of a document whose pieces are known to be sound (see `is_composed`)."""


def canonical(value: object) -> bytes:
    """The canonical bytes of a JSON value.

    Raises TypeError for a float or anything else that JSON documents of ours never hold, Invalid for text that cannot
    be written as UTF-8, keys that become equal, integers beyond 64 bits and nesting deeper than any document needs.
    """
    if _is_usual(value):
        text = written(value)
        if is_composed(text):
            return text.encode()
    return written(_plain(value, _DEEPEST)).encode()


def is_composed(text: str) -> bool:
    """Whether text written as JSON is NFC and can be UTF-8: then it is canonical if its keys are sorted.

    Quotation marks and escapes never compose with a neighbour, so the whole is NFC exactly when each text in it is.
    """
    return text.isascii() or (unicodedata.is_normalized("NFC", text) and not _SURROGATE.search(text))


def sha256(value: object) -> str:
    """The SHA-256 of the canonical bytes, 64 hexadecimal digits."""
    return sha256_of(canonical(value))


def sha256_of(written_bytes: bytes) -> str:
    """The SHA-256 of bytes that are canonical already."""
    return hashlib.sha256(written_bytes).hexdigest()


def chain_hash(previous: str, entry: object) -> str:
    """The hash of an audit entry that also seals everything before it; `previous` is "" for the first."""
    return sha256({"previous": previous, "entry": entry})


def _is_usual(value: Any, deepest: int = _USUAL_DEPTH) -> bool:
    """Whether the value may be written as it is: plain JSON of usual depth.

    False is no refusal: the careful way through `_plain` decides, and names what is wrong.
    """
    kind = type(value)
    if kind is int:
        return bool(-_LARGEST_INTEGER < value < _LARGEST_INTEGER)
    if kind not in _BRANCHES:
        return kind in _TEXTS
    if kind is dict and not _KEYS.issuperset(map(type, value)):
        return False
    for part in value.values() if kind is dict else value:
        if type(part) not in _TEXTS and (deepest == 0 or not _is_usual(part, deepest - 1)):
            return False
    return True


def _plain(value: object, depth: int) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) >= _LARGEST_INTEGER:
            raise Invalid("Bilangan ini terlalu besar.")
        return int(value)
    if isinstance(value, str):
        return _text(value)
    if depth == 0:
        raise Invalid("Dokumen ini bersusun terlalu dalam.")
    if isinstance(value, dict):
        return _mapping(value, depth)
    if isinstance(value, (list, tuple)):
        return [_plain(item, depth - 1) for item in value]
    raise TypeError(f"a canonical document holds no {type(value).__name__}")


def _mapping(value: dict[object, object], depth: int) -> dict[str, object]:
    plain: dict[str, object] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError("keys of a canonical document are text")
        name = _text(key)
        if name in plain:
            raise Invalid("Nama yang sama tertulis dua kali.")
        plain[name] = _plain(item, depth - 1)
    return plain


def _text(value: str) -> str:
    if value.isascii():
        return value
    if _SURROGATE.search(value):
        raise Invalid("Teks ini tidak dapat ditulis sebagai UTF-8.")
    return unicodedata.normalize("NFC", value)
