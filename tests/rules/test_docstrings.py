"""The worked examples in the docstrings of the rules give what they say; every policy has one."""

import doctest
import importlib
import pkgutil

import pytest

from sipetruk import rules
from sipetruk.rules import definition, ranking

MODULES = [module.name for module in pkgutil.walk_packages(rules.__path__, "sipetruk.rules.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_right(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize(
    "thing", [definition.Aggregation, definition.Rounding, definition.Floor, definition.TieStep, definition.Policy, ranking.rank]
)
def test_every_policy_has_a_worked_example(thing):
    assert [bool(found.examples) for found in doctest.DocTestFinder(recurse=False).find(thing, thing.__name__)] == [True]
