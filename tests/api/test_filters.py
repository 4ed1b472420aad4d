"""Lists that are filtered and put in order: the same for every list of both schemas, never telling what is not shown."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType, get_named_type

from sipetruk.api.context import Context
from sipetruk.api.operations import ENGINES
from sipetruk.models import Announcement, Webhook
from sipetruk.services import chain, results
from tests.api.person import gid
from tests.services import builders
from tests.services.test_results import published

GUIDE = Path(__file__).parents[2] / "docs" / "integrators.md"
ONLY_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def connections(schema):
    """Every field that gives a connection."""
    for named in ENGINES[schema].schema.type_map.values():
        if isinstance(named, GraphQLObjectType):
            for name, field in named.fields.items():
                if get_named_type(field.type).name.endswith("Connection"):
                    yield f"{named.name}.{name}", field


@pytest.mark.parametrize("schema", ["public", "staff"])
def test_every_list_takes_a_condition_and_an_order(schema):
    found = dict(connections(schema))
    assert [
        place for place, field in found.items() if not {"where", "orderBy", "first", "after", "last", "before"} <= set(field.args)
    ] == []
    shared = {"StringFilter", "IntFilter", "DecimalFilter", "DateFilter", "DateTimeFilter", "BooleanFilter", "IdFilter"}
    for place, field in found.items():
        where = get_named_type(field.args["where"].type)
        assert {"and", "or", "not"} <= set(where.fields), place
        for name, given in where.fields.items():
            kind = get_named_type(given.type)
            is_enum = isinstance(kind, GraphQLInputObjectType) and set(kind.fields) == {"eq", "in"}
            assert kind.name in shared or kind is where or (is_enum and kind.name.endswith("Filter")), f"{place}.{name}"


def ask(schema, source, actor=None, **variables):
    engine = ENGINES[schema]
    answer = engine.run(engine.plan(source, variables, None), Context(actor, "r"))
    assert answer.errors == (), answer.errors
    return answer.data


def everything(where):
    """A condition that tries every operator of every field of a list, and is met by every row."""
    values = {
        "String": ["a", "Z'\\%_😀"],
        "Int": [2024, -1],
        "Decimal": ["82.67", "100"],
        "Date": ["2024-10-10", "0001-01-01"],
        "DateTime": ["2024-10-10T00:00:00Z", "9999-12-31T23:59:59Z"],
        "Boolean": [True, False],
        "ID": [gid("Period", 1), "x"],
    }
    for name, given in where.fields.items():
        kind = get_named_type(given.type)
        if kind is where:
            continue
        for operator, wanted in kind.fields.items():
            of = get_named_type(wanted.type)
            one, other = sorted(of.values)[:2] if isinstance(of, GraphQLEnumType) else values[of.name]
            yield {name: {operator: [one, other] if operator == "in" else one}}


PATHS = {
    "public": {"Publication.winners": "latestPublication { %%s }"},
    "staff": {
        "Ranking.rows": 'ranking(categoryId: "%(category)s") { %%s }',
        "InstrumentVersion.history": 'instrumentVersion(id: "%(version)s") { %%s }',
    },
}
ARGUMENTS = {
    "recordHistory": 'id: "%(period)s", ',
    "unitProgress": 'periodId: "%(period)s", ',
    "eligibleEmployees": 'categoryId: "%(category)s", ',
    "checkQueue": "state: null, ",
    "webhookDeliveries": 'webhookId: "%(webhook)s", ',
}


def full_of_rows(cast):
    round_, _, _ = published(cast, policy="names_and_breakdown")
    for number in range(3):
        at = datetime(2024, 10, number + 1, tzinfo=UTC)
        Announcement.create(slug=f"kabar-{number}", title=f"Kabar {number}", body="x", publish_at=at, created_at=at, updated_at=at)
    chain.publish_head()
    hook = Webhook.create(name="SILKa", url="https://silka.example", events=[], secret="x", ending="abcd", created_at=at)
    return {
        "period": gid("Period", round_.period_id),
        "category": gid("Category", round_.category_id),
        "version": gid("InstrumentVersion", round_.version_id),
        "webhook": gid("Webhook", hook.id),
    }


@pytest.mark.parametrize(("schema", "engine"), [("public", "sqlite"), ("staff", "postgresql")], indirect=["engine"])
def test_every_condition_and_every_order_of_every_list_can_be_asked(cast, db, schema):
    named, found = full_of_rows(cast), {}
    with builders.standing_at(2024, 12, 1):
        for place, field in connections(schema):
            kind, name = place.split(".")
            path = "%s" if kind == "Query" else PATHS[schema][place] % named
            who = {"sheets": cast.assessor, "eligibleEmployees": cast.unit_admin}.get(name, cast.bkpsdm) if schema == "staff" else None
            where, order = (get_named_type(field.args[argument].type) for argument in ("where", "orderBy"))
            given = ARGUMENTS.get(name, "") % named
            source = path.replace(
                "%s",
                f"{name}({given}where: $w, orderBy: $o, first: $n, after: $a) {{ totalCount edges {{ cursor }} pageInfo {{ endCursor }} }}",
            )
            source = f"query($w: {where.name}, $o: [{order.name}!], $n: Int, $a: String) {{ {source} }}"

            def read(source=source, name=name, who=who, **variables):
                answer = ask(schema, source, who, n=variables.pop("n", 100), **variables)
                return answer[name] if name in answer else next(iter(answer.values()))[name]

            total = read()["totalCount"]
            conditions = list(everything(where))
            for at in range(0, len(conditions), 28):
                tried = {"or": conditions[at : at + 28]}
                split = [read(w=tried)["totalCount"], read(w={"not": tried})["totalCount"]]
                assert sum(split) == total, (place, tried)
            keys = sorted(order.fields["field"].type.of_type.values)
            for at in range(0, len(keys), 3):
                by = [{"field": key, "direction": ("ASC", "DESC")[at % 2]} for key in keys[at : at + 3]]
                whole = [edge["cursor"] for edge in read(o=by)["edges"]]
                middle = len(whole) // 2
                if middle:
                    assert [edge["cursor"] for edge in read(o=by, a=whole[middle - 1])["edges"]] == whole[middle:], (place, by)
                assert len(set(whole)) == len(whole) == min(total, 100), place
            found[place] = total
    empty = {"Query.notifications", "Query.objections", "Query.tokens", "Query.announcements", "Query.webhookDeliveries"}
    assert {place for place, total in found.items() if not total} <= empty - ({"Query.announcements"} if schema == "public" else set())


@ONLY_SQLITE
def test_winners_are_narrowed_and_ordered(cast, client, db):
    published(cast, policy="names_and_score")

    def names(**variables):
        query = "query($w: WinnerWhere, $o: [WinnerOrder!]) { winners(where: $w, orderBy: $o) { nodes { name score } totalCount } }"
        with builders.counted(db) as sent:
            found = client.post("/graphql", json={"query": query, "variables": variables}).json["data"]["winners"]
        assert found["totalCount"] == len(found["nodes"])
        assert len([sql for sql in sent if "published_winner" in sql]) == 2
        return [each["name"] for each in found["nodes"]]

    assert names() == ["Siti Aminah", "Budi Santoso"]
    assert names(o=[{"field": "SCORE"}]) == ["Budi Santoso", "Siti Aminah"]
    assert names(o={"field": "NAME", "direction": "DESC"}) == ["Siti Aminah", "Budi Santoso"]
    assert names(w={"year": {"eq": 2024}, "unit": {"eq": "dinkes"}, "name": {"contains": "SITI"}}) == ["Siti Aminah"]
    assert names(w={"or": [{"rank": {"gte": 2}}, {"name": {"eq": "nobody"}}]}) == ["Budi Santoso"]
    assert names(w={"not": {"score": {"gte": "100"}}}) == ["Budi Santoso"]
    assert names(w={"and": []}) == ["Siti Aminah", "Budi Santoso"]
    assert names(w={"or": []}) == []


@ONLY_SQLITE
def test_what_the_policy_keeps_back_can_be_neither_filtered_nor_sorted(cast, client):
    published(cast, policy="names")
    query = """{
      found: winners(where: {score: {gte: "0"}}) { totalCount } hidden: winners(where: {score: {isNull: true}}) { totalCount }
      up: winners(orderBy: {field: SCORE}) { nodes { name } } down: winners(orderBy: {field: SCORE, direction: DESC}) { nodes { name } }
    }"""
    data = client.post("/graphql", json={"query": query}).json["data"]
    assert (data["found"]["totalCount"], data["hidden"]["totalCount"], data["up"] == data["down"]) == (0, 2, True)


@ONLY_SQLITE
def test_a_result_that_is_not_told_is_not_found_either(cast, person):
    _, _, publication_id = published(cast)
    results.unpublish(cast.bkpsdm, publication_id=publication_id, note="Ada kekeliruan.")
    query = """query($states: [NominationState!]!) { nominations(where: {state: {in: $states}}) { totalCount }
      other: nominations(where: {not: {state: {in: $states}}}) { totalCount } }"""

    def counts(who, *states):
        found = person(who).ask(query, states=states)
        return found["nominations"]["totalCount"], found["other"]["totalCount"]

    assert (counts(cast.bkpsdm, "AWARDED"), counts(cast.bkpsdm, "RANKED")) == ((2, 1), (0, 3))
    assert (counts(cast.unit_admin, "AWARDED", "NOT_AWARDED"), counts(cast.unit_admin, "RANKED")) == ((0, 3), (3, 0))


REFUSED = [
    (
        "{ winners(where: {and: [{and: [{and: [{and: [{or: [{name: {eq: 1}}]}]}]}]}]}) { totalCount } }",
        {},
        "where.and.0.and.0.and.0.and.0.or.0",
    ),
    ("query($w: WinnerWhere) { winners(where: $w) { totalCount } }", {"w": {"or": [{"name": {"contains": "a"}}] * 31}}, "where.or.30"),
    ("query($w: [WinnerWhere!]) { winners(where: {or: $w}) { totalCount } }", {"w": [{}] * 50_000}, "where.or.30"),
    ("query($w: WinnerWhere) { winners(where: $w) { totalCount } }", {"w": {f"k{n}": {"a": 1} for n in range(9_000)}}, "where"),
    (
        "query($w: WinnerWhere = {not: {not: {not: {not: {not: {}}}}}}) { winners(where: $w) { totalCount } }",
        {},
        "where.not.not.not.not.not",
    ),
]


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("query", "variables", "place"), REFUSED, ids=lambda each: each if isinstance(each, str) and "{" not in each else ""
)
def test_a_condition_that_is_too_deep_or_too_long_is_refused_at_its_place(client, db, query, variables, place):
    began = time.monotonic()
    answer = client.post("/graphql", json={"query": query, "variables": variables})
    (error,) = answer.json["errors"]
    assert (error["extensions"]["code"], error["extensions"]["argument"], f"`{place}`" in error["message"]) == (
        "BAD_USER_INPUT",
        place,
        True,
    )
    assert time.monotonic() - began < 5


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"w": {"name": {"in": ["a"] * 101}}}, "`where.name.in`: paling banyak 100 nilai."),
        ({"w": {"not": {"name": {"contains": "a" * 201}}}}, "`where.not.name.contains`: paling panjang 200 karakter."),
        ({"o": [{"field": "NAME"}] * 2}, "`orderBy`: satu isian disebut dua kali."),
        ({"o": [{"field": each} for each in ("NAME", "SLUG", "YEAR", "RANK")]}, "`orderBy`: paling banyak 3 tingkat urutan."),
    ],
)
def test_a_value_that_cannot_be_looked_for_is_refused_at_its_place(client, db, given, words):
    query = "query($w: WinnerWhere, $o: [WinnerOrder!]) { winners(where: $w, orderBy: $o) { totalCount } }"
    (error,) = client.post("/graphql", json={"query": query, "variables": given}).json["errors"]
    assert (error["extensions"]["code"], error["message"]) == ("BAD_USER_INPUT", words)


def test_each_condition_costs_one():
    engine = ENGINES["public"]
    costs = [
        engine.plan(f"{{ winners{where} {{ totalCount }} }}", {}, None).shape.cost
        for where in ("", "(where: null)", '(where: {name: {gte: "a", lte: "b"}, year: {eq: 1}})', "(where: {or: [{}, {not: {}}]})")
    ]
    assert costs == [1, 1, 4, 3]


@ONLY_SQLITE
def test_the_examples_of_the_guide_run_as_they_stand(cast, client):
    published(cast, policy="names_and_score")
    section = GUIDE.read_text(encoding="utf-8").split("\n## Filtering and order\n")[1].split("\n## ")[0]
    answers = []
    for source in re.findall(r"```graphql\n(.*?)```", section, re.DOTALL):
        answer = client.post("/graphql", json={"query": source, "variables": {"year": 2024}})
        assert (answer.status_code, answer.json.get("errors")) == (200, None)
        answers.append(answer.json["data"])
    assert [winner["name"] for winner in answers[0]["winners"]["nodes"]] == ["Siti Aminah", "Budi Santoso"]
    assert answers[1]["periods"]["nodes"] == [{"slug": "2024", "name": "ASN Berprestasi 2024"}]
