"""Mutation check of the rules (`make mutants`): tiny faults are put into them one at a time, and a test must notice each.

mutmut writes the faults, all into one copy of the program. pytest collects the tests of the rules beside that copy, once;
each fault is tried in a fork of that session by tests that reach its function: those of its module, and of the others the
nearest that fit into a second, for a fault deserves a quick test. What a test module computes while it is collected notices nothing.

A fault that no test notices stands in `mutants.toml` with the reason why none can or need. The check fails when one is not
listed, when a listed one is noticed after all, or when fewer than 90 % are noticed.
"""

import argparse
import contextlib
import gc
import json
import os
import resource
import signal
import sys
import time
import tomllib
import traceback
from collections import Counter, defaultdict, deque
from functools import cache
from itertools import accumulate, groupby
from pathlib import Path
from types import FunctionType

import hypothesis
import pytest
from mutmut import __main__ as mutmut
from mutmut.configuration import config
from mutmut.mutation import trampoline
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, setup_source_paths

RULES = Path("sipetruk/rules")
TESTS = Path("tests/rules")
WORK = Path("mutants").absolute()
FOUND = WORK / "found.json"
REACHED = WORK / "reached.json"
LEAST_NOTICED = 90
ALL = "all"
DONE, SPOILT, BROKEN = range(3)
MOST_IN_BATCH = 200
SECONDS_OF_TESTS = 1
MOST_MEMORY = 4 << 30


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("modules", nargs="*", help="only these modules of sipetruk/rules, such as exact or analysis/agreement")
    arguments.add_argument("--workers", type=int, default=os.cpu_count(), help="processes at a time")
    arguments.add_argument("--again", action="store_true", help="forget what an earlier check found")
    wanted = arguments.parse_args()
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    os.environ.pop("CI", None)
    if wanted.again:
        FOUND.unlink(missing_ok=True)
    mutants = _make(wanted.workers)
    if wanted.modules:
        mutants = {name: mutants[name] for module in wanted.modules for name in mutants if _module(name) == module}
    known = _known()
    unsettled = [name for name, function in mutants.items() if not _is_settled(known.get(name), function)]
    if unsettled:
        _collect(_Trial({name: mutants[name] for name in unsettled}, wanted.workers, known))
        for name in unsettled:
            known[name]["spelled"] = "" if known[name]["by"] else _spelled(name)
        _remember(known)
    sys.exit(0 if _judge({name: known[name] for name in mutants}) else 1)


def _make(workers):
    """Let mutmut write the mutants: their names, and for each the hash of the function that it changes."""
    with contextlib.redirect_stdout(None):
        copy_src_dir()
        copy_also_copy_files()
        mutmut.create_mutants(workers)
    setup_source_paths()
    mutants = {}
    for path in sorted(RULES.rglob("*.py")):
        data = SourceFileMutationData(path=path)
        data.load()
        mutants |= {name: data.hash_by_function_name[_function(name).rpartition(".")[2]] for name in data.exit_code_by_key}
    return mutants


def _function(mutant):
    return mutant.partition("__mutmut_")[0]


def _module(mutant):
    return mutant.removeprefix("sipetruk.rules.").rpartition(".")[0].replace(".", "/")


def _known():
    return json.loads(FOUND.read_text()) if FOUND.exists() else {}


def _remember(known):
    FOUND.with_suffix(".new").write_text(json.dumps(known, indent=1))
    FOUND.with_suffix(".new").replace(FOUND)


def _is_settled(verdict, function):
    """Whether it need not be tried again: it was noticed, or is listed, and its function is as it was."""
    return bool(verdict) and verdict["function"] == function and bool(verdict["by"] or _is_listed(verdict["spelled"]))


def _collect(trial):
    here = Path.cwd()
    os.chdir(WORK)
    trampoline.wrap_in_trampoline = trial.keep
    code = pytest.main(
        ["-qs", "--rootdir=.", "--assert=plain", *config().pytest_add_cli_args, *config().pytest_add_cli_args_test_selection],
        plugins=[trial],
    )
    os.chdir(here)
    if code:
        sys.exit(f"The mutants could not be tried ({code}).")


class _Trial:
    """A plugin of pytest that tries mutants where tests would be run, those of one function in one process.

    A mutant is put in place by giving its code to the function itself, which everybody has imported by then.
    """

    def __init__(self, mutants, workers, known):
        self._mutants, self._workers, self._known = mutants, workers, known
        self._written = []
        self._seconds, self._breadth, self._reaching = {}, {}, defaultdict(list)
        self._answer = self._failed = None

    def keep(self, mutants, **_):
        """Stand in for mutmut's wrapper, which would ask at each call which mutant is wanted."""

        def kept(function):
            self._written.append((function, mutants))
            return function

        return kept

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        if session.testsfailed:
            return None
        self._items = {item.nodeid: item for item in session.items}
        hypothesis.find(hypothesis.strategies.booleans(), bool)  # which reads all modules, once
        self._code = {
            f"{function.__module__}.{name}": (function, getattr(code, "__func__", code))
            for function, mutants in self._written
            for name, code in mutants.items()
        }
        _forget()
        gc.freeze()
        self._learn()
        self._try_all()
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item, call):
        if not call.excinfo:
            return None
        self._failed = item.nodeid
        return pytest.TestReport(item.nodeid, item.location, {}, "failed", "", call.when)

    def _learn(self):
        """See which tests reach which function and how long each takes, and that they pass as things are."""
        sources = {*RULES.rglob("*.py"), *TESTS.rglob("*.py")} - {TESTS / Path(__file__).name}
        changed = max(path.stat().st_mtime for path in sources)
        if not REACHED.exists() or REACHED.stat().st_mtime < changed:
            process, answer = self._fork(self._watch)
            _, status = os.waitpid(process, 0)
            if status:
                sys.exit(os.read(answer, 9999).decode())
        for test, (seconds, functions) in json.loads(REACHED.read_text()).items():
            self._seconds[test], self._breadth[test] = seconds, len(functions)
            for function in functions:
                self._reaching[function].append(test)

    def _watch(self):
        names = {id(function.__code__): f"{function.__module__}.{_function(list(mutants)[-1])}" for function, mutants in self._written}
        reached = {}
        for test in self._items:
            called, start = set(), time.process_time()
            sys.settrace(lambda frame, *_, called=called: called.add(id(frame.f_code)))
            failed = self._failing([test])
            sys.settrace(None)
            if failed:
                raise AssertionError(failed)
            reached[test] = time.process_time() - start, sorted(names[code] for code in called & names.keys())
        REACHED.write_text(json.dumps(reached))

    def _failing(self, tests):
        """The first of the tests that fails."""
        self._failed = ""
        for test in tests:
            signal.setitimer(signal.ITIMER_PROF, 2 + 20 * self._seconds.get(test, 10))
            item = self._items[test]
            item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
            if self._failed:
                break
        return self._failed

    def _try_all(self):
        todo = deque(batch for _, mutants in groupby(self._mutants, _function) for batch in _batches(list(mutants)))
        running = {}
        while todo or running:
            if todo and len(running) < self._workers:
                batch = todo.popleft()
                process, answer = self._fork(self._try, batch)
                running[process] = batch, answer
            else:
                process, status = os.wait()
                batch, answer = running.pop(process)
                left = self._hear(batch, os.read(answer, 65536).decode(), os.waitstatus_to_exitcode(status))
                os.close(answer)
                if left:
                    todo.appendleft(left)
                if len(todo) % 50 == 0:
                    print(f"{time.strftime('%H:%M:%S')}  {_module(batch[0])}, {len(todo)} functions to go", flush=True)
                    _remember(self._known)

    def _hear(self, batch, answer, code):
        """Write down what the process of a batch said; what of it is still to be tried."""
        *said, unsaid = answer.split("\n")
        if code == BROKEN:
            sys.exit(f"{batch[len(said)]} could not be tried: {unsaid}")
        if code not in {DONE, SPOILT}:
            said.append("time or memory")
        for mutant, by in zip(batch, said, strict=False):
            self._known[mutant] = {"function": self._mutants[mutant], "by": by, "spelled": ""}
        return batch[len(said) :]

    def _tests(self, function):
        """Those of the module itself, and of all others that reach it those that reach least else, as far as time allows."""
        nearest = sorted(self._reaching[function], key=self._breadth.__getitem__)
        ends = accumulate(map(self._seconds.__getitem__, nearest))
        own = f"/test_{Path(_module(function)).name}.py::"
        return [test for test, end in zip(nearest, ends, strict=True) if end <= SECONDS_OF_TESTS or own in test]

    def _fork(self, work, *given):
        answer, writing = os.pipe()
        process = os.fork()
        if process:
            os.close(writing)
            return process, answer
        self._answer = writing
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = BROKEN
        try:
            code = work(*given) or DONE
        except Exception:  # noqa: BLE001 - whatever it is, the process that reads the answer says so and stops
            os.write(writing, repr(traceback.format_exc()).encode())
        finally:
            os._exit(code)

    def _try(self, batch):
        """Try mutants of one function one after the other, until one leaves something behind that would fail others."""
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        tests, noticing = self._tests(_function(batch[0])), Counter()
        if not tests:  # and perhaps no test imports the module
            os.write(self._answer, b"\n" * len(batch))
            return DONE
        for at, mutant in enumerate(batch):
            function, code = self._code[mutant]
            as_it_is = _put(function, code)
            failed = self._failing(sorted(tests, key=noticing.__getitem__, reverse=True))
            _put(function, as_it_is)
            _forget()
            noticing[failed] += 1
            spoilt = bool(failed) and bool(self._failing([failed]))
            if not (spoilt and at):
                os.write(self._answer, f"{failed}\n".encode())
            if spoilt:
                return SPOILT
        return DONE


def _batches(mutants):
    return (mutants[start : start + MOST_IN_BATCH] for start in range(0, len(mutants), MOST_IN_BATCH))


def _put(function, code):
    """Give a function the code of another; a function with the code that it had."""
    had = FunctionType(function.__code__, {}, closure=function.__closure__)
    for part in ("__code__", "__defaults__", "__kwdefaults__"):
        setattr(had, part, getattr(function, part))
        setattr(function, part, getattr(code, part))
    return had


def _forget():
    """Empty what the rules remember of calls."""
    for module in [module for name, module in sys.modules.items() if name.startswith("sipetruk.rules.")]:
        for remembering in filter(lambda value: hasattr(value, "cache_clear"), vars(module).values()):
            remembering.cache_clear()


def _spelled(mutant):
    """A spelling that outlives renumbering: the function, and the line before and after."""
    changed = get_diff_for_mutant(mutant, path=RULES / f"{_module(mutant)}.py").splitlines()[2:]
    before, after = (" ".join(line[1:].strip() for line in changed if line.startswith(sign)) for sign in "-+")
    function = _function(mutant).removeprefix("sipetruk.rules.")
    return f"{function.replace('xǁ', '').replace('ǁ', '.').replace('.x_', '.')}: {before} -> {after}"


@cache
def _groups():
    return tomllib.loads((TESTS / "mutants.toml").read_text(encoding="utf-8"))["survivors"]


@cache
def _listed():
    """Every survivor that is listed by its full spelling."""
    return {mutant for group in _groups() for mutant in group.get("mutants", ()) if group["reason"]}


def _is_listed(spelled):
    changes = [change for group in _groups() for change in group.get("everywhere", ()) if group["reason"]]
    return spelled in _listed() or any(_is_change(spelled, *change) for change in changes)


def _is_change(spelled, old, new):
    """Whether the line after is the line before with `new` in the place of one `old`."""
    _, _, change = spelled.partition(": ")
    length, odd = divmod(len(change) - len(" -> ") + len(old) - len(new), 2)
    before, after = change[:length], change[length + len(" -> ") :]
    parts = before.split(old)
    return not odd and any(old.join(parts[:at]) + new + old.join(parts[at:]) == after for at in range(1, len(parts)))


def _judge(found):
    counted = {module: Counter() for module in [*map(_module, found), ALL]}
    for name, verdict in found.items():
        for module in (_module(name), ALL):
            counted[module].update(mutants=1, noticed=bool(verdict["by"]))
    for module, count in counted.items():
        print(f"{module:28} {count['noticed']:5} of {count['mutants']:5}  {_percent(count):6.1f} %")
    survivors = {verdict["spelled"] for verdict in found.values() if not verdict["by"]}
    unlisted, stale = (
        sorted(name for name in survivors if not _is_listed(name)),
        sorted(name for name in _listed() - survivors if name.startswith(tuple(f"{module.replace('/', '.')}." for module in counted))),
    )
    for name in unlisted:
        print("survives and is not listed:", name)
    for name in stale:
        print("listed and does not survive:", name)
    return not unlisted and not stale and _percent(counted[ALL]) >= LEAST_NOTICED


def _percent(count):
    return 100 * count["noticed"] / count["mutants"] if count["mutants"] else 100


if __name__ == "__main__":
    main()
