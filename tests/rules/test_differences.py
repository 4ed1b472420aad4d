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
        (None, {"window": ["2024-11-24", "2024-11-25"]}, [("window", "–", "24 November 2024 sampai 25 November 2024")]),
        (None, {"sha256": "a" * 64}, [("sha256", "–", "aaaaaaaaaaaa…")]),
        (None, {"list": [1, 2]}, [("list", "–", "1, 2")]),
        (None, {"list": [{"a": 1, "b": None}, {"a": 2}]}, [("list", "–", "a: 1, b: –\na: 2")]),
        ({"deep": {"name": "a", "same": 1}}, {"deep": {"name": "b", "same": 1}}, [("deep · Nama", "a", "b")]),
        ("teks", "lain", [("isi", "teks", "lain")]),
        ({"nip": "1986"}, {"nip": "1987"}, [("nip", "(tidak ditampilkan)", "(tidak ditampilkan)")]),
        ({"phone": ""}, {"phone": "0812"}, [("phone", "–", "(tidak ditampilkan)")]),
    ],
)
def test_what_differs_is_told_in_words(before, after, expected):
    assert [(each.label, each.before, each.after) for each in told(before, after, {"name": "Nama"}).differences] == expected


def test_what_an_entry_is_about_is_no_difference():
    found = told({"code": "a", "verdict": "x"}, {"code": "a", "verdict": "y"}, about={"code"})
    assert (found.about, found.differences) == ((("code", "a"),), (Difference(("verdict",), "verdict", "x", "y"),))


def test_the_order_is_that_of_the_labels():
    found = told({"a": 1, "b": 1, "c": 1}, {"a": 2, "b": 2, "c": 2}, {"c": "C", "a": "A"})
    assert [each.label for each in found.differences] == ["C", "A", "b"]


def test_what_is_long_is_cut_and_counted():
    found = told(None, {f"k{n}": "x" * (LONGEST + 1) for n in range(MOST + 3)})
    assert (len(found.differences), found.left_out, len(found.differences[0].after)) == (MOST, 3, LONGEST + 1)
