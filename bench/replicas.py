"""Two processes behind nginx, as deploy/nginx.conf has them: what they answer more than one, and one of them killed."""

import asyncio
import os
import re
import signal
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench.load import Load, crowd, saturate
from bench.report import BenchReport
from bench.server import ROOT, Server, free_port, nginx_program, portal, running

MOST_EXPENSIVE = "calls"  # beside the page that takes a process longest, client and nginx on the same cores take least


@contextmanager
def in_front(servers: Sequence[Server]) -> Iterator[Server]:
    """The shipped configuration of nginx in front of these processes, without its limits for one visitor: here, one
    URL is the whole town.
    """
    port, text = free_port(), (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    with tempfile.TemporaryDirectory(prefix="portal-nginx-") as name:
        Path(name).chmod(0o755)
        text = text.replace("/var/log/nginx", name).replace("/var/cache/portal-nginx", f"{name}/cache")
        text = re.sub(r"^ +limit_(req|conn)\b.*\n", "", text, flags=re.MULTILINE)
        text = text.replace("listen 8080", f"listen 127.0.0.1:{port}")
        hosts = "".join(f"server {urlsplit(server.url).netloc} max_fails=1 fail_timeout=5s; " for server in servers)
        text = re.sub(r"server 127\.0\.0\.1:8501.*\n *server 127\.0\.0\.1:8502.*", hosts, text)
        user = "user root;" if os.getuid() == 0 else ""
        conf = Path(name) / "nginx.conf"
        conf.write_text(f"{user} daemon off; pid {name}/pid;\n{text}", "utf-8")
        with running([nginx_program() or "", "-e", f"{name}/error.log", "-c", str(conf)], port, ("/readyz",)) as server:
            yield server


@dataclass(frozen=True)
class Throughput:
    """Views a second that so many processes answered, and the milliseconds of processor time that a view cost
    in each part.
    """

    processes: int
    rate: float
    process: float
    client: float
    nginx: float

    @property
    def bound(self) -> float:
        """Views a second that these costs allow: a process has one core at most, and all parts share the machine."""
        return min(1000 * self.processes / self.process,
                   1000 * (os.cpu_count() or 1) / (self.process + self.client + self.nginx))


def saturated(report: BenchReport, words: str, servers: Sequence[Server], seconds: float) -> Throughput:
    """Views a second that so many processes answer, and what a view cost."""
    with in_front(servers) as front:
        asyncio.run(crowd(front.url, 10, 1.0, MOST_EXPENSIVE))
        before, nginx = sum(server.cpu() for server in servers), front.workers_cpu()
        load = asyncio.run(saturate(front.url, seconds, at_once=8 * len(servers), page=MOST_EXPENSIVE))
        used, nginx = sum(server.cpu() for server in servers) - before, front.workers_cpu() - nginx
    each = 1000 / len(load.visits)
    found = Throughput(len(servers), len(load.visits) / load.seconds, each * used, each * load.client, each * nginx)
    report.row(f"{words} behind nginx, /{MOST_EXPENSIVE} as often as they can", f"{found.rate:.0f} a second, "
               f"{load}; CPU a view: process {found.process:.1f} ms, load client {found.client:.1f}, nginx "
               f"{found.nginx:.1f}, which allow {found.bound:.0f} a second on {os.cpu_count()} cores")
    return found


def replicas(report: BenchReport, cache: Path, long: bool) -> None:
    """One, two, and one of two killed in the middle of a crowd."""
    if nginx_program() is None:
        raise SystemExit("nginx is not installed")
    seconds = 15.0 if long else 5.0
    with ExitStack() as opened:
        both = [opened.enter_context(portal(cache)) for _ in range(2)]
        single = saturated(report, "one process", both[:1], seconds)
        double = saturated(report, "two processes", both, seconds)
        report.row("two against one", f"{double.rate / single.rate:.2f} times by the clock; load client and nginx on "
                   f"the same cores leave room for {double.bound / single.bound:.2f}; "
                   f"{2 * single.process / double.process:.2f} times by the views that a second of processor "
                   "time gave", "1.7 where the load client leaves room")
        with in_front(both) as front:
            load = asyncio.run(killed(front, both[1], 200 if long else 60, 6.0))
            after = asyncio.run(crowd(front.url, 20, 1.0))
            report.row("one of two killed while residents come", f"{load.errors} of {len(load.visits) + load.failed} "
                       f"lost their page; of 20 who came after, {after.errors}", "its own sessions alone")


async def killed(front: Server, victim: Server, residents: int, within: float) -> Load:
    """A crowd, and a process that dies in the middle of it."""
    coming = asyncio.create_task(crowd(front.url, residents, within))
    await asyncio.sleep(within / 2)
    os.kill(victim.pid, signal.SIGKILL)
    return await coming
