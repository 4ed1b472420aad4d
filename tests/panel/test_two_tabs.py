"""Two people at one form, for every form of the panel: whoever is slower sees both texts, and nothing is overwritten.

The forms are found in the application's own map of addresses: a new one is walked without being named here. One that carries
no version says why in `WITHOUT_VERSION`, one that these rounds do not reach where it is tested in `ELSEWHERE`.
"""

from __future__ import annotations

import html
import re
from datetime import date

import pytest

from sipetruk.models import Announcement, AuditEntry, Category, Instrument, Period, Sheet, User
from sipetruk.rules.announcement_states import Text
from sipetruk.services import announcements, instruments, settings, signatories
from tests.panel.visitor import Visitor
from tests.services import builders, hooks, test_signatories

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

MAKES = "makes something new; its key keeps a second press from making two"
SHOWS = "only shows what would come of it; nothing is stored"
OWN = "the person's own or a secret, replaced as a whole by whoever is allowed to"
ONE_WAY = "one step that can be taken once: the second finds it taken"
WITHOUT_VERSION = {
    "instruments.create": MAKES,
    "instruments.begin_with": MAKES,
    "instruments.import_new": MAKES,
    "periods.create": MAKES,
    "periods.copy": MAKES,
    "periods.add_category": MAKES,
    "users.create": MAKES,
    "units.create_view": MAKES,
    "news.create": MAKES,
    "signatories.create": MAKES,
    "relations.index": MAKES,
    "objections.take_in": MAKES,
    "loading.index": "loads a file after a trial of the same file",
    "periods.try_rules": SHOWS,
    "panels.plan": SHOWS,
    "audit.integrity": "asks for a check; while one is under way it is the same one",
    "users.set_password": OWN,
    "users.reset_second_factor": OWN,
    "users.remove_identity": OWN,
    "sheets.recuse": ONE_WAY,
    "rankings.finalise": "carries the hash of the result that was seen",
    "rankings.decide_tie": "a decision is added, none is changed",
    "rankings.analysis": SHOWS,
    "determinations.determine": ONE_WAY,
    "determinations.publish": ONE_WAY,
    "determinations.withdraw": ONE_WAY,
    "determinations.cancel": ONE_WAY,
    "determinations.reschedule": ONE_WAY,
    "determinations.revoke": ONE_WAY,
    "determinations.decide": ONE_WAY,
    "determinations.decree": "a better copy replaces the file, both stay on record",
}
ELSEWHERE = {
    "instruments.import_into": "shows a trial first; a stale one is refused (test_instrument_files)",
    "instruments.weights": "takes numbers that fit together (test_weights)",
    "instruments.tryout": "scores on the page, saves by a button of its own (test_tryout)",
    "instruments.fill_in": "is sent by the tree (test_builder)",
    "units.delete_view": "nothing is deleted",
    "employees.create_view": "read only",
    "employees.edit_view": "read only",
    "employees.delete_view": "read only",
    "objections.decide": "test_objections",
    "tokens.create": "makes one thing and shows its secret once (test_tokens)",
    "webhooks.create": "makes one thing and shows its secret once (test_webhooks)",
    "tokens.revoke": "ends a token for good; a second time is refused (test_tokens)",
    "panelsheets.drop": "test_objections",
    "panelsheets.replace": "test_objections",
    "panelsheets.replace_all": "test_objections",
    "panelsheets.reopen": "test_objections",
}
FORM = re.compile(r'<form method="post".*?</form>', re.DOTALL)
FILLED = {"date": "2024-10-18", "number": "1", "datetime-local": "2024-10-18T10:00"}
MORE = {"units.edit_view": "?id=1", "periods.add_rule": "?fakta=under_examination"}
"""What an address asks for besides its parts."""
RULES = [{"fact": "age", "operator": "at_most", "value": 50, "effect": "block", "message": ""}]


def preparing(cast):
    round_ = builders.prepared_round(cast, slug="persiapan", eligibility_rules=RULES)
    draft = instruments.create(cast.bkpsdm, code="draf", name="Draf", definition=builders.tiny_instrument())
    news = announcements.create(cast.bkpsdm, slug="kabar", text=Text("Judul", "Isi."))
    (signatory,) = signatories.add(
        cast.bkpsdm, documents=[test_signatories.DECREE], person=test_signatories.REGENT, valid_from=date(2024, 1, 1)
    )
    settings.change(cast.bkpsdm, key="agency_name", value="BKPSDM", expected_version=0)
    numbers = {
        "period_id": round_.period_id,
        "category_id": round_.category_id,
        "version_id": draft,
        "user_id": cast.assessor.user_id,
        "unit_id": cast.unit_id,
        "announcement_id": news,
        "signatory_id": signatory,
        "webhook_id": hooks.made(cast).webhook_id,
        "at": 0,
        "base_name": "kosong",
        "component": "inovasi",
        "key": "agency_name",
        "stage": "nomination",
    }
    yield (2024, 9, 21), numbers | {"code": "inovasi", "move": "open"}
    yield (2024, 9, 21), numbers | {"code": "gagasan", "part": "bukti"}
    yield (2024, 9, 21), numbers | {"code": "proposal", "part": "bukti"}


def worlds(cast):
    """Rounds at several stages, each with the numbers that stand in addresses and the day on which it is looked at."""
    yield from preparing(cast)
    round_ = builders.open_round(cast, slug="verifikasi")
    id_ = builders.submitted(cast, round_, "Siti Aminah")
    numbers = {"nomination_id": id_, "period_id": round_.period_id, "category_id": round_.category_id, "stage": "nomination"}
    for decision in ("terima", "kembalikan", "tolak"):
        yield (2024, 10, 14), numbers | {"decision": decision}
    round_, (id_,) = builders.assessing(cast, "Budi Santoso", slug="penilaian")
    numbers = {"nomination_id": id_, "period_id": round_.period_id, "category_id": round_.category_id, "move": "start_ranking"}
    yield (2024, 10, 24), numbers | {"sheet_id": Sheet.get(nomination=id_).id}


def test_every_form_of_the_panel_carries_a_version_and_shows_both_texts(app, cast):
    forms = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/admin/") and {"GET", "POST"} <= rule.methods]
    rules = [rule for rule in forms if rule.endpoint not in {*WITHOUT_VERSION, *ELSEWHERE}]
    found: dict[str, str] = {}
    for day, numbers in worlds(cast):
        with builders.standing_at(*day):
            for who in (cast.bkpsdm, cast.verifier, cast.assessor):
                visitor = Visitor(app.test_client(), who)
                for rule in rules:
                    if found.get(rule.endpoint) != "conflict" and rule.arguments <= set(numbers):
                        with app.test_request_context():
                            address = rule.build({name: numbers[name] for name in rule.arguments})[1]
                        told = tried(visitor, address + MORE.get(rule.endpoint, ""))
                        found[rule.endpoint] = told or found.get(rule.endpoint, "")
    unreached = "not reached: name it in ELSEWHERE, or bring a round to its stage"
    wrong = {rule.endpoint: found.get(rule.endpoint) or unreached for rule in rules if found.get(rule.endpoint) != "conflict"}
    assert wrong == {}, "\n".join(f"{endpoint}: {said}" for endpoint, said in wrong.items())


def test_every_reason_is_about_a_form_that_is_there(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert (set(WITHOUT_VERSION) | set(ELSEWHERE)) - endpoints == set()


def tried(visitor, address):
    """What becomes of a form that is sent with the version before the one that it shows: "conflict", or what went wrong."""
    page = visitor.get(address)
    form = next((each for each in FORM.findall(page.text) if 'name="row_version"' in each and 'class="inline"' not in each), None)
    if page.status_code != 200 or form is None:
        return ""
    sent = sent_by(form)
    if sent["row_version"] in {"", "0"}:  # of something that is not there yet
        return ""
    before = AuditEntry.select().count()
    answer = visitor.post(address, **(sent | {"row_version": str(int(sent["row_version"]) - 1), "confirmed": "1"}))
    assert AuditEntry.select().count() == before, address
    if answer.status_code == 409 and "Sudah ada perubahan lain" in answer.text:
        return "conflict"
    said = re.findall(r'class="errors"[^>]*>(.*?)</ul>', answer.text, re.DOTALL)
    return f"{answer.status_code} at {address}: {said}"


def sent_by(form):
    """What a browser sends for a form; what is empty and has to be there is filled in."""
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind, name = given.get("type", "text"), given.get("name")
        if not name or name == "csrf_token" or kind == "file":
            continue
        if kind in {"checkbox", "radio"}:
            if re.search(r"\bchecked\b", tag):
                sent.setdefault(name, []).append(html.unescape(given.get("value", "y")))
        else:
            empty = TYPED.get(name, FILLED.get(kind, "Nama")) if re.search(r"\brequired\b", tag) else ""
            sent[name] = html.unescape(given.get("value", "")) or empty
    for name, more, body in re.findall(r'<textarea[^>]*name="([^"]+)"([^>]*)>(.*?)</textarea>', form, re.DOTALL):
        sent[name] = html.unescape(body).lstrip("\r\n") or ("Alasan tertulis." if "required" in more else "")
    for name, more, body in re.findall(r'<select[^>]*name="([^"]+)"([^>]*)>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', body)
        first = next((value for value in re.findall(r'<option[^>]* value="([^"]*)"', body) if value), "")
        sent[name] = html.unescape(chosen.group(1)) if chosen and chosen.group(1) else first if "required" in more else ""
    return sent


TYPED = {"code": "kode-baru", "slug": "kode-baru"}
"""What is typed where a form asks for it and holds nothing."""


# A second press


NEW = {
    "/admin/periode/baru/": ({"name": "ASN Teladan", "year": "2025", "slug": "2025"}, Period),
    "/admin/instrumen/baru/": ({"name": "Instrumen", "code": "instrumen"}, Instrument),
    "/admin/instrumen/mulai/kosong/": ({"name": "Instrumen", "code": "instrumen", "year": "2025"}, Instrument),
    "/admin/kabar/baru/": ({"title": "Judul", "body": "Isi."}, Announcement),
    "/admin/pengguna/baru/": ({"name": "Ani", "username": "ani", "password": "panjang-sekali", "again": "panjang-sekali"}, User),
}


@pytest.mark.parametrize("address", sorted(NEW))
def test_a_second_press_makes_nothing_more(visit, cast, address):
    typed, model = NEW[address]
    visitor, before = visit("bkpsdm"), model.select().count()
    page = visitor.get(address).text
    form = next(each for each in FORM.findall(page) if 'name="key"' in each)
    sent = sent_by(form) | typed
    answers = [visitor.post(address, **sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303], answers[1].text
    assert answers[0].location == answers[1].location
    assert model.select().count() == before + 1


def test_a_second_press_adds_one_category(visit, cast):
    round_ = builders.prepared_round(cast)
    address = f"/admin/periode/{round_.period_id}/kategori/baru/"
    visitor = visit("bkpsdm")
    form = next(each for each in FORM.findall(visitor.get(address).text) if 'name="key"' in each)
    sent = sent_by(form) | {"name": "ASN Lain", "slug": "lain", "version": str(round_.version_id)}
    assert [visitor.post(address, **sent).status_code for _ in range(2)] == [303, 303]
    assert Category.select().where(Category.period == round_.period_id).count() == 2
