"""The rehearsal: a copy of the project, and what became of each step in it."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from portal.builder.cache_layout import CacheLayout
from portal.builder.precompress import DONE
from portal.settings import Settings
from tests.rehearsal.lifecycle import LifecycleStep
from tests.source import ROOT

COPIED = ("portal", "pages", "content", "data/mappings", "checks")
RUNNER = Path(__file__).parent / "run.py"


@dataclass(frozen=True)
class Done:
    """A step, its exit code, how many seconds it took, and what it printed."""

    step: LifecycleStep
    code: int
    seconds: float
    printed: str


def rehearse(folder: Path, steps: Sequence[LifecycleStep]) -> Iterator[Done]:
    """Copy the project into a folder and take the steps there, one after the other; stops at the first that ends
    otherwise than its page says.
    """
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    streamlit = CacheLayout(folder / "cache", "").streamlit
    streamlit.mkdir(parents=True)
    (streamlit / DONE).touch()  # a server sends Streamlit's files as they are
    environment = Settings(ahead=()).environment() | {"PYTHONPATH": "", "TMPDIR": str(folder)}
    with subprocess.Popen([sys.executable, str(RUNNER)], cwd=folder, env=environment, text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True) as running:
        assert running.stdin and running.stdout
        running.stdin.write(json.dumps([asdict(step) for step in steps]))
        running.stdin.close()
        for step, line in zip(steps, running.stdout, strict=False):
            done = Done(step, *json.loads(line))
            yield done
            if done.code != step.exit_code:
                os.killpg(running.pid, signal.SIGKILL)  # with a server that it may have started
                return
