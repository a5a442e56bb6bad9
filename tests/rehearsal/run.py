"""Runs the steps in a copy of the project, its working folder. One process loads the libraries and each command
is a fork of it, for loading them anew takes longer than most commands.
"""

import json
import os
import shlex
import subprocess
import sys
import time
import traceback
from pathlib import Path

PORTAL = ["python", "-m", "portal"]


def forked(words: list[str], out: Path) -> int:
    """The exit code of a command of the portal; what it prints goes into `out`."""
    child = os.fork()
    if not child:
        with out.open("wb") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        sys.argv = ["portal", *words]
        from portal.__main__ import run

        code = 1
        try:
            run()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        except BaseException:  # noqa: BLE001  # a fork must not go on with its parent's work
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def run(command: str, out: Path) -> int:
    """The exit code of a command; what it prints goes into `out`."""
    words = shlex.split(command)
    if words[:3] == PORTAL:
        # As on an analyst's machine that can't write the servers' cache: they build it. The export builds all at once.
        os.environ["PORTAL_CACHE"] = "/dev/null/cache" if words[3] == "publish" else f"{Path.cwd() / 'cache'}"
        return forked(words[3:], out)
    with out.open("wb") as file:
        return subprocess.run(["sh", "-ec", command], stdout=file, stderr=file, check=False).returncode


def main() -> None:
    """Run the steps of standard input (JSON); print each one's exit code, seconds and output as a line of JSON."""
    sys.path[0] = str(Path.cwd())  # in place of the folder of this file
    import portal.__main__
    import portal.builder.renderer
    import portal.publish.publish  # noqa: F401  # loaded once, before the forks

    for step in json.load(sys.stdin):
        started = time.monotonic()
        code, out = 0, Path("out.txt")
        out.write_text("", "utf-8")
        if step["path"]:
            path = Path(step["path"])
            before = path.read_text("utf-8") if step["added"] else ""
            path.write_text(f"{before}\n{step['text']}" if before else step["text"], "utf-8")
        else:
            code = run(step["text"], out)
        print(json.dumps([code, time.monotonic() - started, out.read_text("utf-8", "replace")]), flush=True)


if __name__ == "__main__":
    main()
