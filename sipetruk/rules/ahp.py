"""Weights from comparing pairs (AHP, Saaty 1980): a proposal for an officer to accept, never an official number.

Judgements are exact ratios from 1/9 to 9. The column mean stays exact; the principal eigenvector is found with floats by
power iteration. What leaves here for an instrument are basis points that sum to 10 000.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import log

from sipetruk.errors import Invalid, Problem
from sipetruk.rules.exact import fraction

Matrix = tuple[tuple[Fraction, ...], ...]

SCALE = {
    1: "sama penting",
    2: "antara sama dan sedikit lebih penting",
    3: "sedikit lebih penting",
    4: "antara sedikit dan cukup lebih penting",
    5: "cukup lebih penting",
    6: "antara cukup dan jauh lebih penting",
    7: "jauh lebih penting",
    8: "antara jauh dan mutlak lebih penting",
    9: "mutlak lebih penting",
}
"""Saaty's scale of judgements in words."""

STEPS = (*(Fraction(n) for n in sorted(SCALE, reverse=True)), *(Fraction(1, n) for n in sorted(SCALE)[1:]))
"""Every judgement that the scale offers, from 9 down to 1/9."""

METHODS = {"eigenvector": "Vektor eigen utama", "column_mean": "Rata-rata kolom ternormalisasi"}
LAMBDA_METHODS = {
    "eigenvalue": "nilai eigen terbesar, iterasi pangkat",
    "mean_ratio": "rata-rata (A·w)/w",
    "column_sums": "jumlah kolom × bobot",
}
LAMBDA_OF = {"eigenvector": "eigenvalue", "column_mean": "mean_ratio"}
"""How the largest eigenvalue is found unless the caller says otherwise."""

RI_TABLE = "Saaty (1980)"
RANDOM_INDEX = {
    n: Fraction(value)
    for n, value in enumerate(
        ("0", "0", "0.58", "0.90", "1.12", "1.24", "1.32", "1.41", "1.45", "1.49", "1.51", "1.48", "1.56", "1.57", "1.59"), start=1
    )
}
"""The mean consistency index of random matrices by size, as printed by Saaty (1980)."""

MOST_THINGS = max(RANDOM_INDEX)
LARGEST = Fraction(max(SCALE))
ACCEPTABLE = Fraction(1, 10)
"""Saaty's limit for the consistency ratio."""
FULL_WEIGHT = 10_000
_ROUNDS = 1_000
_STILL = 1e-15
_NOISE = 10**12


@dataclass(frozen=True)
class Consistency:
    """How well judgements agree with each other; `ratio` is 0 for one or two things, which always do."""

    size: int
    lambda_max: float
    lambda_method: str
    index: float
    random_index: float
    ri_table: str
    ratio: float

    @property
    def is_acceptable(self) -> bool:
        return self.ratio <= ACCEPTABLE

    @property
    def verdict(self) -> str:
        """The ratio in Indonesian words."""
        if self.size < 3:
            return "selalu konsisten, karena hanya ada satu perbandingan atau tidak ada"
        if self.ratio < 1e-9:
            return "sepenuhnya konsisten"
        if self.is_acceptable:
            return "cukup konsisten"
        return "belum konsisten; tinjau lagi perbandingan yang paling menyimpang"


@dataclass(frozen=True)
class Deviation:
    """One judgement beside what the weights say: `factor` is how many times they differ, `suggested` the nearest on the scale."""

    first: int
    second: int
    given: Fraction
    implied: float
    suggested: Fraction
    factor: float


@dataclass(frozen=True)
class Weighing:
    """Weights with all that must be said beside them."""

    method: str
    weights: tuple[float, ...]
    basis_points: tuple[int, ...]
    consistency: Consistency
    deviations: tuple[Deviation, ...]
    """Judgements that differ from the weights, the most inconsistent first."""

    @property
    def worst(self) -> Deviation | None:
        return self.deviations[0] if self.deviations else None


def matrix(size: int, judgements: Mapping[tuple[int, int], object]) -> Matrix:
    """The reciprocal matrix from one judgement per pair (first, second), counted from 0; Invalid naming every bad or missing pair.

    A judgement says how many times the first is as important as the second: an int, a Fraction, or a text such as "1/3".
    """
    _require_size(size)
    problems: list[Problem] = []
    rows = [[Fraction(1)] * size for _ in range(size)]
    known: dict[tuple[int, int], Fraction] = {}
    for (first, second), value in judgements.items():
        if not 0 <= first < size or not 0 <= second < size or first == second:
            problems.append(_problem("Perbandingan %(pair)s tidak ada.", first, second))
            continue
        pair, ratio = (min(first, second), max(first, second)), _ratio(value)
        if ratio is None:
            problems.append(_problem("Perbandingan %(pair)s harus dari 1/9 sampai 9.", first, second))
            continue
        ratio = ratio if first < second else 1 / ratio
        if known.setdefault(pair, ratio) != ratio:
            problems.append(_problem("Perbandingan %(pair)s dijawab dua kali dan tidak saling berbalikan.", *pair))
    bad = {problem.path for problem in problems}
    for pair in combinations(range(size), 2):
        if pair in known:
            rows[pair[0]][pair[1]], rows[pair[1]][pair[0]] = known[pair], 1 / known[pair]
        elif not {_path(*pair), _path(*reversed(pair))} & bad:
            problems.append(_problem("Perbandingan %(pair)s belum dijawab.", *pair))
    if problems:
        raise Invalid(problems)
    return tuple(map(tuple, rows))


def reciprocal(rows: Sequence[Sequence[object]]) -> Matrix:
    """A whole matrix, checked: square, 1 on the diagonal, each value the inverse of the one across; Invalid otherwise."""
    size = len(rows)
    _require_size(size)
    if any(len(row) != size for row in rows):
        raise Invalid("Matriks perbandingan harus persegi.", "matrix")
    if any(_ratio(rows[at][at]) != 1 for at in range(size)):
        raise Invalid("Diagonal matriks perbandingan harus 1.", "matrix")
    return matrix(size, {(i, j): rows[i][j] for i in range(size) for j in range(size) if i != j})


def weigh(compared: Matrix, method: str = "eigenvector", lambda_method: str | None = None) -> Weighing:
    """Weights, basis points, consistency and the judgements that deviate."""
    found = weights(compared, method)
    return Weighing(
        method,
        tuple(map(float, found)),
        basis_points(found),
        consistency(compared, found, lambda_method or LAMBDA_OF[method]),
        deviations(compared, found),
    )


def weights(compared: Matrix, method: str = "eigenvector") -> tuple[Fraction | float, ...]:
    """One weight per thing, summing to 1: floats for the eigenvector, exact fractions for the column mean."""
    if method not in METHODS:
        raise Invalid("Cara menghitung bobot tidak dikenal.", "method")
    return _column_mean(compared) if method == "column_mean" else _eigenvector(compared)


def consistency(compared: Matrix, found: Sequence[Fraction | float], lambda_method: str = "eigenvalue") -> Consistency:
    """CI = (lambda - n) / (n - 1) and CR = CI / RI of the judgements under these weights."""
    size = len(compared)
    lambda_max = _lambda(compared, found, lambda_method)
    random_index = RANDOM_INDEX[size]
    if size < 3:
        return Consistency(size, float(size), lambda_method, 0.0, 0.0, RI_TABLE, 0.0)
    index = max(0.0, (float(lambda_max) - size) / (size - 1))
    ratio = index / float(random_index)
    return Consistency(size, float(lambda_max), lambda_method, index, float(random_index), RI_TABLE, ratio)


def deviations(compared: Matrix, found: Sequence[Fraction | float]) -> tuple[Deviation, ...]:
    """Every judgement that differs from the ratio of its weights, the farthest (by factor) first, else in the order of pairs."""
    listed = []
    for first, second in combinations(range(len(compared)), 2):
        given, implied = compared[first][second], float(found[first]) / float(found[second])
        factor = max(float(given) / implied, implied / float(given))
        if factor > 1 + 1e-9:
            listed.append(Deviation(first, second, given, implied, nearest(implied), factor))
    return tuple(sorted(listed, key=lambda each: (-round(each.factor, 9), each.first, each.second)))


def nearest(ratio: float) -> Fraction:
    """The judgement of the scale that is nearest to a ratio, by factor."""
    return min(STEPS, key=lambda step: abs(log(ratio) - log(step)))


def in_words(judgement: Fraction, first: str, second: str) -> str:
    """A judgement of the scale as a sentence: "Inovasi sedikit lebih penting daripada Disiplin".

    >>> in_words(Fraction(1, 3), "Disiplin", "Inovasi"), in_words(Fraction(1), "Disiplin", "Inovasi")
    ('Inovasi sedikit lebih penting daripada Disiplin', 'Disiplin sama penting dengan Inovasi')
    """
    if judgement == 1:
        return f"{first} {SCALE[1]} dengan {second}"
    if judgement < 1:
        return in_words(1 / judgement, second, first)
    return f"{first} {SCALE[int(judgement)]} daripada {second}"


def basis_points(found: Iterable[Fraction | float]) -> tuple[int, ...]:
    """The weights in basis points by largest remainder, the earlier one where remainders are equal; they sum to 10 000.

    Floats are first cut to 12 decimals so that equal weights are equal here as well. The weights need not sum to 1.
    """
    parts = [each if isinstance(each, Fraction) else Fraction(round(each * _NOISE), _NOISE) for each in found]
    whole = sum(parts, Fraction(0))
    if not parts or any(part < 0 for part in parts) or not whole:
        raise Invalid("Bobot tidak boleh negatif dan tidak boleh semuanya nol.", "weights")
    divided = [divmod(part * FULL_WEIGHT, whole) for part in parts]
    points = [int(floor) for floor, _ in divided]
    left = FULL_WEIGHT - sum(points)
    for at in sorted(range(len(points)), key=lambda at: -divided[at][1])[:left]:
        points[at] += 1
    return tuple(points)


def global_weights(
    parents: Sequence[Fraction | float], local: Sequence[Sequence[Fraction | float]]
) -> tuple[tuple[Fraction | float, ...], ...]:
    """The second level of a hierarchy: each local weight times the weight of its parent."""
    if len(parents) != len(local):
        raise Invalid("Setiap unsur tingkat pertama memerlukan bobot tingkat keduanya.", "local")
    return tuple(tuple(parent * each for each in group) for parent, group in zip(parents, local, strict=True))


def _column_mean(compared: Matrix) -> tuple[Fraction, ...]:
    sums = [sum(column, Fraction(0)) for column in zip(*compared, strict=True)]
    shares = [[value / whole for value, whole in zip(row, sums, strict=True)] for row in compared]
    return tuple(sum(row, Fraction(0)) / len(row) for row in shares)


def _eigenvector(compared: Matrix) -> tuple[float, ...]:
    """Power iteration; a positive matrix always converges (Perron and Frobenius)."""
    rows = [tuple(map(float, row)) for row in compared]
    found = [1 / len(rows)] * len(rows)
    for _ in range(_ROUNDS):
        product = _product(rows, found)
        whole = sum(product)
        following = [each / whole for each in product]
        is_still = max(abs(new - old) for new, old in zip(following, found, strict=True)) < _STILL
        found = following
        if is_still:
            break
    return tuple(found)


def _lambda(compared: Matrix, found: Sequence[Fraction | float], lambda_method: str) -> float:
    rows = [[float(value) for value in row] for row in compared]
    vector = [float(weight) for weight in found]
    product = _product(rows, vector)
    match lambda_method:
        case "eigenvalue":
            return sum(product) / sum(vector)
        case "mean_ratio":
            return sum(each / weight for each, weight in zip(product, vector, strict=True)) / len(vector)
        case "column_sums":
            sums = [sum(row[at] for row in rows) for at in range(len(rows))]
            return sum(whole * weight for whole, weight in zip(sums, vector, strict=True))
    raise Invalid("Cara menghitung lambda tidak dikenal.", "lambdaMethod")


def _product(rows: Sequence[Sequence[float]], vector: Sequence[float]) -> list[float]:
    return [sum(value * weight for value, weight in zip(row, vector, strict=True)) for row in rows]


def _ratio(value: object) -> Fraction | None:
    """A judgement, None when it is no number or off the scale; a float is a fault of the caller."""
    try:
        ratio = fraction(value)
    except ValueError:
        return None
    return ratio if 1 / LARGEST <= ratio <= LARGEST else None


def _require_size(size: int) -> None:
    if not 1 <= size <= MOST_THINGS:
        raise Invalid("Yang dibandingkan harus 1 sampai %(most)s.", "matrix", most=MOST_THINGS)


def _path(first: int, second: int) -> tuple[str, ...]:
    return ("judgements", f"{first}-{second}")


def _problem(template: str, first: int, second: int) -> Problem:
    return Problem(template, _path(first, second), params={"pair": f"{first + 1} dan {second + 1}"})
