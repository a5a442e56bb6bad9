"""Two processes behind nginx, as deploy/nginx.conf has them: what they hold more than one, and one of them killed."""

import asyncio
import os
import re
import signal
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from bench.load import Load, crowd, saturate
from bench.report import Report
from bench.server import ROOT, Server, free_port, nginx_program, portal, started


@contextmanager
def in_front(servers: Sequence[Server]) -> Iterator[Server]:
    """The shipped configuration of nginx in front of these processes, without its limits for one visitor: here, one
    address is the whole town.
    """
    port, text = free_port(), (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    with tempfile.TemporaryDirectory(prefix="portal-nginx-") as name:
        Path(name).chmod(0o755)
        text = text.replace("/var/log/nginx", name).replace("/var/cache/portal-nginx", f"{name}/cache")
        text = re.sub(r"^ +limit_(req|conn)\b.*\n", "", text, flags=re.MULTILINE)
        text = text.replace("listen 8080", f"listen 127.0.0.1:{port}")
        hosts = "".join(f"server {urlsplit(one.address).netloc} max_fails=1 fail_timeout=5s; " for one in servers)
        text = re.sub(r"server 127\.0\.0\.1:8501.*\n *server 127\.0\.0\.1:8502.*", hosts, text)
        user = "user root;" if os.getuid() == 0 else ""
        conf = Path(name) / "nginx.conf"
        conf.write_text(f"{user} daemon off; pid {name}/pid;\n{text}", "utf-8")
        with started([nginx_program() or "", "-e", f"{name}/error.log", "-c", str(conf)], port, ("/readyz",)) as server:
            yield server


def held(report: Report, words: str, servers: Sequence[Server], seconds: float) -> tuple[float, float]:
    """Views a second that so many processes hold, and views that a second of their processor time gives."""
    with in_front(servers) as front:
        asyncio.run(crowd(front.address, 10, 1.0))
        used = sum(one.cpu() for one in servers)
        load = asyncio.run(saturate(front.address, seconds, at_once=8 * len(servers)))
        used = sum(one.cpu() for one in servers) - used
    rate = len(load.visits) / load.seconds
    report.row(f"{words} behind nginx, as many Overviews as they can", f"{rate:.0f} a second, {load}; of "
               f"{os.cpu_count()} cores the processes took {used / load.seconds:.2f}, the load client "
               f"{load.client / load.seconds:.2f}")
    return rate, len(load.visits) / used


def replicas(report: Report, cache: Path, long: bool) -> None:
    """One, two, and one of two killed in the middle of a crowd."""
    if nginx_program() is None:
        raise SystemExit("nginx is not installed")
    seconds = 15.0 if long else 5.0
    with ExitStack() as opened:
        both = [opened.enter_context(portal(cache)) for _ in range(2)]
        one = held(report, "one process", both[:1], seconds)
        two = held(report, "two processes", both, seconds)
        report.row("two against one", f"{two[0] / one[0]:.2f} times by the clock, with the load client on the same "
                   f"cores; {2 * two[1] / one[1]:.2f} times by the views that a second of processor time gave",
                   "1.7 where the load client leaves room")
        with in_front(both) as front:
            load = asyncio.run(killed(front, both[1], 200 if long else 60, 6.0))
            after = asyncio.run(crowd(front.address, 20, 1.0))
            report.row("one of two killed while residents come", f"{load.errors} of {len(load.visits) + load.failed} "
                       f"lost their page; of 20 who came after, {after.errors}", "its own sessions alone")


async def killed(front: Server, victim: Server, residents: int, within: float) -> Load:
    """A crowd, and a process that dies in the middle of it."""
    coming = asyncio.create_task(crowd(front.address, residents, within))
    await asyncio.sleep(within / 2)
    os.kill(victim.pid, signal.SIGKILL)
    return await coming
