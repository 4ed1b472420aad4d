"""The seal of a ranking: inputs and result as canonical JSON with their hashes, and the check from the file alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sipetruk.errors import Refusal
from sipetruk.rules import contest
from sipetruk.rules.canonical import canonical, chain_hash, sha256, sha256_of
from sipetruk.rules.ranking import Ranking, rank

__all__ = [
    "ENGINE",
    "FORMAT",
    "Sealed",
    "Verdict",
    "Written",
    "canonical",
    "chain_hash",
    "compute",
    "document",
    "input_sha256",
    "sha256",
    "verify",
    "write",
]

FORMAT = "sipetruk-ranking/1"
ENGINE = "1"
"""The version of the arithmetic; it changes whenever equal inputs could give another result document."""

_MOST_DIFFERENCES = 10
_KEYS = ("format", "engine", "inputs", "input_sha256", "result", "result_sha256")
_ABSENT = object()


@dataclass(frozen=True)
class Sealed:
    """A computed ranking. `inputs` is in normal form, so equal content has an equal hash whatever the order of entry."""

    inputs: Mapping[str, Any]
    input_sha256: str
    result: Mapping[str, Any]
    result_sha256: str
    engine: str = ENGINE


@dataclass(frozen=True)
class Written:
    """A computed ranking as it is stored: canonical JSON, and its hashes."""

    inputs: str
    input_sha256: str
    result: str
    result_sha256: str
    engine: str = ENGINE

    @classmethod
    def of(cls, inputs: bytes, result: bytes) -> Written:
        return cls(inputs.decode(), sha256_of(inputs), result.decode(), sha256_of(result))


@dataclass(frozen=True)
class Verdict:
    """Whether a document is what its own inputs give; otherwise the first differences in Indonesian."""

    equal: bool
    differences: list[str]


def compute(inputs: object) -> Sealed:
    """Rank the inputs document; raises Invalid with every problem when it is not a sound one."""
    read, result = _rank(inputs)
    return Sealed(read.to_dict(), sha256_of(read.canonical()), result.to_dict(ENGINE), sha256_of(result.canonical(ENGINE)))


def write(inputs: object) -> Written:
    """The same as texts to be stored, for which no document has to be built."""
    read, result = _rank(inputs)
    return Written.of(read.canonical(), result.canonical(ENGINE))


def input_sha256(inputs: object) -> str:
    """The hash that these inputs have when they are ranked."""
    return sha256_of(contest.parse(inputs).canonical())


def _rank(inputs: object) -> tuple[contest.Contest, Ranking]:
    read = contest.parse(inputs)
    return read, rank(read)


def document(sealed: Sealed) -> dict[str, Any]:
    """The file that anybody can check: inputs, result and both hashes."""
    return {
        "format": FORMAT,
        "engine": sealed.engine,
        "inputs": dict(sealed.inputs),
        "input_sha256": sealed.input_sha256,
        "result": dict(sealed.result),
        "result_sha256": sealed.result_sha256,
    }


def verify(stated: object) -> Verdict:
    """Recompute a document from its inputs alone and compare everything it states; any JSON value gets a verdict."""
    if not isinstance(stated, dict):
        return Verdict(equal=False, differences=["Berkas ini bukan dokumen pemeringkatan SI PETRUK."])
    if stated.get("format") != FORMAT:
        return Verdict(equal=False, differences=[f"format: tertulis {_show(stated.get('format', _ABSENT))}, seharusnya “{FORMAT}”."])
    if stated.get("engine") != ENGINE:
        return Verdict(
            equal=False, differences=[f"engine: tertulis {_show(stated.get('engine', _ABSENT))}; program ini hanya mengenal “{ENGINE}”."]
        )
    try:
        sealed = compute(stated.get("inputs"))
    except Refusal as refusal:
        unreadable = [f"{'.'.join(('inputs', *problem.path))}: {problem.message}" for problem in refusal.problems]
        return Verdict(equal=False, differences=unreadable[:_MOST_DIFFERENCES])
    differences = [f"{key}: tidak dikenal dalam dokumen ini." for key in map(_show_key, stated) if key not in _KEYS]
    expected = document(sealed)
    for key in ("input_sha256", "result", "result_sha256"):
        differences += _differences(key, stated.get(key, _ABSENT), expected[key])
    return Verdict(equal=not differences, differences=differences[:_MOST_DIFFERENCES])


def _differences(path: str, stated: object, computed: object) -> Iterator[str]:
    """Where two JSON values differ; members of lists are named by their id or code where both sides have one."""
    if isinstance(computed, Mapping) and isinstance(stated, dict):
        for key, value in computed.items():
            yield from _differences(f"{path}.{key}", stated.get(key, _ABSENT), value)
        yield from (f"{path}.{_show_key(key)}: tidak ada dalam hasil hitung ulang." for key in stated if key not in computed)
    elif isinstance(computed, list) and isinstance(stated, list):
        for at, value in enumerate(computed):
            found = stated[at] if at < len(stated) else _ABSENT
            yield from _differences(f"{path}[{_name(value, at)}]", found, value)
        yield from (f"{path}[{at}]: tidak ada dalam hasil hitung ulang." for at in range(len(computed), len(stated)))
    elif type(stated) is not type(computed) or stated != computed:
        yield f"{path}: tertulis {_show(stated)}, hitung ulang {_show(computed)}."


def _name(value: object, at: int) -> str:
    if isinstance(value, Mapping):
        return str(value.get("id") or value.get("code") or at)
    return str(at)


def _show_key(key: object) -> str:
    return _clean(key) if isinstance(key, str) else type(key).__name__


def _show(value: object) -> str:
    """A short, printable picture of any JSON value."""
    if value is _ABSENT:
        return "tidak ada"
    match value:
        case str():
            shown = f"“{_clean(value)}”"
        case None | bool():
            shown = {None: "kosong", True: "ya", False: "tidak"}[value]
        case int():
            shown = str(value) if abs(value) < 2**63 else "bilangan yang sangat besar"
        case float():
            shown = f"pecahan biner {value!r}"
        case list() | dict():
            shown = f"{'daftar' if isinstance(value, list) else 'objek'} berisi {len(value)}"
        case _:
            shown = type(value).__name__
    return shown


def _clean(text: str) -> str:
    longest = 70
    return "".join(character if character.isprintable() else "?" for character in text[:longest]) + ("…" if len(text) > longest else "")
