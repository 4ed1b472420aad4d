"""What-if methods of multi-criteria decision making over one decision matrix. Never official.

Their values depend on who else takes part, which is why the award does not use them. Each method refuses (Invalid, in
Indonesian, naming alternative and criterion) what it is not defined for; nothing is repaired silently.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import fsum, prod, sqrt

from sipetruk.errors import Invalid, Problem
from sipetruk.rules.analysis.outcome import places

BENEFIT, COST = KINDS = ("benefit", "cost")
RATIO, MAX, MINMAX, SUM, VECTOR = NORMALISATIONS = ("ratio", "max", "minmax", "sum", "vector")
SAW_LABELS = {
    RATIO: "SAW, normalisasi rasio (maks/min)",
    MAX: "SAW, normalisasi maksimum",
    MINMAX: "SAW, normalisasi min-maks",
    SUM: "SAW, normalisasi jumlah",
    VECTOR: "SAW, normalisasi vektor",
}
WP = "WP (Weighted Product)"
WPM = "WPM (Weighted Product Model)"
TOPSIS = "TOPSIS"
MOORA = "MOORA"
CPI = "CPI (Composite Performance Index)"


@dataclass(frozen=True)
class Criterion:
    """One column: `weight` is its importance in relation to the others (basis points, or 1 to 5); `kind` is one of KINDS.
    Never official.
    """

    code: str
    label: str
    weight: int
    kind: str = BENEFIT


@dataclass(frozen=True)
class Matrix:
    """One row of values per alternative, one value per criterion; None is missing. Never official."""

    alternatives: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    values: tuple[tuple[Fraction | int | None, ...], ...]


@dataclass(frozen=True)
class Column:
    """A step of the calculation with one number per alternative, as the page shows it. Never official."""

    label: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Outcome:
    """Value and place of every alternative, in the order of the matrix; the highest value is best. Never official.

    `columns` are the steps before the value, `source` names where the method is from.
    """

    method: str
    label: str
    source: str
    alternatives: tuple[str, ...]
    values: tuple[float, ...]
    ranks: tuple[int, ...]
    columns: tuple[Column, ...] = ()


_Rows = list[list[float]]
_Scale = Callable[[Sequence[float], str], list[float]]

_SAW_SOURCE = "Fishburn (1967); Hwang & Yoon (1981)"


def saw(matrix: Matrix, normalisation: str = RATIO) -> Outcome:
    """Simple additive weighting: V = sum of w r, with weights that sum to 1.

    r of a benefit / a cost x in a column: `ratio` x/max, min/x · `max` x/max, 1 - x/max · `minmax` (x - min)/(max - min),
    (max - x)/(max - min) · `sum` x/sum, (1/x)/sum of 1/x · `vector` x/norm, 1 - x/norm, with norm the root of the sum of
    squares. Values must be at least 0; what is divided by must not be 0.
    """
    if normalisation not in NORMALISATIONS:
        raise ValueError(f"unknown normalisation {normalisation!r}")
    label = SAW_LABELS[normalisation]
    rows = _read(matrix, label)
    if normalisation in {RATIO, SUM}:
        _require_positive(matrix, rows, label, only=COST)
    _require_divisor(matrix, rows, label, spread=normalisation == MINMAX)
    columns = [_NORMALISED[normalisation](column, kind) for column, kind in _columns(matrix, rows)]
    weights = _weights(matrix)
    values = [fsum(weight * r for weight, r in zip(weights, row, strict=True)) for row in zip(*columns, strict=True)]
    return _outcome(f"saw-{normalisation}", label, _SAW_SOURCE, matrix, values)


def weighted_product(matrix: Matrix) -> Outcome:
    """Weighted Product as Indonesian textbooks have it: S = product of x^w (x^-w for a cost), V = S / sum of S.

    Values must be above 0. Sources: Yoon (1989); Kusumadewi et al. (2006), "Fuzzy Multi-Attribute Decision Making".
    """
    label = WP
    rows = _read(matrix, label)
    _require_positive(matrix, rows, label)
    signs = [1 if criterion.kind == BENEFIT else -1 for criterion in matrix.criteria]
    powers = [sign * weight for sign, weight in zip(signs, _weights(matrix), strict=True)]
    products = [_product(row, powers) for row in rows]
    whole = fsum(products)
    values = [product / whole for product in products]
    return _outcome("wp", label, "Kusumadewi dkk. (2006)", matrix, values, Column("Vektor S", tuple(products)))


def weighted_product_model(matrix: Matrix) -> Outcome:
    """The dimensionless product of ratios to the best value of each column: product of (x/max)^w, (min/x)^w for a cost.

    In (0, 1]; the ratio of two values is the R(A/B) of Triantaphyllou (2000), "Multi-Criteria Decision Making Methods: A
    Comparative Study", section 2.2.2, and 1 is reached by an alternative that is best everywhere. Values must be above 0.
    """
    label = WPM
    rows = _read(matrix, label)
    _require_positive(matrix, rows, label)
    columns = [_ratio(column, kind) for column, kind in _columns(matrix, rows)]
    weights = _weights(matrix)
    values = [_product(row, weights) for row in zip(*columns, strict=True)]
    return _outcome("wpm", label, "Bridgman (1922); Triantaphyllou (2000)", matrix, values)


def topsis(matrix: Matrix) -> Outcome:
    """Closeness to the ideal: V = D- / (D+ + D-), distances to the best and the worst of the weighted vector-normalised columns.

    In [0, 1]. Source: Hwang & Yoon (1981), "Multiple Attribute Decision Making". Not defined where all alternatives are equal.
    """
    label = TOPSIS
    rows = _read(matrix, label)
    _require_divisor(matrix, rows, label)
    weights = _weights(matrix)
    columns = [[weight * r for r in _over_norm(column)] for weight, (column, _) in zip(weights, _columns(matrix, rows), strict=True)]
    costs = [criterion.kind == COST for criterion in matrix.criteria]
    best = [min(column) if cost else max(column) for column, cost in zip(columns, costs, strict=True)]
    worst = [max(column) if cost else min(column) for column, cost in zip(columns, costs, strict=True)]
    to_best = [_distance(row, best) for row in zip(*columns, strict=True)]
    to_worst = [_distance(row, worst) for row in zip(*columns, strict=True)]
    if not max(to_best):
        raise Invalid("%(method)s tidak dapat dihitung: semua alternatif bernilai sama.", method=label)
    values = [far / (near + far) for near, far in zip(to_best, to_worst, strict=True)]
    steps = (Column("D+", tuple(to_best)), Column("D-", tuple(to_worst)))
    return _outcome("topsis", label, "Hwang & Yoon (1981)", matrix, values, *steps)


def moora(matrix: Matrix) -> Outcome:
    """The ratio system of MOORA: Y = sum of w x/norm over benefits less the same over costs.

    Source: Brauers & Zavadskas (2006), Control and Cybernetics 35(2), 445-469. Values may have any sign; a column of zeros
    has no norm.
    """
    label = MOORA
    rows = _read(matrix, label, least=None)
    _require_divisor(matrix, rows, label)
    weighted = list(zip(_weights(matrix), [_over_norm(column) for column, _ in _columns(matrix, rows)], matrix.criteria, strict=True))
    gain = [fsum(weight * column[at] for weight, column, by in weighted if by.kind == BENEFIT) for at in range(len(rows))]
    loss = [fsum(weight * column[at] for weight, column, by in weighted if by.kind == COST) for at in range(len(rows))]
    values = [plus - minus for plus, minus in zip(gain, loss, strict=True)]
    steps = (Column("Jumlah keuntungan", tuple(gain)), Column("Jumlah biaya", tuple(loss)))
    return _outcome("moora", label, "Brauers & Zavadskas (2006)", matrix, values, *steps)


def cpi(matrix: Matrix) -> Outcome:
    """Composite Performance Index: the minimum of each column is 100; benefits x/min x 100, costs min/x x 100, then weighted.

    Source: Marimin (2004), "Teknik dan Aplikasi Pengambilan Keputusan Kriteria Majemuk". Values must be above 0.
    """
    label = CPI
    rows = _read(matrix, label)
    _require_positive(matrix, rows, label)
    weights = _weights(matrix)
    columns = [[100 * (x / min(column) if kind == BENEFIT else min(column) / x) for x in column] for column, kind in _columns(matrix, rows)]
    values = [fsum(weight * r for weight, r in zip(weights, row, strict=True)) for row in zip(*columns, strict=True)]
    return _outcome("cpi", label, "Marimin (2004)", matrix, values)


def _read(matrix: Matrix, label: str, least: int | None = 0) -> _Rows:
    """The values as floats; refuses what is missing or below `least`, and a matrix without alternatives or weights."""
    if not matrix.alternatives or not matrix.criteria:
        raise Invalid("%(method)s tidak dapat dihitung: tidak ada alternatif atau kriteria.", method=label)
    problems = [
        _problem(template, matrix, row, column, label)
        for row, values in enumerate(matrix.values)
        for column, value in enumerate(values)
        for template in [_unusable(value, least)]
        if template
    ]
    if problems:
        raise Invalid(problems)
    if min(criterion.weight for criterion in matrix.criteria) < 0 or not sum(criterion.weight for criterion in matrix.criteria):
        raise Invalid("%(method)s tidak dapat dihitung: bobot tidak boleh negatif dan tidak boleh semuanya nol.", method=label)
    return [[float(value) for value in values if value is not None] for values in matrix.values]


def _unusable(value: Fraction | int | None, least: int | None) -> str:
    if value is None:
        return "%(method)s tidak dapat dihitung: nilai %(alternative)s pada %(criterion)s tidak ada."
    if least is not None and value < least:
        return "%(method)s tidak dapat dihitung: nilai %(alternative)s pada %(criterion)s kurang dari nol."
    return ""


def _require_positive(matrix: Matrix, rows: _Rows, label: str, only: str | None = None) -> None:
    template = "%(method)s tidak dapat dihitung: nilai %(alternative)s pada %(criterion)s adalah nol."
    problems = [
        _problem(template, matrix, row, column, label)
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
        if not value and only in {None, matrix.criteria[column].kind}
    ]
    if problems:
        raise Invalid(problems)


def _require_divisor(matrix: Matrix, rows: _Rows, label: str, *, spread: bool = False) -> None:
    """Refuses columns of zeros, and with `spread` columns of equal values."""
    zeros = "%(method)s tidak dapat dihitung: semua alternatif bernilai nol pada %(criterion)s."
    equals = "%(method)s tidak dapat dihitung: semua alternatif bernilai sama pada %(criterion)s."
    problems = []
    for criterion, column in zip(matrix.criteria, zip(*rows, strict=True), strict=True):
        if (spread and min(column) == max(column)) or not any(column):
            params = {"method": label, "criterion": criterion.label}
            problems.append(Problem(equals if spread else zeros, (criterion.code,), params=params))
    if problems:
        raise Invalid(problems)


def _problem(template: str, matrix: Matrix, row: int, column: int, label: str) -> Problem:
    alternative, criterion = matrix.alternatives[row], matrix.criteria[column]
    params: Mapping[str, object] = {"method": label, "alternative": alternative, "criterion": criterion.label}
    return Problem(template, (alternative, criterion.code), params=params)


def _weights(matrix: Matrix) -> list[float]:
    whole = sum(criterion.weight for criterion in matrix.criteria)
    return [criterion.weight / whole for criterion in matrix.criteria]


def _columns(matrix: Matrix, rows: _Rows) -> list[tuple[tuple[float, ...], str]]:
    return [(column, criterion.kind) for column, criterion in zip(zip(*rows, strict=True), matrix.criteria, strict=True)]


def _ratio(column: Sequence[float], kind: str) -> list[float]:
    return [x / max(column) for x in column] if kind == BENEFIT else [min(column) / x for x in column]


def _over_max(column: Sequence[float], kind: str) -> list[float]:
    return [x / max(column) if kind == BENEFIT else 1 - x / max(column) for x in column]


def _over_range(column: Sequence[float], kind: str) -> list[float]:
    low, high = min(column), max(column)
    return [(x - low if kind == BENEFIT else high - x) / (high - low) for x in column]


def _over_sum(column: Sequence[float], kind: str) -> list[float]:
    shares = list(column) if kind == BENEFIT else [1 / x for x in column]
    whole = fsum(shares)
    return [share / whole for share in shares]


def _over_vector(column: Sequence[float], kind: str) -> list[float]:
    return [r if kind == BENEFIT else 1 - r for r in _over_norm(column)]


_NORMALISED: Mapping[str, _Scale] = {RATIO: _ratio, MAX: _over_max, MINMAX: _over_range, SUM: _over_sum, VECTOR: _over_vector}


def _over_norm(column: Sequence[float]) -> list[float]:
    norm = sqrt(fsum(x * x for x in column))
    return [x / norm for x in column]


def _product(row: Sequence[float], powers: Sequence[float]) -> float:
    return prod([float(x**power) for x, power in zip(row, powers, strict=True)])


def _distance(row: Sequence[float], other: Sequence[float]) -> float:
    return sqrt(fsum((x - y) ** 2 for x, y in zip(row, other, strict=True)))


def _outcome(method: str, label: str, source: str, matrix: Matrix, values: Sequence[float], *columns: Column) -> Outcome:
    return Outcome(method, label, source, matrix.alternatives, tuple(values), places(values), columns)
