"""Runs the steps in a copy of the project, its working folder. One process loads the libraries and each command
is a fork of it, for loading them anew takes longer than most commands. A server that a page starts (`… &`) is a fork,
too, on a port that is free; it goes on until its page ends it (`kill %1`).
"""

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import traceback
import urllib.request
from contextlib import suppress
from pathlib import Path

PORTAL = ["python", "-m", "portal"]
PORT = "8502"  # in the pages
READY = 120  # seconds that a server has
SERVERS: list[int] = []  # processes that were started and not yet ended
SERVER_LOG = Path("server.log")  # not among what the commands print that run beside it


def forked(words: list[str], out: Path) -> int:
    """The process of a command of the portal. What it prints goes into the file that the command names (`> FILE`), else
    into `out`, and what it says on stderr always.
    """
    file_named = words[-2:-1] == [">"]
    words, printed = (words[:-2], Path(words[-1])) if file_named else (words, out)
    child = os.fork()
    if not child:
        with out.open("ab") as errors, printed.open("ab") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(errors.fileno(), 2)
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
    return child


def ended(process: int) -> int:
    """The exit code of a process, waited for."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def end_servers() -> int:
    """End what was started in the background."""
    while SERVERS:
        os.kill(SERVERS[-1], signal.SIGTERM)
        ended(SERVERS.pop())
    return 0


def wait_until_ready(port: str) -> int:
    """0 as soon as the server shows a release; 1 where it never does."""
    until = time.monotonic() + READY
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10):
            return 0
        time.sleep(0.1)  # another process
    return 1


def free_port() -> str:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def run(command: str, out: Path) -> int:
    """The exit code of a command; what it prints goes into `out`."""
    words = shlex.split(command)
    if words[:3] == PORTAL:
        # As on an analyst's machine that can't write the servers' cache: they build it. The export builds all at once.
        os.environ["PORTAL_CACHE"] = "/dev/null/cache" if words[3] == "publish" else f"{Path.cwd() / 'cache'}"
        if words[-1] == "&":
            SERVERS.append(forked(words[3:-1], SERVER_LOG))
            code = wait_until_ready(words[words.index("--port") + 1])
            shutil.copyfile(SERVER_LOG, out)
            return code
        return ended(forked(words[3:], out))
    if command == "kill %1":
        return end_servers()
    with out.open("wb") as file:
        return subprocess.run(["sh", "-ec", command], stdout=file, stderr=file, check=False).returncode


def main() -> None:
    """Run the steps of standard input (JSON); print each one's exit code, seconds and output as a line of JSON."""
    sys.path[0] = str(Path.cwd())  # in place of the folder of this file
    import portal.__main__
    import portal.builder.renderer
    import portal.publish.publish  # noqa: F401  # loaded once, before the forks

    port = free_port()
    for step in json.load(sys.stdin):
        started = time.monotonic()
        code, out = 0, Path("out.txt")
        out.write_text("", "utf-8")
        if step["path"]:
            path = Path(step["path"])
            before = path.read_text("utf-8") if step["added"] else ""
            path.write_text(f"{before}\n{step['text']}" if before else step["text"], "utf-8")
        else:
            code = run(step["text"].replace(PORT, port), out)
        print(json.dumps([code, time.monotonic() - started, out.read_text("utf-8", "replace")]), flush=True)
    end_servers()


if __name__ == "__main__":
    main()
