"""What the operator reads: lines of text or JSON, without URLs, user agents or queries of visitors.

Touches settings alone. An error a visitor met is noted under the reference number that she was shown.
"""

import json
import logging
import secrets
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

TRACEBACKS_A_MINUTE = 5  # of the same place: more would let a stranger fill the disk
# Others that log by themselves: how loud they may be. uvicorn's INFO lines hold URLs and queries.
OTHERS = {"uvicorn": logging.WARNING, "uvicorn.error": logging.WARNING, "uvicorn.access": logging.CRITICAL,
          "streamlit": logging.WARNING,
          "streamlit.error_util": logging.CRITICAL,  # a page's fault is noted once, by noted()
          "websockets": logging.WARNING, "asyncio": logging.ERROR}
_LOG = logging.getLogger("portal")


def noted(error: BaseException) -> str:
    """Log an error with its traceback under a new reference number, and return that number."""
    reference = secrets.token_hex(4)
    _LOG.error("A visitor met an error. Reference %s", reference, exc_info=error, extra={"reference": reference})
    return reference


class FewTracebacks(logging.Filter):
    """Lets the traceback of the same place through only so often; after that a fault that a visitor has the number of
    keeps its line, and what nobody asks for is left out: asyncio writes thousands of lines a second when there are no
    file handles left.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[tuple[object, ...], list[float]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """False for what has been said enough; a traceback that has been is taken off."""
        said_enough = False
        if record.exc_info and record.exc_info[1] is not None:
            last = record.exc_info[2]
            while last and last.tb_next:
                last = last.tb_next
            place = (record.exc_info[0], last and (last.tb_frame.f_code.co_filename, last.tb_lineno))
            now = time.monotonic()
            recent = [when for when in self.seen.get(place, []) if now - when < 60]
            if len(recent) >= TRACEBACKS_A_MINUTE:
                record.exc_info = record.exc_text = None
                said_enough = not hasattr(record, "reference")
            else:
                recent.append(now)
            self.seen = {key: whens for key, whens in self.seen.items() if now - whens[-1] < 60} | {place: recent}
        return not said_enough


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message; reference, traceback and numbers where there are any."""
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname, "logger": record.name, "message": record.getMessage()}
        entry |= {name: value for name in ("reference", "counts") if (value := getattr(record, name, None)) is not None}
        if trace := _trace(self, record):
            entry["traceback"] = trace
        return json.dumps(entry, ensure_ascii=True)


class OneLine(logging.Formatter):
    """Text for a person. What a visitor sent can't begin a line: a traceback is indented; or left out (`traces`)."""

    def __init__(self, *, traces: bool = True) -> None:
        super().__init__()
        self.traces = traces

    def format(self, record: logging.LogRecord) -> str:
        """The message on one line, then the traceback where there is one."""
        line = f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%d %H:%M:%S} {record.levelname} "
        trace = _trace(self, record).splitlines() if self.traces else []
        return line + "\n    ".join(_printable(text) for text in [record.getMessage(), *trace])


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    """The traceback of the error that a record is about, "" where it has none. That of an error in a child process
    comes as text: `extra={"trace": …}`.
    """
    child_trace: str = getattr(record, "trace", "")
    return formatter.formatException(record.exc_info) if record.exc_info else child_trace


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def configure(form: str, tracebacks: Path | None = None) -> None:
    """Let everything in this process log one way, to stderr. `form`: text, or json (one object a line). `tracebacks`:
    the file for errors with their tracebacks, begun anew, where a person runs a command and reads `text`.
    """
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    handlers[0].setFormatter(JsonLines() if form == "json" else OneLine(traces=tracebacks is None))
    if tracebacks:
        handlers.append(logging.FileHandler(tracebacks, "w", "utf-8", delay=True))
        handlers[1].setLevel(logging.ERROR)
        handlers[1].setFormatter(OneLine())
    for handler in handlers:
        handler.addFilter(FewTracebacks())
    root = logging.getLogger()
    root.handlers, root.level = handlers, logging.WARNING
    _LOG.setLevel(logging.INFO)
    for name in [*OTHERS, *logging.root.manager.loggerDict]:
        top = name.split(".")[0]
        if top in OTHERS or name in OTHERS:
            other = logging.getLogger(name)
            other.handlers, other.propagate = [], True
            other.setLevel(OTHERS.get(name, OTHERS[top]))
