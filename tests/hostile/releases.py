"""Releases damaged at random, and publications killed at random: nothing that does not verify is ever shown."""

import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from portal.release.verify import verify
from portal.server.snapshot import SnapshotStore
from tests.conftest import SMALLEST
from tests.hostile.served import publish
from tests.hostile.wire import Tried
from tests.site import built, settings_for
from tests.source import ROOT

OLD, NEW = SMALLEST


def damage(release: Path, chance: random.Random) -> str:
    """Break one file of a release, and say how."""
    path = chance.choice(sorted(path for path in release.rglob("*") if path.is_file()))
    path.chmod(0o644)
    content, how = path.read_bytes(), chance.choice(["flip", "cut", "empty", "remove", "grow", "swap", "zero"])
    at = chance.randrange(len(content))
    flipped = content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1:]
    changed = {"flip": flipped, "cut": content[:at], "empty": b"", "grow": content + b"\0", "swap": content[::-1],
               "zero": content[:at] + b"\0" * 64 + content[at + 64:]}
    if how == "remove":
        path.unlink()
    else:
        path.write_bytes(changed[how])
    return f"{how} {path.relative_to(release)} at {at}"


def damaged(times: int, cache: Path, seed: int = 1) -> Tried:
    """Let so many damaged releases become current while a good one is live."""
    chance, done = random.Random(seed), Tried("releases damaged at random and made current", times)
    with tempfile.TemporaryDirectory() as folder:
        releases = Path(folder)
        publish(releases, OLD)
        settings = built(settings_for(releases, cache))
        store = SnapshotStore(settings)
        store.poll()
        for _ in range(times):
            publish(releases, NEW)
            how = damage(releases / NEW, chance)
            same = verify(releases / NEW) == []  # zeros over zeros
            built(settings)
            seen = store.poll()
            if not seen.live or (seen.live.facts.id != OLD and not same) or (not seen.refused and not same):
                done.lost.append(how)
            shutil.rmtree(releases / NEW)
            publish(releases, OLD)
            built(settings)
            store.poll()
    return done


def killed(times: int) -> Tried:
    """Kill a publication with SIGKILL at so many moments; then the old or the new release is live and verifies."""
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run([sys.executable, "-m", "tests.publish.interrupted", "kill", folder, str(times)], cwd=ROOT,
                             capture_output=True, text=True, check=False)
    lost = [ran.stderr.strip().splitlines()[-1]] if ran.returncode else []
    return Tried("publications killed with SIGKILL", times + 7, lost)

