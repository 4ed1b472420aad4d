"""The node interface: everything that can be fetched again by its id."""

from __future__ import annotations

import strawberry

from sipetruk.errors import Invalid

MOST_NODES = 100


@strawberry.interface(description="Sesuatu yang dapat diambil kembali dengan `id`-nya.")
class Node:
    id: strawberry.ID = strawberry.field(description="Pengenal tetap; isinya tidak perlu ditafsirkan.")


def few(global_ids: list[strawberry.ID]) -> list[strawberry.ID]:
    """The ids, when they are no more than a page holds."""
    if len(global_ids) > MOST_NODES:
        raise Invalid("Paling banyak %(most)s pengenal sekaligus.", "ids", most=MOST_NODES)
    return global_ids
