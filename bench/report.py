"""The table that a run prints, as Markdown, a row as soon as it is known: what a run has measured is never lost."""

import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version


def machine() -> str:
    """What this is measured on, and how busy it is."""
    libraries = " ".join(f"{name} {version(name)}" for name in ("streamlit", "starlette", "uvicorn", "altair"))
    return (f"{time.strftime('%Y-%m-%d %H:%M')}, {os.cpu_count()} cores {platform.machine()}, load before "
            f"{os.getloadavg()[0]:.1f}; Python {platform.python_version()}, {libraries}")


class BenchReport:
    """Prints rows: what, measured, aim."""

    def __init__(self) -> None:
        print(f"{machine()}\n\n| what | measured | aim |\n|---|---|---|", flush=True)

    def row(self, what: str, measured: str, aim: str = "") -> None:
        """One line of the table."""
        print(f"| {what} | {measured} | {aim} |", flush=True)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """What goes wrong inside is a row, and the run goes on; how long it took goes below the table."""
        began = time.perf_counter()
        try:
            yield
        except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever it is, the other parts are still measured
            self.row(name, f"**not measured**: {type(error).__name__}: {' '.join(str(error).split())[:300]}")
        print(f"<!-- {name}: {time.perf_counter() - began:.0f} s, load {os.getloadavg()[0]:.1f} -->", flush=True)
