"""Pages of our own on the kit: closed until opened, refusals become answers, forms keep what was typed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
import wtforms
from flask import request
from flask_admin import Admin
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound, Problem, Unauthenticated
from sipetruk.panel.kit import (
    Choice,
    Choices,
    CreateForm,
    DecimalComma,
    JSONText,
    LineList,
    LocalDateTime,
    Page,
    PanelForm,
    Required,
    VersionedForm,
    WholeNumber,
    conflict,
    expose,
    show,
)
from sipetruk.panel.kit.conflict import text_of
from sipetruk.panel.kit.export import formula_safe
from sipetruk.rules.permissions import Action, Actor, Grant, Role
from tests.panel.conftest import _app

REFUSALS = {
    "missing": (NotFound("Usulan tidak ditemukan."), 404, "Data yang Anda cari tidak ada, atau bukan untuk Anda."),
    "forbidden": (Forbidden("Anda tidak berhak."), 403, "Anda tidak berhak."),
    "conflict": (Conflict("Sudah ada."), 409, "Sudah ada."),
    "illegal": (IllegalMove("Belum waktunya."), 409, "Belum waktunya."),
    "invalid": (Invalid("Isian salah."), 422, "Isian salah."),
}


class ThingForm(VersionedForm):
    title = wtforms.StringField("Judul", [Required()])
    rows = wtforms.FieldList(wtforms.FormField(PanelForm), "Baris")


class ReasonForm(VersionedForm):
    reason = wtforms.TextAreaField("Alasan", [Required()])


class ClosedPage(Page):
    @expose("/")
    def index(self):
        return "terbuka"


class ThingPage(Page):
    """Keeps one thing in memory."""

    needs = (Action.USER_MANAGE, Action.AUDIT_READ)
    title, version = "Asli", 1

    @expose("/")
    def index(self):
        return self.render("panel/base.html")

    @expose("/tolak/<kind>/")
    def refuse(self, kind):
        raise REFUSALS[kind][0]

    @expose("/keluar/")
    def signed_out(self):
        raise Unauthenticated("Sesi berakhir.")

    @expose("/ubah/", ("GET", "POST"))
    def edit(self):
        form = self.form(request.form or None)
        answer = self.submit(
            form, lambda: self.save(form), to=lambda new: f"/versi/{new}", done="Disimpan.", stored=lambda: self.form(None)
        )
        return answer or self.show("panel/user/part.html", form, title="Ubah", back="/", save="Simpan", note="")

    @expose("/alasan/", ("GET", "POST"))
    def act_with_reason(self):
        form = ReasonForm(request.form or None, data={"row_version": self.version})

        def act():
            if form.expected != self.version:
                raise Conflict("Sudah diubah.", "expectedVersion")

        answer = self.submit(form, act, to="/", done="Terjadi.")
        return answer or self.show("panel/user/part.html", form, title="Alasan", back="/", save="Lanjut", note="")

    @expose("/tekan/", ("POST",))
    def press(self):
        if not self.confirmed():
            return self.ask("Sungguh?", button="Ya", back="/", details=("satu", "dua"))
        return self.act(self.refuse_press, to="/sesudah", done="Terjadi.")

    def refuse_press(self):
        if request.form.get("salah"):
            raise Invalid("Tidak bisa.")

    def form(self, sent):
        return ThingForm(sent, data={"row_version": self.version, "title": self.title})

    def save(self, form):
        if form.expected != self.version:
            raise Conflict("Sudah diubah.", "expectedVersion")
        if form.title.data == "dobel":
            raise Invalid([Problem("Judul dobel.", ("input", "title")), Problem("Hal lain.", ("elsewhere",))])
        type(self).title, type(self).version = form.title.data, self.version + 1
        return self.version


@pytest.fixture
def visit_as():
    ThingPage.title, ThingPage.version = "Asli", 1
    app, now = _app(), [None]
    app.extensions["sipetruk.panel.who"] = lambda: now[0]
    admin: Admin = app.extensions["admin"][0]
    admin.add_views(ClosedPage(name="Tertutup", endpoint="closed"), ThingPage(name="Benda", endpoint="thing"))

    def visit(role):
        now[0] = None if role is None else Actor(1, "a", "Ani", (Grant(role),), "panel")
        return app.test_client()

    return visit


def test_a_page_is_closed_until_it_says_what_opens_it(visit_as):
    assert visit_as(Role.BKPSDM_ADMIN).get("/admin/closed/").status_code == 403


@pytest.mark.parametrize(("role", "status"), [(Role.BKPSDM_ADMIN, 200), (Role.VIEWER, 200), (Role.VERIFIER, 403), (None, 302)])
def test_one_of_several_actions_opens_a_page(visit_as, role, status):
    assert visit_as(role).get("/admin/thing/").status_code == status


@pytest.mark.parametrize(("method", "expected"), [("get", "/masuk?next=/admin/thing/ubah/?a%3D1"), ("post", "/masuk")], ids=["get", "post"])
def test_whoever_is_not_signed_in_comes_back_to_the_page(visit_as, method, expected):
    answer = getattr(visit_as(None), method)("/admin/thing/ubah/?a=1")
    assert (answer.status_code, answer.location) == (302, expected)


def test_a_session_that_ended_goes_to_the_sign_in_page(visit_as):
    assert visit_as(Role.VIEWER).get("/admin/thing/keluar/").location == "/masuk?next=/admin/thing/keluar/"


@pytest.mark.parametrize("kind", sorted(REFUSALS))
def test_a_refusal_becomes_a_page_with_its_status(visit_as, kind):
    _, status, words = REFUSALS[kind]
    answer = visit_as(Role.VIEWER).get(f"/admin/thing/tolak/{kind}/")
    assert (answer.status_code, words in answer.text, "Budi" in answer.text) == (status, True, False)


def test_a_form_saves_and_goes_on(visit_as):
    answer = visit_as(Role.VIEWER).post("/admin/thing/ubah/", data={"title": "Baru", "row_version": "1"})
    assert (answer.status_code, answer.location, ThingPage.title) == (303, "/versi/2", "Baru")


def test_problems_stand_at_their_fields_and_the_rest_on_top(visit_as):
    answer = visit_as(Role.VIEWER).post("/admin/thing/ubah/", data={"title": "dobel", "row_version": "1"})
    assert answer.status_code == 422
    assert '<ul class="errors" id="title-salah"><li>Judul dobel.</li></ul>' in answer.text
    assert '<div class="note bad" role="alert">Hal lain.</div>' in answer.text
    assert ('value="dobel"' in answer.text, ThingPage.title) == (True, "Asli")


@pytest.mark.parametrize("version", ["9", "", "abc", "99999999999999999999"])
def test_a_version_that_is_not_the_stored_one_never_saves(visit_as, version):
    answer = visit_as(Role.VIEWER).post("/admin/thing/ubah/", data={"title": "Baru", "row_version": version})
    assert answer.status_code in {409, 422}
    assert ThingPage.title == "Asli"


def clash(client, **typed):
    """The page of a conflict over a title that somebody else has changed, and what its form sends."""
    ThingPage.title, ThingPage.version = "Punya orang", 2
    answer = client.post("/admin/thing/ubah/", data={"title": "Punya saya", "row_version": "1", **typed})
    assert answer.status_code == 409
    return answer.text, MultiDict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text))


@pytest.mark.parametrize(("choice", "expected"), [("saya", "Punya saya"), ("tersimpan", "Punya orang")])
def test_of_two_texts_the_chosen_one_is_saved(visit_as, choice, expected):
    client = visit_as(Role.VIEWER)
    page, sent = clash(client)
    assert [words in page for words in ("Punya saya", "Punya orang", "Pakai isian saya", "Pakai yang tersimpan")] == [True] * 4
    answer = client.post("/admin/thing/ubah/", data=sent | {"pilih.title": choice})
    assert (answer.status_code, ThingPage.title, ThingPage.version) == (303, expected, 3)


def test_a_second_conflict_is_shown_as_the_first(visit_as):
    client = visit_as(Role.VIEWER)
    _, sent = clash(client)
    ThingPage.title, ThingPage.version = "Lebih baru", 3
    answer = client.post("/admin/thing/ubah/", data=sent | {"pilih.title": "saya"})
    assert (answer.status_code, "Lebih baru" in answer.text, "Punya orang" in answer.text, ThingPage.title) == (
        409,
        True,
        False,
        "Lebih baru",
    )


def test_an_act_that_cannot_say_what_is_stored_keeps_what_was_typed(visit_as):
    ThingPage.version = 2
    answer = visit_as(Role.VIEWER).post("/admin/thing/alasan/", data={"reason": "Sudah lama ditunggu.", "row_version": "1"})
    assert (answer.status_code, "Sudah lama ditunggu." in answer.text) == (409, True)


class RowsForm(VersionedForm):
    rows = wtforms.FieldList(wtforms.FormField(type("Row", (PanelForm,), {"name": wtforms.StringField("Nama")})), "Baris")
    many = Choices("Banyak", choices=[(1, "Satu"), (2, "Dua")], coerce=int)
    flag = wtforms.BooleanField("Tanda")
    other = wtforms.StringField("Lain")


def test_rows_boxes_and_ticks_are_chosen_as_wholes():
    with _app().test_request_context():
        typed = MultiDict([("rows-0-name", "a"), ("rows-1-name", "b"), ("many", "1"), ("other", "x"), ("row_version", "1")])
        stored = RowsForm(data={"rows": [{"name": "c"}], "many": [2], "flag": True, "other": "x", "row_version": 2})
        found = conflict.clashes(RowsForm(typed), stored)
        assert [(each.name, each.yours, each.stored) for each in found] == [
            ("rows", "a\nb", "c"),
            ("many", "Satu", "Dua"),
            ("flag", "tidak", "ya"),
        ]
        sent = MultiDict([*typed.items(multi=True), *(pair for each in found for pair in each.hidden)])
        theirs = MultiDict((f"pilih.{each.name}", "tersimpan") for each in found)
        mine = MultiDict((f"pilih.{each.name}", "saya") for each in found)
        chosen = conflict.settled(MultiDict([*sent.items(multi=True), *theirs.items()]))
        assert RowsForm(chosen).data | {"row_version": 0} == stored.data | {"row_version": 0}
        assert conflict.settled(MultiDict([*sent.items(multi=True), *mine.items()])) == ImmutableMultiDict(typed)


def test_a_form_that_makes_something_has_one_key_for_one_content():
    class ThingsForm(CreateForm):
        name = wtforms.StringField("Nama")

    with _app().test_request_context():
        key = ThingsForm().key.data
        sent = ({"key": key, "name": "a"}, {"key": key, "name": "a"}, {"key": key, "name": "b"}, {"key": "x", "name": "a"}, {"key": ""})
        first, again, other, foreign, none = (ThingsForm(MultiDict(each)).once for each in sent)
        assert (first == again, len({first, other, foreign}), none) == (True, 3, None)


def test_a_button_asks_first_then_acts(visit_as):
    client = visit_as(Role.VIEWER)
    asked = client.post("/admin/thing/tekan/", data={"id": "7"})
    assert ["Sungguh?" in asked.text, "<li>dua</li>" in asked.text, '<input type="hidden" name="id" value="7">' in asked.text] == [True] * 3
    done = client.post("/admin/thing/tekan/", data={"id": "7", "confirmed": "1"})
    assert (done.status_code, done.location) == (303, "/sesudah")
    client.post("/admin/thing/tekan/", data={"salah": "1", "confirmed": "1"})
    shown = client.get("/admin/thing/").text
    assert [text in shown for text in ("Terjadi.", "Tidak bisa.")] == [True, True]


# Fields


class EveryForm(PanelForm):
    number = DecimalComma("Angka")
    whole = WholeNumber("Bulat")
    moment = LocalDateTime("Waktu")
    document = JSONText("Dokumen")
    lines = LineList("Baris")
    one = Choice("Satu", choices=[(1, "Satu"), (2, "Dua")], coerce=int)
    many = Choices("Banyak", choices=lambda: [(1, "Satu"), (2, "Dua")], coerce=int)
    flag = wtforms.BooleanField("Ya")


def read(**typed):
    with _app().test_request_context():
        form = EveryForm(MultiDict(list(typed.items())))
        return form.validate(), {name: form[name].data for name in typed}


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ({"number": "1.234,5"}, Decimal("1234.5")),
        ({"number": "-0,25"}, Decimal("-0.25")),
        ({"whole": "2147483647"}, 2147483647),
        ({"moment": "2026-11-24T00:00"}, datetime(2026, 11, 23, 16, tzinfo=UTC)),
        ({"document": "[1]"}, [1]),
        ({"lines": "a\r\n\r\n b "}, ["a", "b"]),
        ({"one": "2"}, 2),
        ({"one": ""}, None),
        ({"many": "1"}, [1]),
    ],
)
def test_what_is_typed_becomes_a_value(typed, value):
    assert read(**typed) == (True, dict.fromkeys(typed, value))


@pytest.mark.parametrize(
    "typed",
    [{"number": "satu"}, {"whole": "2147483648"}, {"whole": "1,0"}, {"moment": "besok"}, {"document": "{"}, {"one": "3"}, {"one": "x"},
     {"many": "3"}, {"many": "x"}],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(typed):
    assert read(**typed)[0] is False


def test_a_field_says_what_a_person_would_read():
    with _app().test_request_context():
        form = EveryForm(data={"number": Decimal("12.5"), "one": 2, "many": [1, 2], "flag": True, "lines": ["a", "b"]})
        shown = {field.name: text_of(field) for field in form}
    assert shown == {
        "number": "12,5", "whole": "", "moment": "", "document": "", "lines": "a\nb", "one": "Dua", "many": "Satu, Dua", "flag": "ya",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(248, 3), "82,6667"), (Decimal("12.50"), "12,5"), ("17.5", "17,5"), (100, "100"), (None, "–")],
)
def test_numbers_have_a_comma(value, text):
    assert show.number(value) == text


def test_a_float_has_no_place_in_the_award():
    with pytest.raises(TypeError):
        show.number(0.1)


def test_moments_are_shown_in_wita():
    assert show.moment(datetime(2026, 11, 24, 16, 5, tzinfo=UTC)) == "25 November 2026 pukul 00.05 WITA"
    with pytest.raises(ValueError, match="aware"):
        show.moment(datetime(2026, 11, 24, 16, 5))  # noqa: DTZ001  # a naive moment is the point


@pytest.mark.parametrize(
    ("value", "text"),
    [("=1+1", "'=1+1"), ("+62", "+62"), ("-12,5", "-12,5"), ("@x", "'@x"), ("\tx", "'\tx"), ("-x", "'-x"), (None, ""), ("biasa", "biasa")],
)
def test_no_text_of_a_file_is_a_formula(value, text):
    assert formula_safe(value) == text
