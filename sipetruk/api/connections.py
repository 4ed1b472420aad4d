"""Connections: lists that are read page by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

import strawberry

from sipetruk.queries.paging import Page

N = TypeVar("N")
R = TypeVar("R")

First: TypeAlias = Annotated[int | None, strawberry.argument(description="Banyaknya baris dari depan, 1 sampai 100; bawaan 20.")]
After: TypeAlias = Annotated[str | None, strawberry.argument(description="Mulai sesudah penanda ini (`endCursor` halaman sebelumnya).")]
Last: TypeAlias = Annotated[int | None, strawberry.argument(description="Banyaknya baris dari belakang, 1 sampai 100.")]
Before: TypeAlias = Annotated[str | None, strawberry.argument(description="Berhenti sebelum penanda ini (`startCursor` halaman berikut).")]


@strawberry.type(description="Letak halaman ini di dalam seluruh daftar.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Ada baris sesudah halaman ini.")
    has_previous_page: bool = strawberry.field(description="Ada baris sebelum halaman ini.")
    start_cursor: str | None = strawberry.field(description="Penanda baris pertama; null bila halaman ini kosong.")
    end_cursor: str | None = strawberry.field(description="Penanda baris terakhir; null bila halaman ini kosong.")


def page_info(page: Page[R]) -> PageInfo:
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=page.cursors[0] if page.cursors else None,
        end_cursor=page.cursors[-1] if page.cursors else None,
    )


@strawberry.type(description="Satu baris dengan penandanya.")
class Edge(Generic[N]):
    cursor: str = strawberry.field(description="Penanda baris ini.")
    node: N = strawberry.field(description="Baris itu sendiri.")


@strawberry.type(description="Satu halaman dari sebuah daftar, dalam urutan tetap.")
class Connection(Generic[N]):
    nodes: list[N] = strawberry.field(description="Baris pada halaman ini, paling banyak 100.")
    page: strawberry.Private[Page[Any]]

    @strawberry.field(description="Baris pada halaman ini, masing-masing dengan penandanya.")
    def edges(self) -> list[Edge[N]]:
        return [Edge(cursor=cursor, node=node) for cursor, node in zip(self.page.cursors, self.nodes, strict=True)]

    @strawberry.field(description="Letak halaman ini di dalam seluruh daftar.")
    def page_info(self) -> PageInfo:
        return page_info(self.page)

    @strawberry.field(description="Banyaknya seluruh baris yang boleh dilihat pembaca, bukan hanya halaman ini.")
    def total_count(self) -> int:
        return self.page.total

    @classmethod
    def of(cls, page: Page[R], make: Callable[[R], N]) -> Connection[N]:
        """A page of rows, each made into a node."""
        return cls(nodes=[make(row) for row in page.rows], page=page)
