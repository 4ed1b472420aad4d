"""A return is answered point by point: by a reply, or by something new where the verifier looked."""

from sipetruk.rules.returning import Point, is_renewed, to_answer, unanswered


def test_the_reason_every_note_and_every_lacking_obligatory_file_are_points():
    verdicts = {"foto": ("absent", ""), "ktp": ("absent", ""), "proposal": ("present", "Tanda tangan kabur."), "skp": ("present", "")}
    assert to_answer(verdicts, ["ktp", "proposal", "skp"]) == ("", "ktp", "proposal")
    assert to_answer({}, ["ktp"]) == ("",)


def test_only_what_was_not_there_before_renews():
    cases = [((), ()), (("a",), ()), (("a",), ("a",)), (("a", "b"), ("b",)), ((), ("a",)), (("a",), ("a", "b")), (("a",), ("b",))]
    assert [is_renewed(*case) for case in cases] == [False, False, False, False, True, True, True]


def test_a_point_is_answered_in_words_or_by_something_new():
    points = [
        Point("", "", "", False),
        Point("ktp", "KTP", "", False),
        Point("skp", "SKP", "Sudah benar.", False),
        Point("a", "A", "", True),
    ]
    assert [(problem.path, problem.message) for problem in unanswered(points)] == [
        (("returnItems", ""), "Jawab alasan pengembalian, atau perbaiki isi usulan."),
        (("returnItems", "ktp"), "Jawab catatan verifikator tentang “KTP”, atau ganti berkasnya."),
    ]
