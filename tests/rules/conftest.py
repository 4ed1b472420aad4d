"""How many examples Hypothesis tries: few at the desk, four times as many where CI is set, fewest for each mutant.

The properties of SCORING take more: 50 at the desk and 1 000 in CI (see `test_properties`).
"""

import os

from hypothesis import Phase, settings

settings.register_profile("desk", max_examples=25, deadline=None, database=None)
settings.register_profile("ci", max_examples=100, derandomize=True, deadline=None, database=None)
settings.register_profile(
    "mutants", max_examples=5, derandomize=True, deadline=None, database=None, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "desk"))
