"""Chance that repeats itself: the same seed and the same matter always give the same numbers."""

from random import Random


def repeatable(seed: int, *matter: object) -> Random:
    """A generator of its own for one matter, so that a change in one does not move the others."""
    return Random("/".join(map(str, (seed, *matter))))  # noqa: S311  # a demonstration keeps no secret
