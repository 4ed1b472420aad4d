"""Documents that are known by their SHA-256: the files in `graphql/operations/`, read once, never added to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache

from sipetruk import windows


class Documents(Mapping[str, str]):
    """sha256 (hex) -> text, with the same texts by the name of their file in `named`."""

    def __init__(self, named: Mapping[str, str]) -> None:
        self.named = dict(named)
        self._by_hash = {digest(text): text for text in named.values()}

    def __getitem__(self, sha256: str) -> str:
        return self._by_hash[sha256]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_hash)

    def __len__(self) -> int:
        return len(self._by_hash)


@cache
def documents(schema: str) -> Documents:
    """The stored documents of the `public` or the `staff` schema."""
    folder = windows.window("graphql") / "operations" / schema
    return Documents({path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.graphql"))})


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
