"""A small schema behind the real addresses: what HTTP, limits and errors do does not depend on the award."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

import flask
import pytest
import strawberry

from sipetruk.api.connections import Connection
from sipetruk.api.context import Info
from sipetruk.api.cookies import WithoutCookies
from sipetruk.api.cost import Cost
from sipetruk.api.engine import Engine
from sipetruk.api.listings import Lists
from sipetruk.api.listsize import ListSize
from sipetruk.api.rate import Rate
from sipetruk.api.scalars import config
from sipetruk.api.staff.schema import ENGINE as STAFF
from sipetruk.api.stored import Documents
from sipetruk.api.view import Callers, PublicEndpoint, StaffEndpoint
from sipetruk.errors import Conflict
from sipetruk.queries import listing
from sipetruk.queries.paging import PageRequest
from sipetruk.rules.permissions import Actor, Grant, Role
from tests.api.person import Person

ADMIN = Actor(1, "bkpsdm", "Admin", (Grant(Role.BKPSDM_ADMIN),), "api")
STORED = "query Greeting {\n  hello\n}\n"


NUMBER = listing.integer("The number itself.", "real")
THINGS = listing.Listing("Thing", {"number": NUMBER}, (listing.Sort(NUMBER),))


@strawberry.type
class Leaf:
    name: str

    @strawberry.field(directives=[Cost(weight=2)])
    def costly(self) -> int:
        return 2

    @strawberry.field
    def more(self) -> "Leaf":
        return self


@strawberry.type
class Thing:
    number: int

    @strawberry.field(directives=[ListSize(assumed_size=5)])
    def leaves(self) -> list[Leaf]:
        return [Leaf(name="a")]

    @strawberry.field
    def friend(self) -> "Thing":
        return self


@strawberry.input
class Wish:
    text: str
    inner: "Wish | None" = None


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "dunia") -> str:
        return f"Halo, {name}"

    @strawberry.field
    def who(self, info: Info) -> str | None:
        return info.context.actor.username if info.context.actor else None

    @strawberry.field
    def cookies(self) -> int:
        return len(flask.request.cookies)

    @strawberry.field
    def thing(self) -> Thing:
        return Thing(number=1)

    @strawberry.field(directives=[Cost(weight=70)])
    def feast(self) -> Thing:
        return Thing(number=7)

    @strawberry.field(directives=[Cost(weight=3)])
    def snack(self) -> int:
        return 3

    @Lists(THINGS).connection(description="Things.")
    def things(self, page: PageRequest) -> Connection[Thing]:
        return Connection.of(THINGS.cut(range(250), page), lambda n: Thing(number=n))

    @strawberry.field
    def broken(self) -> str | None:
        raise ZeroDivisionError("secret detail")

    @strawberry.field
    def fatal(self) -> str:
        raise ZeroDivisionError("secret detail")

    @strawberry.field
    def refused(self) -> str | None:
        raise Conflict("Data %(what)s sudah berubah.", "expectedVersion", what="ini")

    @strawberry.field
    def half(self, of: Decimal) -> Decimal:
        return of / 2

    @strawberry.field
    def day(self, on: date) -> date:
        return on

    @strawberry.field
    def moment(self, at: datetime | None = None) -> datetime:
        return at or datetime(2026, 11, 24, 1, 2, 3, 4, UTC)

    @strawberry.field
    def wish(self, wish: Annotated[Wish | None, strawberry.argument()] = None) -> bool:
        return wish is not None

    @strawberry.field
    def ident(self, id: strawberry.ID) -> strawberry.ID:  # noqa: A002
        return id


@strawberry.type
class Mutation:
    @strawberry.mutation
    def bump(self) -> int:
        return 1


NEVER = 10**9


@pytest.fixture(autouse=True)
def ways_of_the_staff_schema(request, monkeypatch):
    """What is asked of the staff schema is answered by functions on SQLite, from the first time, and by graphql-core on PostgreSQL."""
    if {"app", "engine"} <= set(request.fixturenames):
        monkeypatch.setattr(STAFF.compiled, "times_seen", 1 if request.getfixturevalue("engine") == "sqlite" else NEVER)


def engine(*, hide_suggestions=True):
    return Engine(strawberry.Schema(Query, Mutation, config=config()), hide_suggestions=hide_suggestions)


@pytest.fixture(scope="session")
def toy_engine():
    return engine()


@pytest.fixture
def toy(toy_engine):
    """The app, with the revision and the session's actor as things a test may set."""
    app = flask.Flask("toy")
    app.config.update(TESTING=True, SECRET_KEY="a key for tests only")
    app.state = {"revision": "1", "actor": ADMIN}
    documents = Documents({"Greeting": STORED})
    callers = Callers(lambda: app.state["actor"], {"good": ADMIN}.get)
    app.add_url_rule(
        "/graphql",
        view_func=PublicEndpoint.as_view("public", toy_engine, documents, Rate(), lambda: app.state["revision"]),
    )
    app.add_url_rule("/graphql/staff", view_func=StaffEndpoint.as_view("staff", toy_engine, documents, Rate(), callers))
    app.wsgi_app = WithoutCookies(app.wsgi_app, "/graphql")
    return app


@pytest.fixture
def http(toy):
    return toy.test_client()


@pytest.fixture
def ask(http):
    """Post an operation to the public address; the whole answer as JSON."""

    def post(query, accept="application/json", **more):
        return http.post("/graphql", json={"query": query, **more}, headers={"Accept": accept}).json

    return post


@pytest.fixture
def person(app, sign_in):
    """person(cast.bkpsdm): signed in, with a browser of their own."""
    return lambda who: Person(app, sign_in, who)
