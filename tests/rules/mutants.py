"""Mutation check of the rules (`make mutants`): tiny faults are put into them one at a time, and a test must notice each.

A mutant that no test notices stands in `mutants.toml` with the reason why none can or need. The check fails when one
survives that is not listed, when a listed one no longer survives, or when fewer than 90 % are noticed.
"""

import argparse
import os
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files

LISTED = Path("tests/rules/mutants.toml")
LEAST_KILLED = 90
KILLED = {"killed", "timeout", "segfault", "caught by type check"}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("modules", nargs="*", help="only these modules of sipetruk/rules, such as exact or analysis.agreement")
    arguments.add_argument("--workers", default=str(os.cpu_count()), help="processes at a time")
    arguments.add_argument("--no-run", action="store_true", help="only look at what the last run found")
    wanted = arguments.parse_args()
    if not wanted.no_run:
        _run(wanted.modules, wanted.workers)
    sys.exit(0 if _judge({f"sipetruk.rules.{name}" for name in wanted.modules}) else 1)


def _run(modules, workers):
    patterns = [f"sipetruk.rules.{name}.*" for name in modules]
    command = [str(Path(sys.executable).with_name("mutmut")), "run", "--max-children", workers, *patterns]
    environment = {**os.environ, "HYPOTHESIS_PROFILE": "mutants"}
    environment.pop("CI", None)
    if subprocess.run(command, env=environment, check=False).returncode:
        sys.exit("The mutants could not be tried.")


def _judge(modules):
    found, survivors = _results(modules)
    whole = Counter()
    for module, counted in sorted(found.items()):
        whole += counted
        print(f"{module.removeprefix('sipetruk.rules.'):28} {counted['killed']:5} of {counted.total():5}  {_percent(counted):6.1f} %")
    print(f"{'all':28} {whole['killed']:5} of {whole.total():5}  {_percent(whole):6.1f} %")
    listed = _listed(found)
    unlisted, stale = sorted(survivors - listed), sorted(listed - survivors)
    for name in unlisted:
        print("survives and is not listed:", name)
    for name in stale:
        print("listed and does not survive:", name)
    return not unlisted and not stale and _percent(whole) >= LEAST_KILLED


def _results(modules):
    """How many were noticed and survived in each module, and every survivor as `module.function: before -> after`."""
    found, survivors = {}, set()
    for path in walk_mutatable_files():
        module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        data = SourceFileMutationData(path=path)
        data.load()
        if not data.exit_code_by_key or (modules and module not in modules):
            continue
        counted = found[module] = Counter()
        for mutant, code in data.exit_code_by_key.items():
            status = status_by_exit_code[code]
            if status == "not checked":
                sys.exit(f"{mutant} was not tried; run the check to its end.")
            counted["killed" if status in KILLED else "survived"] += 1
            if status not in KILLED:
                survivors.add(_spelled(mutant, path))
    return found, survivors


def _spelled(mutant, path):
    """A spelling that outlives renumbering: the function, and the line before and after."""
    changed = get_diff_for_mutant(mutant, path=path).splitlines()[2:]
    before, after = (" ".join(line[1:].strip() for line in changed if line.startswith(sign)) for sign in "-+")
    function = mutant.removeprefix("sipetruk.rules.").rpartition("__mutmut_")[0]
    return f"{function.replace('xǁ', '').replace('ǁ', '.').replace('.x_', '.')}: {before} -> {after}"


def _listed(found):
    groups = tomllib.loads(LISTED.read_text(encoding="utf-8"))["survivors"]
    listed = {mutant for group in groups for mutant in group["mutants"] if group["reason"]}
    modules = sorted((name.removeprefix("sipetruk.rules.") for name in found), key=len, reverse=True)
    return {mutant for mutant in listed if any(mutant.startswith(f"{module}.") for module in modules)}


def _percent(counted):
    return 100 * counted["killed"] / counted.total()


if __name__ == "__main__":
    main()
