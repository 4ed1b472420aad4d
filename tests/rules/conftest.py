"""Hypothesis for the rules: quick by default, thorough where CI is set."""

import os

from hypothesis import settings

settings.register_profile("quick", max_examples=25, deadline=None, database=None)
settings.register_profile("thorough", max_examples=150, deadline=None, database=None)
settings.load_profile("thorough" if os.environ.get("CI") else "quick")
