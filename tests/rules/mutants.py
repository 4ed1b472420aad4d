"""Mutation check of the rules (`make mutants`): tiny faults are put into them one at a time, and a test must notice each.

One module after the other is tried with its own tests, which is quick, and what they miss with all tests of the rules. A
fault that no test notices stands in `mutants.toml` with the reason why none can or need. The check fails when one is not
listed, when a listed one is noticed after all, or when fewer than 90 % are noticed.
"""

import argparse
import json
import multiprocessing
import os
import shutil
import sys
import tomllib
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path

from mutmut import __main__ as mutmut
from mutmut.configuration import config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code

RULES = Path("sipetruk/rules")
TESTS = Path("tests/rules")
WORK = Path("mutants")
FOUND = WORK / "found"
LEAST_KILLED = 90
KILLED = {"killed", "timeout", "segfault"}
OWN_TESTS = {
    "attendance": ["records"],
    "canonical": ["seal", "contest", "quick_ways"],
    "contest": ["contest", "seal", "quick_ways"],
    "dates": ["eligibility", "workflow", "backtest"],
    "definition": ["scoring", "instrument", "starters", "parsing", "seal"],
    "eligibility_values": ["eligibility"],
    "exact": ["exact", "scoring"],
    "nip": ["records"],
    "predicate": ["records", "scales"],
    "questions": ["questions", "parsing", "form"],
    "ranking": ["ranking", "quick_ways", "properties"],
    "reading": ["reading", "parsing"],
    "records": ["questions"],
    "scale_*": ["scales"],
    "scoring": ["scoring", "ranking", "tally", "quick_ways"],
    "series": ["records"],
    "weighing": ["scoring", "tally", "ranking", "quick_ways"],
}
"""The tests of a module where they are not `test_<module>.py`."""


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("modules", nargs="*", help="only these modules of sipetruk/rules, such as exact or analysis/agreement")
    arguments.add_argument("--workers", type=int, default=os.cpu_count(), help="processes at a time")
    arguments.add_argument("--again", action="store_true", help="forget what an earlier check found")
    wanted = arguments.parse_args()
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    os.environ.pop("CI", None)
    if wanted.again:
        shutil.rmtree(WORK, ignore_errors=True)
    FOUND.mkdir(parents=True, exist_ok=True)
    modules = wanted.modules or [str(path.relative_to(RULES).with_suffix("")) for path in sorted(RULES.rglob("*.py"))]
    for module in modules:
        for tests in (_own_tests(module), [str(TESTS)]):
            child = multiprocessing.Process(target=_try, args=(module, tests, wanted.workers))
            child.start()
            child.join()
            if child.exitcode:
                sys.exit(f"The mutants of {module} could not be tried.")
            if not _unlisted(module):
                break
    sys.exit(0 if _judge(modules) else 1)


def _own_tests(module):
    names = next((tests for pattern, tests in OWN_TESTS.items() if fnmatch(module, pattern)), [Path(module).name])
    return [str(path) for name in names if (path := (TESTS / module).with_name(f"test_{name}.py")).exists()] or [str(TESTS)]


def _try(module, tests, workers):
    """Try what is not known yet, in a process of its own since mutmut keeps its state in globals; remember what survived."""
    path = RULES / f"{module}.py"
    config().only_mutate = [str(path)]
    config().pytest_add_cli_args_test_selection = tests
    (WORK / path).unlink(missing_ok=True)
    (WORK / "mutmut-stats.json").unlink(missing_ok=True)
    _forget(path, _unlisted(module))
    try:
        mutmut._run((), workers)
    except SystemExit:
        if SourceFileMutationData(path=path).exit_code_by_key:
            raise
    data = SourceFileMutationData(path=path)
    data.load()
    found = {mutant: status_by_exit_code[code] for mutant, code in data.exit_code_by_key.items()}
    survivors = {mutant: _spelled(mutant, path) for mutant, status in found.items() if status not in KILLED}
    (FOUND / f"{module.replace('/', '.')}.json").write_text(json.dumps({"mutants": len(found), "survivors": survivors}, indent=1))


def _forget(path, mutants):
    data = SourceFileMutationData(path=path)
    data.load()
    data.exit_code_by_key |= dict.fromkeys(mutants)
    data.save()


def _spelled(mutant, path):
    """A spelling that outlives renumbering: the function, and the line before and after."""
    changed = get_diff_for_mutant(mutant, path=path).splitlines()[2:]
    before, after = (" ".join(line[1:].strip() for line in changed if line.startswith(sign)) for sign in "-+")
    function = mutant.removeprefix("sipetruk.rules.").rpartition("__mutmut_")[0]
    return f"{function.replace('xǁ', '').replace('ǁ', '.').replace('.x_', '.')}: {before} -> {after}"


def _known(module):
    path = FOUND / f"{module.replace('/', '.')}.json"
    return json.loads(path.read_text()) if path.exists() else {"mutants": 0, "survivors": {}}


def _listed():
    groups = tomllib.loads((TESTS / "mutants.toml").read_text(encoding="utf-8"))["survivors"]
    return {mutant for group in groups for mutant in group["mutants"] if group["reason"]}


def _unlisted(module):
    listed = _listed()
    return [mutant for mutant, spelled in _known(module)["survivors"].items() if spelled not in listed]


def _judge(modules):
    whole, survivors = Counter(), set()
    for module in modules:
        found = _known(module)
        if not found["mutants"]:
            continue
        counted = Counter(all=found["mutants"], killed=found["mutants"] - len(found["survivors"]))
        whole += counted
        survivors |= set(found["survivors"].values())
        print(f"{module:28} {counted['killed']:5} of {counted['all']:5}  {_percent(counted):6.1f} %")
    print(f"{'all':28} {whole['killed']:5} of {whole['all']:5}  {_percent(whole):6.1f} %")
    prefixes = tuple(f"{module.replace('/', '.')}." for module in modules)
    listed = {mutant for mutant in _listed() if mutant.startswith(prefixes)}
    for name in sorted(survivors - listed):
        print("survives and is not listed:", name)
    for name in sorted(listed - survivors):
        print("listed and does not survive:", name)
    return survivors == listed and _percent(whole) >= LEAST_KILLED


def _percent(counted):
    return 100 * counted["killed"] / counted["all"] if counted["all"] else 100


if __name__ == "__main__":
    main()
