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
    "analysis/account": ["account"],
    "analysis/agreement": ["agreement", "published"],
    "analysis/methods": ["methods", "published"],
    "analysis/profile": ["methods", "published"],
    "analysis/severity": ["severity"],
    "analysis/*": ["report", "robustness", "agreement", "severity"],
    "attendance": ["records"],
    "canonical": ["seal", "contest", "quick_ways"],
    "checking": ["seal", "announcement"],
    "contest": ["contest", "seal", "quick_ways"],
    "dates": ["eligibility", "workflow", "backtest"],
    "definition": ["scoring", "instrument", "starters", "parsing", "seal"],
    "document_words": ["document_words", "comparison"],
    "eligibility": ["eligibility", "backtest"],
    "eligibility_values": ["eligibility"],
    "exact": ["exact", "scoring"],
    "findings": ["soundness", "instrument"],
    "naming": ["adaptation", "ahp", "comparison", "soundness", "tryout"],
    "nip": ["records"],
    "predicate": ["records", "scales"],
    "questions": ["questions", "parsing", "form"],
    "ranking": ["ranking", "quick_ways", "contest", "seal"],
    "reading": ["reading", "parsing"],
    "records": ["questions"],
    "scale_*": ["scales"],
    "scoring": ["scoring", "tally", "quick_ways", "starters"],
    "series": ["records"],
    "sound*": ["soundness", "instrument", "starters", "questions"],
    "weighing": ["scoring", "tally", "quick_ways", "contest"],
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
    modules = wanted.modules or _modules()
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


def _modules():
    """Every module that does something."""
    return [str(path.relative_to(RULES).with_suffix("")) for path in sorted(RULES.rglob("*.py")) if "def " in path.read_text()]


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
    _forget_survivors(path, module)
    data = SourceFileMutationData(path=path)
    try:
        mutmut._run((), workers)
    except SystemExit:
        data.load()
        if data.exit_code_by_key:
            raise
    data.load()
    found = {mutant: status_by_exit_code[code] for mutant, code in data.exit_code_by_key.items()}
    survivors = {mutant: _spelled(mutant, path) for mutant, status in found.items() if status not in KILLED}
    (FOUND / f"{module.replace('/', '.')}.json").write_text(json.dumps({"mutants": len(found), "survivors": survivors}, indent=1))


def _forget_survivors(path, module):
    """Let mutmut try again what survived, other than what is known to: it keeps every verdict that it has."""
    known = {mutant for mutant, spelled in _known(module)["survivors"].items() if _is_listed(spelled)}
    data = SourceFileMutationData(path=path)
    data.load()
    for mutant, code in data.exit_code_by_key.items():
        if status_by_exit_code[code] not in KILLED and mutant not in known:
            data.exit_code_by_key[mutant] = None
    if data.exit_code_by_key:
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


def _groups():
    return tomllib.loads((TESTS / "mutants.toml").read_text(encoding="utf-8"))["survivors"]


def _listed():
    """Every survivor that is listed by its full spelling."""
    return {mutant for group in _groups() for mutant in group.get("mutants", ()) if group["reason"]}


def _is_listed(spelled):
    changes = [change for group in _groups() for change in group.get("everywhere", ()) if group["reason"]]
    return spelled in _listed() or any(_is_change(spelled, *change) for change in changes)


def _is_change(spelled, old, new):
    """Whether the line after is the line before with `new` in the place of `old`."""
    _, _, change = spelled.partition(": ")
    length, odd = divmod(len(change) - len(" -> ") + len(old) - len(new), 2)
    before, after = change[:length], change[length + len(" -> ") :]
    return not odd and old in before and before.replace(old, new, 1) == after


def _unlisted(module):
    return [mutant for mutant, spelled in _known(module)["survivors"].items() if not _is_listed(spelled)]


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
    unlisted, stale = sorted(name for name in survivors if not _is_listed(name)), sorted(listed - survivors)
    for name in unlisted:
        print("survives and is not listed:", name)
    for name in stale:
        print("listed and does not survive:", name)
    return not unlisted and not stale and _percent(whole) >= LEAST_KILLED


def _percent(counted):
    return 100 * counted["killed"] / counted["all"] if counted["all"] else 100


if __name__ == "__main__":
    main()
