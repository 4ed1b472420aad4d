"""Analysis for the committee, never official: agreement, severity, robustness and what-if methods over a ranking that stands.

Nothing here changes a score, a place or an award, and nothing official may import it. Floats are allowed in this package
for that reason only.
"""
