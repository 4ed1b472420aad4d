"""One spelling for one value: canonical JSON, its SHA-256, and the hash chain of the audit log.

UTF-8, NFC, sorted keys, no blanks, numbers only as integers or text; so equal content has equal bytes on every machine.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata

from sipetruk.errors import Invalid

_DEEPEST = 40
_LARGEST_INTEGER = 2**63


def canonical(value: object) -> bytes:
    """The canonical bytes of a JSON value.

    Raises TypeError for a float or anything else that JSON documents of ours never hold, Invalid for text that cannot
    be written as UTF-8, keys that become equal, integers beyond 64 bits and nesting deeper than any document needs.
    """
    plain = _plain(value, _DEEPEST)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def sha256(value: object) -> str:
    """The SHA-256 of the canonical bytes, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def chain_hash(previous: str, entry: object) -> str:
    """The hash of an audit entry that also seals everything before it; `previous` is "" for the first."""
    return sha256({"previous": previous, "entry": entry})


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
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise Invalid("Teks ini tidak dapat ditulis sebagai UTF-8.")
    return unicodedata.normalize("NFC", value)
