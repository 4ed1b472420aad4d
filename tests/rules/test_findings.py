"""Two names that look the same to a reader are the same name."""

from sipetruk.rules.findings import doubled, error, same_words, warning


def test_case_and_blanks_tell_no_names_apart():
    assert same_words("  Inovasi\tDAERAH ") == "inovasi daerah"
    assert doubled(["A b", "C", "a  B", "c ", "A B"]) == {2: "A b", 3: "C", 4: "A b"}


def test_a_finding_is_a_problem_at_its_place():
    found = error("components", "a", text="Nama %(label)s.", label="A")
    assert (found.severity, found.path, found.message, found.problem.code) == ("error", ("components", "a"), "Nama A.", "BAD_USER_INPUT")
    assert (warning(text="Nama.").severity, warning(text="Nama.").message) == ("warning", "Nama.")
