"""Every setting, once: its name in the environment, its type, its default and what it is for.

README's table of settings is tested against `SETTINGS`. Nothing else in the portal reads the environment.
"""

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from portal.errors import BadSetting

# A host name, an IPv4 or a bracketed IPv6 address, and perhaps a port: nothing that could end an attribute or a line.
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?", re.IGNORECASE)
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Setting:
    """One setting: `PORTAL_<NAME>` in the environment overrides the default."""

    name: str
    kind: type[str] | type[int] | type[Path]
    default: str
    help: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"PORTAL_{self.name.upper()}"


SETTINGS = (
    Setting("releases", Path, str(ROOT / "data" / "releases"),
            "folder of the published releases, or the address of a PostgreSQL that holds them"),
    Setting("cache", Path, str(Path(tempfile.gettempdir()) / "somerville-co-response-portal"),
            "folder for figures drawn ahead of time; may be deleted whenever the server is stopped"),
    Setting("host", str, "127.0.0.1", "address the server listens on"),
    Setting("port", int, "8501", "port the server listens on"),
    Setting("address", str, "",
            "address of the site as visitors see it, such as https://portal.example.org; empty: as each visitor asks"),
    Setting("log", str, "text", "how the log is written: text, or json (one object a line)"),
    Setting("metrics", str, "off", "on: numbers for Prometheus at /metrics; keep that address from the public"),
    Setting("feedback", str, "",
            "address (https: or mailto:) of the City's feedback form; empty: the pages say whom to write to"),
    Setting("ahead", str, "es,pt-BR,ht,ne",
            "languages, beside English, in which a release is drawn ahead; none: nothing is drawn before it is live"),
    Setting("pseudo", str, "", "anything: `?lang=en-XA` shows stretched English, to see what a longer language breaks"),
)

KNOWN = {one.name: one for one in SETTINGS}


def setting(name: str) -> str:
    """The value of a setting as text: from the environment, or its default. Raises KeyError on an unknown name."""
    found = KNOWN[name]
    return os.environ.get(found.variable) or found.default


def ahead() -> tuple[str, ...]:
    """The languages in which releases are drawn before anybody asks, English first; empty where nothing is."""
    named = [one.strip() for one in setting("ahead").split(",") if one.strip()]
    return () if named == ["none"] else tuple(dict.fromkeys(["en", *named]))


def folder(name: str) -> Path:
    """A setting that is a folder, with `~` opened; raises BadSetting when it is an address, without repeating it."""
    text = setting(name)
    if "://" in text:
        raise BadSetting(f"PORTAL_{name.upper()}", "(an address)", "a folder here: only `serve` reads a database")
    return Path(text).expanduser()


def number(name: str) -> int:
    """A setting that is a whole number; raises BadSetting when it is not."""
    text = setting(name)
    if not text.isascii() or not text.isdigit():
        raise BadSetting(f"PORTAL_{name.upper()}", text, "a whole number, such as 8501")
    return int(text)


def choice(name: str, *known: str) -> str:
    """A setting that is one of a few words; raises BadSetting when it is not."""
    text = setting(name)
    if text not in known:
        raise BadSetting(f"PORTAL_{name.upper()}", text, " or ".join(known))
    return text


def address() -> str:
    """The site's own address without a slash at its end, "" where it is not set; raises BadSetting when it is none."""
    given = setting("address").rstrip("/")
    scheme, _, rest = given.partition("://")
    host, slash, path = rest.partition("/")
    known = scheme in {"http", "https"} and HOST.fullmatch(host) and re.fullmatch(r"[\w/.~-]*", slash + path)
    if given and not known:
        raise BadSetting("PORTAL_ADDRESS", setting("address"), "an address such as https://portal.example.org")
    return given


def here() -> str:
    """The site's address in what is written ahead: PORTAL_ADDRESS, else where this server listens."""
    return address() or f"http://{setting('host')}:{setting('port')}"


def override(name: str, value: str) -> None:
    """Set a setting for this process and those it starts: how the command line's options reach them."""
    os.environ[KNOWN[name].variable] = value
