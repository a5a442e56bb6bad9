"""The web server's rooms can't reach an extract: figures of every kind are built, and no private file is opened."""

import subprocess
import sys
from pathlib import Path

from tests.source import ROOT

SCRIPT = """
import sys
from pathlib import Path
private = Path(sys.argv[1]).resolve()
touched = []
def hook(event, args):
    if event in ("open", "sqlite3.connect", "os.listdir", "os.scandir") and args and isinstance(args[0], (str, bytes)):
        name = args[0].decode() if isinstance(args[0], bytes) else args[0]
        if str(private) in name or name.endswith(("extract.csv", "extract-roster.csv")):
            touched.append(name)
            raise PermissionError("the private folder is unreadable")
sys.addaudithook(hook)
from portal.figures import FIGURES, build
from portal.release.store import Release, current_id
import portal.brief, portal.exports, portal.render, portal.server
release = Release(Path(sys.argv[2]) / current_id(Path(sys.argv[2])))
names = ("demand.received", "outcome.kind", "equity.age", "outcome.arrest", "data.protection", "data.not_shown")
assert set(names) <= set(FIGURES) and all(build(release, name).answer.plain for name in names)
try:
    open(private / "extract.csv")
except PermissionError:
    print("hook works")
assert touched == [str(private / "extract.csv")], touched
rooms = [name for name in sys.modules if name.startswith("portal.publish")]
assert not rooms, rooms
print("ok")
"""


def test_figures_of_every_kind_are_built_with_the_private_folder_unreadable(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir()
    (private / "extract.csv").write_text("call_id\n", encoding="utf-8")
    process = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(private), str(ROOT / "data" / "releases")],
        cwd=ROOT, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr[-3000:]
    assert process.stdout.split("\n")[:2] == ["hook works", "ok"]
