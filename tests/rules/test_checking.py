"""Whatever file is checked: it is told what it is, whether it holds, and by which hash it is known."""

from sipetruk.rules import announcement, seal
from sipetruk.rules.checking import Check, check, check_bytes
from tests.rules.test_announcement import publication, ranking


def test_a_publication_that_holds_is_known_by_its_hash_and_another_by_what_is_wrong():
    file = publication()
    assert check(file) == Check("pengumuman", equal=True, differences=(), sha256=file[announcement.HASH])
    assert check_bytes(seal.canonical(file)) == check(file)
    file["number"] = 0
    assert check(file) == Check("pengumuman", equal=False, differences=("number: Harus antara 1 dan 1000000.",), sha256="")
    assert len(check({"format": announcement.FORMAT, **dict.fromkeys("abcdefghijk", 1)}).differences) == 10


def test_a_sealed_ranking_is_recomputed_by_the_same_door():
    sealed = ranking()
    file = seal.document(sealed)
    assert check(file) == Check("pemeringkatan", equal=True, differences=(), sha256=sealed.result_sha256)
    found = check({**file, "input_sha256": "0" * 64})
    assert (found.kind, found.equal, found.sha256) == ("pemeringkatan", False, "")
    assert found.differences


def test_what_is_none_of_our_files_is_said_to_be_none():
    assert check_bytes(b"\xff") == Check("", equal=False, differences=("Berkas ini bukan JSON yang dapat dibaca.",))
    assert check([]) == Check("", equal=False, differences=("Berkas ini bukan dokumen pemeringkatan SI PETRUK.",))
