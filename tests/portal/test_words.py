"""Dates, numbers and bars as they read."""

import pytest

from sipetruk.portal import words


@pytest.fixture(autouse=True)
def in_a_request(app):
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-24", "24 November 2026"),
        ("2026-11-24T15:59:59Z", "24 November 2026"),
        ("2026-11-24T16:00:00Z", "25 November 2026"),
        ("2024-05-01", "1 Mei 2024"),
    ],
)
def test_a_day_is_a_day_in_wita(value, expected):
    assert words.day(value) == expected


def test_a_moment_is_shown_in_wita():
    assert words.moment("2026-11-24T06:05:00Z") == "24 November 2026 pukul 14.05 WITA"


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2024-10-01", "2024-10-15", "1–15 Oktober 2024"),
        ("2024-10-28", "2024-11-03", "28 Oktober – 3 November 2024"),
        ("2026-12-27", "2027-01-01", "27 Desember 2026 – 1 Januari 2027"),
        ("2024-10-01", "2024-10-01", "1 Oktober 2024"),
    ],
)
def test_a_span_says_each_part_once(first, last, expected):
    assert words.span(first, last) == expected


def test_decimals_have_a_comma():
    assert [words.number("82.67"), words.number("100"), words.number("0.50")] == ["82,67", "100", "0,50"]


def test_sizes_of_files():
    assert [words.size(1), words.size(310 * 1024), words.size(2516582)] == ["1 KB", "310 KB", "2,4 MB"]


def test_a_bar_shows_each_component_and_what_is_left():
    components = [{"score": "90.00", "maximum": "100"}, {"score": "60.00", "maximum": "100"}]
    assert words.segments(components) == [
        {"start": "0.00", "width": "44.50"},
        {"start": "45.00", "width": "29.50"},
        {"start": "75.00", "width": "24.50"},
    ]


def test_a_part_of_nothing_is_nothing():
    assert [words.share(3, 4), words.share(0, 0), words.share("98.40", "100"), words.share("30", "40")] == ["75.00", "0", "98.40", "75.00"]


@pytest.mark.parametrize(
    ("maxima", "expected"), [(["60", "40"], True), (["100"], True), (["100", "100", "100"], False), (["120", "80"], False)]
)
def test_components_add_up_when_their_maxima_make_the_full_score(maxima, expected):
    assert words.adds_up([{"score": "1", "maximum": maximum} for maximum in maxima]) is expected


def test_units_with_winners_come_first_then_those_with_many_nominations():
    rows = [("Dishub", 1, 0), ("Dinkes", 1, 0), ("Bappeda", 3, 0), ("Disdik", 1, 1), ("Dinsos", 2, 1)]
    units = [{"name": name, "nominations": nominations, "winners": winners} for name, nominations, winners in rows]
    assert [unit["name"] for unit in words.busiest(units)] == ["Dinsos", "Disdik", "Bappeda", "Dinkes", "Dishub"]


@pytest.mark.parametrize(
    ("accept", "files", "expected"),
    [
        (["pdf"], 1, "PDF, paling besar 5 MB"),
        (["pdf", "jpg", "png"], 10, "PDF, JPG atau PNG, paling besar 5 MB, paling banyak 10 berkas"),
    ],
)
def test_accepted_files_in_words(accept, files, expected):
    assert words.accepted_files({"accept": accept, "maxMegabytes": 5, "maxFiles": files}) == expected


def test_lines_become_paragraphs_and_stay_text():
    assert words.paragraphs("Satu <b>\n\n Dua ") == "<p>Satu &lt;b&gt;</p><p>Dua</p>"
