"""Two documents of the trail side by side: what differs, under which label, in which words."""

import pytest

from sipetruk.rules.differences import LONGEST, MOST, Difference, tell


def told(before, after, labels=None, about=()):
    return tell(before, after, labels=labels or {}, word=lambda _key, _value: None, about=frozenset(about))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, None, []),
        ({"name": "a"}, {"name": "a"}, []),
        ({"name": "a"}, {"name": "b"}, [("Nama", "a", "b")]),
        (None, {"name": "a"}, [("Nama", "–", "a")]),
        ({"name": "a"}, None, [("Nama", "a", "–")]),
        (None, {"name": ""}, []),
        ({"on": True}, {"on": False}, [("on", "ya", "tidak")]),
        (None, {"due_on": "2024-11-24"}, [("due on", "–", "24 November 2024")]),
        (None, {"due_on": "2024-13-24"}, [("due on", "–", "2024-13-24")]),
        (None, {"at": "2024-11-24T23:05:09+00:00"}, [("at", "–", "25 November 2024 pukul 07.05 WITA")]),
        (None, {"at": "2024-11-24T23:05:09.25+00:00"}, [("at", "–", "25 November 2024 pukul 07.05 WITA")]),
        (None, {"at": "2024-11-24T25:05:09+00:00"}, [("at", "–", "2024-11-24T25:05:09+00:00")]),
        (None, {"list": [{"name": "a"}]}, [("list", "–", "Nama: a")]),
        (None, {"list": [{"inner": {"name": "a"}}]}, [("list", "–", "inner: Nama: a")]),
        (None, {"window": ["2024-11-24", "2024-11-25"]}, [("window", "–", "24 November 2024 sampai 25 November 2024")]),
        (None, {"sha256": "a" * 64}, [("sha256", "–", "aaaaaaaaaaaa…")]),
        (None, {"list": [1, 2]}, [("list", "–", "1, 2")]),
        (None, {"list": [{"a": 1, "b": None}, {"a": 2}]}, [("list", "–", "a: 1, b: –\na: 2")]),
        ({"deep": {"name": "a", "same": 1}}, {"deep": {"name": "b", "same": 1}}, [("deep · Nama", "a", "b")]),
        ("teks", "lain", [("isi", "teks", "lain")]),
        ({"nip": "1986"}, {"nip": "1987"}, [("nip", "(tidak ditampilkan)", "(tidak ditampilkan)")]),
        ({"phone": ""}, {"phone": "0812"}, [("phone", "–", "(tidak ditampilkan)")]),
        ({"secret": {"a": 1, "b": 2}}, {"secret": {"a": 1, "b": 3}}, [("secret", "(tidak ditampilkan)", "(tidak ditampilkan)")]),
        ({"email": None}, {"email": []}, [("email", "–", "–")]),
        ({"deep": {}}, {"deep": {"name": ""}}, []),
        ({"deep": {}}, {"deep": {"a_b": [[1], {}]}}, [("deep · a b", "–", "1\n–")]),
        ({"n": 0}, {"n": 1.5}, [("n", "0", "1.5")]),
        ({"on": True}, {}, [("on", "ya", "–")]),
        (None, {"days": ["2024-11-24"]}, [("days", "–", "24 November 2024")]),
        (None, {"days": ["2024-11-24", "besok"]}, [("days", "–", "24 November 2024, besok")]),
        (None, {"days": ["2024-11-24", "2024-11-25", "2024-11-26"]}, [
            ("days", "–", "24 November 2024, 25 November 2024, 26 November 2024")
        ]),
        ({"sha": "a" * 12 + "b" * 52}, {"sha": "a" * 12 + "c" * 52}, [("sha", "aaaaaaaaaaaa…", "aaaaaaaaaaaa…")]),
        ({"sha": "a" * 63}, {"sha": "G" * 64}, [("sha", "a" * 63, "G" * 64)]),
        ({"long": "x" * LONGEST + "a"}, {"long": "x" * LONGEST + "b"}, [("long", "x" * LONGEST + "…", "x" * LONGEST + "…")]),
        (None, {"long": "x" * LONGEST}, [("long", "–", "x" * LONGEST)]),
        ("teks", None, [("isi", "teks", "–")]),
        (None, ["a", "b"], [("isi", "–", "a, b")]),
    ],
)  # fmt: skip
def test_what_differs_is_told_in_words(before, after, expected):
    assert [(each.label, each.before, each.after) for each in told(before, after, {"name": "Nama"}).differences] == expected


def test_what_an_entry_is_about_is_no_difference():
    found = told({"code": "a", "verdict": "x"}, {"code": "a", "verdict": "y"}, about={"code"})
    assert (found.about, found.differences) == ((("code", "a"),), (Difference(("verdict",), "verdict", "x", "y"),))


@pytest.mark.parametrize(
    ("before", "after", "told_about"),
    [
        ({"code": "a"}, {"code": "a"}, [("code", "a")]),
        (None, {"code": "a"}, [("code", "a")]),
        ({"code": "a"}, None, [("code", "a")]),
        ({"code": "a"}, {"code": "b"}, []),
        ({"code": ["a"]}, {"code": ["a"]}, []),
        ({"part": {"code": "a"}}, {"part": {"code": "a"}}, [("part · code", "a")]),
        ({"other": "a"}, {"other": "a"}, []),
    ],
)
def test_what_an_entry_is_about_does_not_differ(before, after, told_about):
    found = told(before, after, about={"code"})
    assert list(found.about) == told_about
    assert len(found.differences) == (before == {"code": "a"} and after == {"code": "b"})


def test_words_and_labels_of_ones_own_come_first():
    def word(key, value):
        return {("state", "draft"): "Draf", ("state", ""): "belum ada"}.get((key, value))

    labels = {"part.state": "Keadaan bagian", "part": "Bagian"}
    found = tell({"part": {"state": "draft", "kind_of": 1}}, {"part": {"state": "", "kind_of": 2}}, labels=labels, word=word)
    assert found.differences == (
        Difference(("part", "state"), "Keadaan bagian", "Draf", "belum ada"),
        Difference(("part", "kind_of"), "Bagian · kind of", "1", "2"),
    )
    assert found.left_out == 0


def test_members_of_a_list_are_told_under_their_own_names():
    def word(key, value):
        return "Draf" if (key, value) == ("state", "draft") else None

    assert tell(None, {"state": "draft"}, labels={}, word=word, about=frozenset({"state"})).about == (("state", "Draf"),)
    before, after = {"people": []}, {"people": [{"nip": "1986", "state": "draft"}], "state": ["draft", "lain"]}
    found = tell(before, after, labels={}, word=word)
    assert [(each.label, each.after) for each in found.differences] == [
        ("people", "nip: (tidak ditampilkan), state: Draf"),
        ("state", "Draf, lain"),
    ]


def test_the_order_is_that_of_the_labels():
    found = told({"a": 1, "b": 1, "c": 1}, {"a": 2, "b": 2, "c": 2}, {"c": "C", "a": "A"})
    assert [each.label for each in found.differences] == ["C", "A", "b"]


def test_what_is_long_is_cut_and_counted():
    found = told(None, {f"k{n}": "x" * (LONGEST + 1) for n in range(MOST + 3)})
    assert (len(found.differences), found.left_out, len(found.differences[0].after)) == (MOST, 3, LONGEST + 1)
