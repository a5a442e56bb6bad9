"""Starts the portal in a process of its own, as a user would, and reads what it costs from the system."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Server:
    """A running portal."""

    url: str
    pid: int
    seconds_to_first_page: float

    def cpu(self) -> float:
        """Seconds of processor time the server has used so far (Linux)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def children_cpu(self) -> float:
        """Seconds of processor time that processes it started and that have ended have used (Linux)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")

    def workers_cpu(self) -> float:
        """Seconds of processor time that processes it started and that still run have used (Linux)."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return sum(Server(self.url, int(child), 0).cpu() for child in children)

    def megabytes(self) -> float:
        """Memory it holds now (Linux)."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def answers(url: str) -> bool:
    """Whether a URL answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def running(command: Sequence[str], port: int, ready: Sequence[str], patience: float = 240, **settings: str
            ) -> Iterator[Server]:
    """A server of that command, once all these URLs answer; ended afterwards. `patience` in seconds."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env=os.environ | settings)
    url = f"http://127.0.0.1:{port}"
    try:
        while not all(answers(f"{url}{path}") for path in ready):
            if process.poll() is not None or time.perf_counter() - began > patience:
                raise SystemExit(f"This did not start: {' '.join(command)}")
            time.sleep(0.02)
        yield Server(url, process.pid, time.perf_counter() - began)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)


def portal(cache: Path, ahead: str = "none", releases: Path = ROOT / "data" / "releases", patience: float = 240
           ) -> AbstractContextManager[Server]:
    """The portal on the shipped releases, or others, with this folder for its figures; ready when a page has been
    served.
    """
    port = free_port()
    command = [sys.executable, "-m", "portal", "serve", "--port", str(port)]
    return running(command, port, ("/readyz", "/plain/"), patience, PORTAL_CACHE=str(cache), PORTAL_AHEAD=ahead,
                   PORTAL_RELEASES=str(releases))


def hello() -> AbstractContextManager[Server]:
    """Streamlit's smallest page with the portal's own two settings."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "bench/hello.py", "--server.port", str(port),
               "--server.address", "127.0.0.1"]
    return running(command, port, ("/_stcore/health",))


def bare(body: Path) -> AbstractContextManager[Server]:
    """A bare Starlette route with the bytes of a file."""
    port = free_port()
    return running([sys.executable, "-m", "bench.bare", str(port), str(body)], port, ("/",))


def nginx_program() -> str | None:
    """Where nginx is; None where it is not installed."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def nginx(folder: Path) -> AbstractContextManager[Server] | None:
    """A running nginx with the files of a folder; None where it is not installed."""
    program = nginx_program()
    if not program:
        return None
    port, conf = free_port(), folder / "nginx.conf"
    user = "user root;" if os.getuid() == 0 else ""  # started by root it would read as nobody, who may not
    site = f"server {{ listen 127.0.0.1:{port}; root {folder}; }}"
    conf.write_text(f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"
                    f"http {{ access_log off; keepalive_requests 1000000; {site} }}\n")
    return running([program, "-e", f"{folder}/error.log", "-c", str(conf)], port, ("/page.html",), 20)


DATASETTE = "datasette==0.65.2"


def datasette(folder: Path, database: Path) -> AbstractContextManager[Server]:
    """Datasette on a release's file, in a virtual environment of its own inside the folder. Raises SystemExit where it
    can't be installed.
    """
    python = folder / "peer" / "bin" / "python"
    for command in ([sys.executable, "-m", "venv", str(folder / "peer")],
                    [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", DATASETTE]):
        process = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
        if process.returncode:
            raise SystemExit(f"Datasette can't be installed here: {process.stderr[-200:]}")
    port = free_port()
    return running([str(python), "-m", "datasette", "--immutable", str(database), "--port", str(port)], port,
                   (f"/{database.stem}/cells",), 60)


@contextmanager
def fresh_cache() -> Iterator[Path]:
    """An empty folder for figures, removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
