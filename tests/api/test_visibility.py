"""Who reads what: every field of both schemas was decided for every kind of person, and nothing else comes back.

The questions are made from the schemas: a new field without a decision in `visibility_staff.txt` or `visibility_public.txt`
fails by its name, and so does one that nobody's question reaches.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument

from sipetruk import migrations
from sipetruk.api.context import Context
from sipetruk.api.engine import Engine
from sipetruk.api.public.schema import SCHEMA
from sipetruk.api.staff.schema import ENGINE
from sipetruk.app import create_app
from sipetruk.models import Employee, InstrumentVersion, Nomination, Publication, PublishedWinner, Ranking, Sheet, User
from sipetruk.models.base import bind, database
from sipetruk.queries.users import actor_of
from sipetruk.rules.check_codes import check_code
from sipetruk.services import clock, evidence
from sipetruk.windows import load_settings
from tests import cast as people_of
from tests.api import decisions, world
from tests.api.person import gid
from tests.api.reach import Reach, Seen, sample
from tests.services import builders

HERE = Path(__file__).parent
STAFF_PEOPLE = {
    "outsider": "outsider",
    "unit": "unit_admin",
    "head": "unit_head",
    "assessor": "assessor",
    "apart": "apart",
    "stranger": "assessor3",
    "verifier": "verifier",
    "auditor": "viewer",
    "bkpsdm": "bkpsdm",
}
"""Kinds of people by their names in the cast; the outsider is another unit's, the stranger an assessor without a panel, and who
is apart stepped back from the only nominee that was theirs to assess."""
MOMENTS = {"open": world.OPEN, "before": world.OBJECTING, "withdrawn": world.WITHDRAWN, "published": world.LATE}
"""When the public reads: while nominations are taken, before anything was published, after it was withdrawn, and after the last."""


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """The world, in a request of the application so that what asks for its settings finds them."""
    folder = tmp_path_factory.mktemp("world")
    address = f"sqlite:///{folder / 'world.db'}"
    engine = bind(address)
    evidence.use_store(folder / "evidence")
    engine.connect()
    migrations.upgrade()
    with builders.standing_at(2024, 9, 1):
        cast = people_of.build()
    made = world.build(cast)
    app = create_app(load_settings({"SIPETRUK_ENV": "testing", "SIPETRUK_DATABASE_URL": address, "SIPETRUK_DATA_DIR": str(folder)}))
    database.initialize(engine)
    yield made, app
    engine.close()


@pytest.fixture(scope="module")
def staff(lived):
    """What each kind of person read on the staff schema, and the ids of everything that anybody did."""
    made, app = lived
    reach = Reach(ENGINE)
    people = {name: acting(made.apart if member == "apart" else getattr(made.cast, member)) for name, member in STAFF_PEOPLE.items()}
    seen = {name: Seen() for name in people}
    with app.test_request_context("/"):
        without = {name: [{}] for name in reach.root() if not reach.required(name)}
        ask_all(reach, people, seen, without)
        everything: dict[str, list[str]] = {}
        for one in seen.values():
            for kind, found in one.ids.items():
                everything[kind] = sorted({*everything.get(kind, ()), *found})
        ask_all(reach, people, seen, questions(reach, made, everything, but=without))
    return reach, people, seen, everything


def acting(member):
    """A member of the cast as they are now."""
    found = actor_of(member.user_id, User.get_by_id(member.user_id).session_epoch, "api")
    assert found is not None
    return found


def ask_all(reach, people, seen, asked):
    """Let everybody ask everything; each question is parsed and validated once."""
    for name in asked:
        for moment, (who, actor), given in itertools.product(AT.get(name, (world.LATE,)), people.items(), asked[name]):
            with clock.standing_at(moment):
                reach.ask(seen[who], actor, name, given)


AT = dict.fromkeys(("openCategories", "eligibleEmployees", "nomination", "checkReadiness"), (world.OPEN,))
AT |= {"objectionFiling": (world.OBJECTING,), "objection": (world.OBJECTING,), "retentionPlan": (world.YEARS_LATER,)}
"""When a field of the root is asked; everything else late."""
NODES = ENGINE.schema.get_possible_types(ENGINE.schema.get_type("Node"))
KINDS = {"versionId": "InstrumentVersion", "workUnit": "WorkUnit"}
"""What an id is of, where neither its own name nor what it returns tells."""


def questions(reach, made, everything, *, but):
    """With which variables each other field of the root is asked, several times where that shows more."""
    asked = explicit(made, everything)
    for name, definition in reach.root().items():
        if name in asked or name in but:
            continue
        match reach.required(name):
            case ["id"]:
                kind = KINDS.get(name, get_named_type(definition.type).name)
                asked[name] = [{"id": each} for each in everything.get(kind, ())]
            case [argument] if argument.endswith("Id"):
                kind = KINDS.get(argument, argument[0].upper() + argument[1:-2])
                asked[name] = [{argument: each} for each in everything.get(kind, ())]
            case required:
                pytest.fail(f"`explicit` in {HERE.name}/test_visibility.py does not say with which {required} Query.{name} is asked")
    return asked


def explicit(made, everything):
    """Questions that take more than one id, or something else than ids."""

    def nominations(round_):
        rows = Nomination.select(Nomination.id).where(Nomination.category == round_.category_id).order_by(Nomination.id)
        return [gid("Nomination", row.id) for row in rows]

    some = [nominations(getattr(made, name))[:1] for name in ("opened", "assessing", "objected", "decided", "published")]
    one_of_each = [{"nominationId": each} for each in itertools.chain(*some)]
    draft = gid("InstrumentVersion", made.draft_version_id)
    opened, published = (gid("InstrumentVersion", round_.version_id) for round_ in (made.opened, made.published))
    category = {name: gid("Category", getattr(made, name).category_id) for name in ("opened", "objected", "published")}
    nodes = [each for kind in NODES for each in everything[kind.name]]
    employee = Employee.get(name="Belum Diusulkan")
    first, second, *_ = nominations(made.published)
    return {
        "nodes": [{"ids": nodes}],
        "node": [{"id": everything[kind.name][0]} for kind in NODES],
        "nomination": [{"id": each} for each in nominations(made.opened)],
        **dict.fromkeys(("nominationScore", "ableAssessors", "objectionFiling"), one_of_each),
        "nominationSheets": [{"nominationId": each} for name in ("assessing", "objected") for each in nominations(getattr(made, name))],
        "instrumentVersion": [{"id": each} for each in (draft, opened, published)],
        "instrumentTryout": [{"versionId": draft, "winners": 1}],
        "instrumentComparison": [{"oldId": published, "newId": opened}, {"oldId": opened, "newId": draft}],
        "instrumentBacktest": [{"versionId": opened, "categoryId": category["published"]}],
        "instrumentExport": [{"versionId": opened, "kind": "JSON"}],
        "ahpProposal": [{"matrix": [["1", "3", "5"], ["1/3", "1", "9"], ["1/5", "1/9", "1"]]}],
        "eligibilityTrial": [{"categoryId": category["opened"], "employeeId": gid("Employee", employee.id)}],
        "periodCopyPlan": [{"periodId": gid("Period", made.opened.period_id), "year": 2025}],
        "rankingExplanation": [{"categoryId": category["published"], "nominationId": first}],
        "rankingGap": [{"categoryId": category["published"], "betterId": first, "otherId": second}],
        "rankingExport": [{"rankingId": gid("Ranking", Ranking.get(category=made.published.category_id).id)}],
        "relationCandidates": [{"search": "Kerabat"}],
        "unitMergePlan": [{"workUnitId": gid("WorkUnit", made.cast.unit_id), "intoId": gid("WorkUnit", made.cast.other_unit_id)}],
        "signatoryOn": [{"document": "DECREE", "day": "2024-11-20"}],
        "auditTallies": [{"by": by} for by in ENGINE.schema.get_type("AuditTallyBy").values],
        "checkReadiness": [{"nominationIds": nominations(made.opened)}],
        "recordHistory": [{"id": each} for each in sorted(min(of_kind) for of_kind in everything.values())],
    }


@pytest.fixture(scope="module")
def public(lived):
    """What anybody read on the public schema, before and after the publication."""
    _, app = lived
    reach = Reach(Engine(SCHEMA, hide_suggestions=False))
    seen = {name: Seen() for name in MOMENTS}
    slugs = {
        "period": ("2024", "2024-a", "2024-e"),
        "announcement": ("pembekalan", "draf", "batal"),
        "winner": (PublishedWinner.get().slug,),
    }
    asked = {name: [{"slug": slug} for slug in each] for name, each in slugs.items()}
    asked["unitStatistics"] = [{"year": 2024}]
    asked["winnerByCode"] = [{"code": check_code(row.publication.content_sha256, row.slug)} for row in PublishedWinner.select()]
    asked["instrument"] = [{"code": row.instrument.code, "number": row.number} for row in InstrumentVersion.select()]
    with app.test_request_context("/"):
        for (when, moment), name in itertools.product(MOMENTS.items(), reach.root()):
            if name not in {"node", "nodes"}:
                for given in asked.get(name, [{}]):
                    with clock.standing_at(moment):
                        reach.ask(seen[when], None, name, given)
        everything = sorted(itertools.chain(*seen["published"].ids.values()))
        for when, moment in MOMENTS.items():
            with clock.standing_at(moment):
                reach.ask(seen[when], None, "nodes", {"ids": everything})
                for given in everything:
                    reach.ask(seen[when], None, "node", {"id": given})
    return reach, seen


def observed(reach, seen):
    """For every field of the schema, who read something in it and who was refused."""
    return {
        at: decisions.Decision(
            frozenset(name for name, one in seen.items() if at in one.read),
            frozenset(name for name, one in seen.items() if "FORBIDDEN" in one.refused.get(at, ())),
        )
        for at in reach.fields()
    }


def test_every_field_of_the_staff_schema_is_read_by_whom_it_was_decided_for(staff):
    reach, people, seen, _ = staff
    decided = decisions.read(HERE / "visibility_staff.txt", people)
    assert decisions.differences(decided, observed(reach, seen), people) == []


def test_no_text_that_a_stranger_reads_names_a_nominee(staff, public):
    """Names and numbers of nominees stand in no answer to who has nothing to do with them, wherever in a text."""
    won = {row.name for row in PublishedWinner.select()}
    people = Employee.select().where(Employee.id.in_(Nomination.select(Nomination.employee)))
    hidden = {row.nip for row in people} | {row.name for row in people} - won
    seen = {who: staff[2][who] for who in ("outsider", "stranger")} | public[1]
    told = [(who, text) for who, one in seen.items() for text in one.texts if any(word in text for word in hidden)]
    assert (len(hidden) > 30, told) == (True, [])


def test_every_field_of_the_public_schema_is_read_when_it_was_decided(public):
    reach, seen = public
    decided = decisions.read(HERE / "visibility_public.txt", MOMENTS)
    assert decisions.differences(decided, observed(reach, seen), MOMENTS) == []


KINDS_OF_IDS = {
    "assessorId": "User",
    "betterId": "Nomination",
    "deliveryId": "WebhookDelivery",
    "firstStageId": "Category",
    "formerId": "User",
    "fromVersionId": "InstrumentVersion",
    "intoId": "WorkUnit",
    "newId": "InstrumentVersion",
    "newerId": "Ranking",
    "oldId": "InstrumentVersion",
    "olderId": "Ranking",
    "otherId": "Nomination",
    "ownerId": "User",
    "tokenId": "ApiToken",
    "unitId": "WorkUnit",
    "upTo": "Notification",
    "versionId": "InstrumentVersion",
}
"""What an id is of, where its own name does not say so."""
OPEN_TO = {"outsider": [], "stranger": ["relationDeclare"]}
OPEN_TO["apart"] = ["sheet", "marksRecord", "nominationRecuse", "sheetSubmit", "relationDeclare"]
"""What is answered about things of others: an assessor says of any employee that there is a relation; who stepped back is told so."""
FOR_ALL = {"Category", "Period", "WorkUnit", "InstrumentVersion", "Instrument"}
"""Kinds of things that everybody may know of, if only by name."""


class Ids(dict):
    """An id for whatever asks for one: of a thing of others, or, with `is_absent`, of none where others' things are hidden."""

    def __init__(self, everything, *, is_absent):
        super().__init__()
        self.everything = everything
        self.is_absent = is_absent

    def __missing__(self, name):
        kind = KINDS_OF_IDS.get(name, name[0].upper() + name[1:].removesuffix("Id"))
        if self.is_absent and kind not in FOR_ALL:
            return gid(kind, 999_999)
        known = self.everything.get(kind)
        return known[0] if known else gid(kind, 1)


def all_acts(reach, things):
    """Every field of both roots with all ids that it takes, its variables, and the least of what it answers."""
    for root, operation, payload in (
        (reach.schema.query_type, "query", "{ __typename }"),
        (reach.schema.mutation_type, "mutation", "{ userErrors { message path code } }"),
    ):
        for name, definition in root.fields.items():
            kind = get_named_type(definition.type)
            of_own = KINDS.get(name, kind.name)
            taken = {each: argument.type for each, argument in definition.args.items() if takes_id(argument)}
            own_id = f"{of_own if of_own in things.everything else 'Nomination'}Id"
            given = {each: sample(of, own_id if each in {"id", "ids"} else each, things) for each, of in taken.items()}
            declared = ", ".join(f"${each}: {of}" for each, of in taken.items())
            arguments = ", ".join(f"{each}: ${each}" for each in taken)
            head, arguments = (f"({declared})", f"({arguments})") if taken else ("", "")
            below = "" if is_leaf_type(kind) else payload
            yield name, f"{operation} Asked{head} {{ {name}{arguments} {below} }}", given


def takes_id(argument):
    return is_required_argument(argument) or get_named_type(argument.type).name == "ID"


def answered(reach, actor, source, variables):
    """What an act answers; whatever it does is undone."""
    with database.atomic() as undone:
        answer = reach.engine.run(reach.engine.plan(source, variables, None), Context(actor, "r")).body()
        undone.rollback()
    codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
    assert "INTERNAL_SERVER_ERROR" not in codes, (source, variables)
    return answer


@pytest.mark.parametrize("who", OPEN_TO)
def test_what_is_not_yours_is_answered_as_what_is_not_there(lived, staff, who):
    """Every query and every act of both schemas' roots, with ids of things of others and with ids of nothing.

    To who is apart the nominee from whom they stepped back, and the files, are things of others.
    """
    reach, people, _, everything = staff
    if who == "apart":
        left = Sheet.get(assessor=lived[0].apart.user_id).nomination
        everything = everything | {
            "Nomination": [gid("Nomination", left.id)],
            "Employee": [gid("Employee", left.employee_id)],
            "Evidence": [gid("Evidence", file.id) for file in left.evidence],
        }
    there, nowhere = (all_acts(reach, Ids(everything, is_absent=is_absent)) for is_absent in (False, True))
    told = []
    with lived[1].test_request_context("/"), clock.standing_at(world.OBJECTING):
        for (name, source, real), (_, _, absent) in zip(there, nowhere, strict=True):
            if real != absent and answered(reach, people[who], source, real) != answered(reach, people[who], source, absent):
                told.append(name)
    assert told == OPEN_TO[who]


@pytest.mark.parametrize("who", ["unit", "assessor", "bkpsdm"])
def test_no_act_breaks_on_things_that_are_there(lived, staff, who):
    reach, people, _, everything = staff
    with lived[1].test_request_context("/"), clock.standing_at(world.OBJECTING):
        for _, source, given in all_acts(reach, Ids(everything, is_absent=False)):
            answered(reach, people[who], source, given)


def test_a_thing_is_found_by_its_id_by_whom_it_is_listed_for(lived, staff):
    """`node` and `nodes` of everything for everybody: what a person's lists do not hold is null, as an id of nothing is."""
    reach, people, seen, everything = staff
    kinds = [kind.name for kind in NODES]
    asked = [each for kind in kinds for each in everything[kind]] + [gid(kind, 999_999) for kind in kinds]
    source = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    with lived[1].test_request_context("/"), clock.standing_at(world.LATE):
        for who, actor in people.items():
            body = answered(reach, actor, source, {"ids": asked})
            found = [node["id"] for node in body["data"]["nodes"] if node]
            listed = {each for kind in kinds for each in seen[who].ids.get(kind, ())}
            assert ("errors" in body, [each for each in found if each not in listed]) == (False, [])
            assert {each for each in asked if each in found} == set(found)


def test_nobody_does_or_reads_anything_on_the_staff_schema_without_signing_in(lived, staff):
    reach, *_, everything = staff
    with lived[1].test_request_context("/"):
        for name, source, given in all_acts(reach, Ids(everything, is_absent=False)):
            body = answered(reach, None, source, given)
            codes = {error["extensions"]["code"] for error in body.get("errors", ())}
            assert (name, codes - {"UNAUTHENTICATED"}, any((body.get("data") or {}).values())) == (name, set(), False)


LISTS_WITHIN = {
    ("InstrumentVersion", "history"): 'instrumentVersion(id: "{draft}")',
    ("Ranking", "rows"): 'ranking(categoryId: "{category}")',
    ("Publication", "winners"): "latestPublication",
}
"""From where a list is read that is not at the root."""
LISTS_OF = {"eligibleEmployees": "categoryId", "unitProgress": "periodId", "webhookDeliveries": "webhookId", "recordHistory": "id"}
"""What a list at the root is of."""
SINGLE_ROWS = 6
READERS = {"sheets": "assessor", "eligibleEmployees": "unit"}
"""Who reads a list of the staff schema; BKPSDM reads every other."""


def lists(reach, of):
    """Every connection of a schema as a document of one page, by its name; `of` are the ids of what they are of."""
    found = {}
    for kind in reach.schema.type_map.values():
        for name, definition in getattr(kind, "fields", {}).items() if isinstance(kind, GraphQLObjectType) else ():
            if not get_named_type(definition.type).name.endswith("Connection"):
                continue
            assert kind.name == "Query" or (kind.name, name) in LISTS_WITHIN, f"LISTS_WITHIN does not say where {kind.name}.{name} is read"
            argument = f', {LISTS_OF[name]}: "{of[name]}"' if name in LISTS_OF else ""
            page = f"{name}(first: $first, after: $after{argument}){reach.below(definition, (kind.name,))}"
            outer = LISTS_WITHIN.get((kind.name, name), "").format_map(of)
            found[f"{kind.name}.{name}"] = f"query Asked($first: Int!, $after: String) {{ {f'{outer} {{ {page} }}' if outer else page} }}"
    return found


def read_page(reach, actor, source, **page):
    """The statements that reading a page took, each without the number of its parameters, and the connection that came."""
    with builders.counted(database.obj) as sent:
        answer = reach.engine.run(reach.engine.plan(source, page, None), Context(actor, "r"))
    assert answer.errors == (), source
    found = answer.data
    while "pageInfo" not in found:
        (found,) = (each for key, each in found.items() if key != "__typename")
    return Counter(re.sub(r"\((?:\?, )*\?\)", "(?)", sql) for sql in sent), found


def repeated(reach, actor, source):
    """Statements that a page of many rows repeats although none of its single rows needs them as often.

    The same names may be looked up for three purposes; what is sent more often, or once for each row, is sent for rows.
    """
    alone, after = Counter(), None
    for _ in range(SINGLE_ROWS):
        sent, found = read_page(reach, actor, source, first=1, after=after)
        alone |= sent
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    sent, found = read_page(reach, actor, source, first=100, after=None)
    assert len(found["nodes"]) > 1, f"a single row in this world tells nothing: {source}"
    most = min(3, len(found["nodes"]) - 1)
    return [f"{times} times: {sql}" for sql, times in sent.items() if times > max(most, alone[sql])]


def test_no_list_of_the_staff_schema_asks_the_database_once_for_each_row(lived, staff):
    made, app = lived
    reach, people, _, everything = staff
    of = {"draft": gid("InstrumentVersion", made.draft_version_id), "category": gid("Category", made.ranking.category_id)}
    of |= {"eligibleEmployees": gid("Category", made.opened.category_id), "unitProgress": gid("Period", made.opened.period_id)}
    of |= {"webhookDeliveries": everything["Webhook"][0], "recordHistory": gid("Category", made.opened.category_id)}
    with app.test_request_context("/"), clock.standing_at(world.LATE):
        for name, source in lists(reach, of).items():
            who = people[READERS.get(name.partition(".")[2], "bkpsdm")]
            with clock.standing_at(world.OPEN if name == "Query.eligibleEmployees" else world.LATE):
                assert (name, repeated(reach, who, source)) == (name, [])


def test_no_list_of_the_public_schema_asks_the_database_once_for_each_row(lived, public):
    reach, _ = public
    made, app = lived
    earlier = world.WITHDRAWN + timedelta(hours=1)
    with app.test_request_context("/"), clock.standing_at(world.LATE), database.atomic() as undone:
        shown = Publication.get(Publication.withdrawn_at.is_null())
        other = {**shown.__data__, "period": made.decided.period_id, "made_at": earlier, "published_at": earlier}
        del other["id"]
        Publication.insert(**other).execute()
        for name, source in lists(reach, {}).items():
            assert (name, repeated(reach, None, source)) == (name, [])
        undone.rollback()
