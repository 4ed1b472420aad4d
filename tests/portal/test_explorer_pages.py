"""The explorer without a browser: who may open it, what stands in it, and that its plain form works as a form."""

import html
import json
import re

import pytest

from sipetruk.api.examples import examples
from sipetruk.api.operations import ENGINES
from sipetruk.portal import explorer_pages
from tests.portal.pages import forbidden, headings, plain, token


def box(text, name):
    return html.unescape(re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', text, re.DOTALL).group(1))


def test_everybody_opens_the_public_one_and_may_keep_it(client):
    answer = client.get("/data/penjelajah/?sederhana=1")
    assert (answer.status_code, headings(answer.text, 1), forbidden(answer.text)) == (200, ["Penjelajah GraphQL"], [])
    assert (answer.headers["Cache-Control"], "Set-Cookie" in answer.headers) == ("public, no-cache", False)
    assert client.get("/data/penjelajah/?sederhana=1", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert box(answer.text, "query") == examples("public")["Home"].text


def test_its_form_works_without_scripts(client):
    page = client.get("/data/penjelajah/?sederhana=1&contoh=Periods").text
    assert '<form class="explorer" action="/graphql" method="get"' in page
    sent = {name: box(page, name) for name in ("query", "variables")}
    answer = client.get("/graphql", query_string=sent, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.json["data"] == {"periods": {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}, "totalCount": 0}}


def test_an_example_that_is_none(client):
    assert client.get("/data/penjelajah/?contoh=Nothing%0a").status_code == 404


def test_the_staff_one_opens_after_signing_in(client, cast, sign_in):
    answer = client.get("/data/penjelajah/staf?contoh=Nomination")
    assert (answer.status_code, answer.location) == (302, "/masuk?next=/data/penjelajah/staf?contoh%3DNomination")
    page = sign_in(client, cast.viewer).get("/data/penjelajah/staf?sederhana=1&contoh=Nomination")
    assert (page.status_code, page.headers["Cache-Control"], forbidden(page.text)) == (200, "no-store", [])
    assert (box(page.text, "query"), box(page.text, "variables")) == (examples("staff")["Nomination"].text, '{\n  "id": ""\n}')
    assert '<form class="explorer" action="/graphql/staff"' in page.text


@pytest.mark.parametrize("has_graphiql", [True, False])
def test_the_staff_one_shows_whose_account_it_runs_for(app, client, cast, sign_in, monkeypatch, has_graphiql):
    monkeypatch.setattr(explorer_pages, "has_graphiql", lambda: has_graphiql)
    public = ["Pemenang", "Periode", "Usulan terbuka", "Kabar", "Data terbuka"]
    assert menu(client.get("/data/penjelajah/").text) == [*public, "Masuk"]
    sign_in(client, cast.unit_admin)
    own = [*public, "Usulan", "Akun saya", f"Keluar ({cast.unit_admin.name})"]
    assert menu(client.get("/data/penjelajah/staf").text) == own
    assert menu(client.get("/data/penjelajah/").text) == [*public, "Masuk"], "it is one page for everybody"
    auditor = sign_in(app.test_client(), cast.viewer)
    page = auditor.get("/data/penjelajah/staf").text
    assert (menu(page), forbidden(page)) == ([*public, "Panel", "Akun saya", f"Keluar ({cast.viewer.name})"], [])
    assert auditor.post("/keluar", data={"csrf_token": token(page)}).location == "/"
    assert auditor.get("/data/penjelajah/staf").status_code == 302


def menu(text):
    (found,) = re.findall(r'<nav class="menu".*?</nav>', text, re.DOTALL)
    return plain(found, "<li>", "</li>")


def test_graphiql_where_it_was_built(client, monkeypatch):
    monkeypatch.setattr(explorer_pages, "has_graphiql", lambda: True)
    page = client.get("/data/penjelajah/?contoh=Contact").text
    assert ("graphiql/graphiql.js" in page, "<textarea" in page, forbidden(page)) == (True, False, [])
    assert '<a href="/data/penjelajah/?contoh=Contact&amp;sederhana=1">Halaman sederhana</a>' in page
    monkeypatch.setattr(explorer_pages, "has_graphiql", lambda: False)
    page = client.get("/data/penjelajah/?contoh=Contact").text
    assert ("graphiql" in page.lower(), "<textarea" in page) == (False, True)


@pytest.mark.parametrize("schema", ["public", "staff"])
def test_every_example_runs_with_the_variables_beside_it(schema):
    for each in examples(schema).values():
        operation = ENGINES[schema].plan(each.text, json.loads(each.variables), None)
        assert (each.is_mutation, bool(each.about)) == (operation.is_mutation, True)


def test_variables_have_the_shape_that_is_asked_for():
    assert json.loads(examples("staff")["NominationAnswersSave"].variables) == {
        "input": {"nominationId": "", "answers": [], "expectedVersion": 1}
    }
    assert json.loads(examples("public")["Announcement"].variables) == {"slug": "", "language": "ID"}
