"""Profile matching: how near each alternative comes to a wanted profile of levels, by gap, core and secondary factor. Never official."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sipetruk.errors import Invalid, Problem
from sipetruk.rules.analysis.methods import Column, Outcome
from sipetruk.rules.analysis.outcome import places

GAP_VALUE: Mapping[int, Fraction] = {
    0: Fraction(5),
    1: Fraction(9, 2),
    -1: Fraction(4),
    2: Fraction(7, 2),
    -2: Fraction(3),
    3: Fraction(5, 2),
    -3: Fraction(2),
    4: Fraction(3, 2),
    -4: Fraction(1),
}
"""Gap (level less wanted level) -> bobot nilai; Kusrini (2007), "Konsep dan Aplikasi Sistem Pendukung Keputusan"."""
CORE_SHARE = Fraction(60, 100)
LABEL = "Profile matching"
SOURCE = "Kusrini (2007)"


@dataclass(frozen=True)
class Factor:
    """One criterion of the profile: wanted level 1 to 5, the aspect it belongs to, core or secondary. Never official."""

    code: str
    label: str
    target: int
    core: bool
    aspect: str = ""


def profile_matching(
    alternatives: Sequence[str],
    factors: Sequence[Factor],
    levels: Sequence[Sequence[int | None]],
    aspects: Mapping[str, int] | None = None,
    core_share: Fraction = CORE_SHARE,
) -> Outcome:
    """N = core share x NCF + secondary share x NSF for every aspect, then the mean of the aspects by their weights.

    `levels` holds one row per alternative, one level (1 to 5) per factor. NCF and NSF are the mean bobot nilai of the core
    and of the secondary factors of an aspect. `aspects` maps aspect -> weight; equal weights without it. Values in [1, 5].
    """
    names = list(dict.fromkeys(factor.aspect for factor in factors))
    weights = dict.fromkeys(names, 1) if aspects is None else {name: aspects[name] for name in names}
    _require_both_kinds(factors, names)
    gaps = _gap_values(alternatives, factors, levels)
    whole = sum(weights.values())
    columns: list[Column] = []
    totals = [Fraction(0)] * len(alternatives)
    for name in names:
        core = [_mean_of(row, factors, name, core=True) for row in gaps]
        secondary = [_mean_of(row, factors, name, core=False) for row in gaps]
        parts = [core_share * c + (1 - core_share) * s for c, s in zip(core, secondary, strict=True)]
        totals = [total + Fraction(weights[name], whole) * part for total, part in zip(totals, parts, strict=True)]
        suffix = f" {name}" if name else ""
        columns += [Column(f"NCF{suffix}", _floats(core)), Column(f"NSF{suffix}", _floats(secondary)), Column(f"N{suffix}", _floats(parts))]
    return Outcome("profile", LABEL, SOURCE, tuple(alternatives), _floats(totals), places(totals), tuple(columns))


def _require_both_kinds(factors: Sequence[Factor], names: Sequence[str]) -> None:
    if not names:
        raise Invalid("Profile matching tidak dapat dihitung: tidak ada kriteria.")
    for name in names:
        kinds = {factor.core for factor in factors if factor.aspect == name}
        if kinds != {True, False}:
            kind = "secondary factor" if True in kinds else "core factor"
            raise Invalid(
                "Profile matching tidak dapat dihitung: tidak ada %(kind)s%(aspect)s.", kind=kind, aspect=f" pada {name}" * bool(name)
            )


def _gap_values(alternatives: Sequence[str], factors: Sequence[Factor], levels: Sequence[Sequence[int | None]]) -> list[list[Fraction]]:
    problems = []
    found: list[list[Fraction]] = []
    for alternative, row in zip(alternatives, levels, strict=True):
        values = []
        for factor, level in zip(factors, row, strict=True):
            value = None if level is None else GAP_VALUE.get(level - factor.target)
            if value is None:
                params = {"alternative": alternative, "criterion": factor.label}
                path = (alternative, factor.code)
                problems.append(Problem(_MISSING if level is None else _BEYOND, path, params=params))
            else:
                values.append(value)
        found.append(values)
    if problems:
        raise Invalid(problems)
    return found


_MISSING = "Profile matching tidak dapat dihitung: nilai %(alternative)s pada %(criterion)s tidak ada."
_BEYOND = "Profile matching tidak dapat dihitung: selisih %(alternative)s pada %(criterion)s di luar tabel gap (-4 sampai 4)."


def _mean_of(values: Sequence[Fraction], factors: Sequence[Factor], aspect: str, *, core: bool) -> Fraction:
    chosen = [value for value, factor in zip(values, factors, strict=True) if factor.aspect == aspect and factor.core == core]
    return sum(chosen, Fraction(0)) / len(chosen)


def _floats(values: Sequence[Fraction]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
