"""Hypothesis as the rules use it."""

from tests.rules import conftest

__all__ = ["conftest"]
