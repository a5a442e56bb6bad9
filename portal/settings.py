"""Every setting, once: its name in the environment, its default and what it is for.

README's table of settings is tested against `SETTINGS`. Nothing else in the portal reads the environment.
"""

import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from portal.errors import BadSetting

# A host name, an IPv4 or a bracketed IPv6 address, and perhaps a port: nothing that could end an attribute or a line.
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?", re.IGNORECASE)
# The path under which the site stands: nothing that could end an attribute, leave the folder or be a pattern's sign.
PATH = re.compile(r"(?:/[A-Za-z0-9_~][A-Za-z0-9_~.+-]*)*")
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Setting:
    """One setting: `PORTAL_<NAME>` in the environment overrides the default."""

    name: str
    default: str
    help: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"PORTAL_{self.name.upper()}"


SETTINGS = (
    Setting("releases", str(ROOT / "data" / "releases"),
            "folder of the published releases, or the DSN of a PostgreSQL that holds them"),
    Setting("cache", str(Path(tempfile.gettempdir()) / "somerville-co-response-portal"),
            "folder for rendered releases; may be deleted whenever the server is stopped"),
    Setting("host", "127.0.0.1", "host name or IP address the server listens on"),
    Setting("port", "8501", "port the server listens on"),
    Setting("address", "",
            "URL of the site as visitors see it, such as https://portal.example.org or https://example.org/portal;"
            " /portal alone: under this path, as each visitor asks; empty: as each visitor asks"),
    Setting("framed_by", "",
            "sites that may show the pages in a frame, such as https://www.example.org, with spaces; empty: none"),
    Setting("log", "text", "how the log is written: text, or json (one object a line)"),
    Setting("metrics", "off", "on: numbers for Prometheus at /metrics; keep that URL from the public"),
    Setting("feedback", "",
            "URL (https: or mailto:) of the City's feedback form; empty: the pages say whom to write to"),
    Setting("ahead", "es,pt-BR,ht,ne",
            "languages, beside English, in which releases are rendered; none: every page is in English, marked"),
    Setting("pseudo", "", "anything: `?lang=en-XA` shows stretched English, to see what a longer language breaks"),
)

KNOWN = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True)
class Settings:
    """What one application runs with. Tests make one; `read()` takes it from the environment."""

    releases: str = KNOWN["releases"].default  # a folder, or the DSN of a database
    cache: Path = Path(KNOWN["cache"].default)
    host: str = KNOWN["host"].default
    port: int = int(KNOWN["port"].default)
    address: str = ""  # without a slash at its end; a path alone: the host is the one that each visitor asks for
    framed_by: tuple[str, ...] = ()  # origins, such as https://www.example.org
    log: str = "text"  # text or json
    metrics: bool = False
    feedback: str = ""
    ahead: tuple[str, ...] = tuple(KNOWN["ahead"].default.split(","))  # languages beside English
    pseudo: bool = False

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which releases are rendered, English first."""
        return tuple(dict.fromkeys(["en", *self.ahead]))

    @property
    def site(self) -> str:
        """The site's URL where no visitor names one: PORTAL_ADDRESS, else where this server listens."""
        return self.address if "://" in self.address else f"http://{self.host}:{self.port}{self.path}"

    @property
    def path(self) -> str:
        """The path under which the site stands on its host, such as `/portal`; "" at the root."""
        return urlsplit(self.address).path

    def under(self, path: str) -> "Settings":
        """The same for a site under a path of its host, such as `/portal`. Raises BadSetting."""
        return replace(self, address=_site_url(self.address + path))

    def environment(self) -> dict[str, str]:
        """The environment for a child process with these settings."""
        variables = {"ahead": ",".join(self.ahead) or "none", "metrics": "on" if self.metrics else "off",
               "pseudo": "yes" if self.pseudo else "", "framed_by": " ".join(self.framed_by)}
        named = {name: str(getattr(self, name)) for name in KNOWN} | variables
        return {**os.environ, **{KNOWN[name].variable: value for name, value in named.items()}}


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of an environment. Raises BadSetting where one can't be read."""
    text = {name: environment.get(setting.variable) or setting.default for name, setting in KNOWN.items()}
    languages = [part.strip() for part in text["ahead"].split(",") if part.strip()]
    return Settings(
        absolute(text["releases"]), _folder("cache", text["cache"]), text["host"], _number("port", text["port"]),
        _site_url(text["address"]), tuple(_origin(origin) for origin in text["framed_by"].split()),
        _choice("log", text["log"], "text", "json"),
        _choice("metrics", text["metrics"], "off", "on") == "on", text["feedback"],
        () if languages == ["none"] else tuple(languages), bool(text["pseudo"]))


def trusted_proxies(environment: Mapping[str, str] = os.environ) -> str:
    """The proxies that are believed when they say who asks: IP addresses and networks, with commas. The setting and its
    default are uvicorn's.
    """
    return environment.get("FORWARDED_ALLOW_IPS") or "127.0.0.1,::1"


def releases_folder() -> Path:
    """The folder of releases that the environment names, for commands that work on files. Raises BadSetting where it
    names a database.
    """
    return _folder("releases", read().releases)


def absolute(releases: str) -> str:
    """A place of releases as it is named everywhere: a database by its DSN, a folder by its whole path."""
    return releases if "://" in releases else str(Path(releases).expanduser().resolve())


def _folder(name: str, text: str) -> Path:
    if "://" in text:  # not repeated: a DSN may hold a password
        raise BadSetting(KNOWN[name].variable, "(a DSN)", "a folder here; `serve` and `build` read a database")
    return Path(text).expanduser()


def _number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise BadSetting(KNOWN[name].variable, text, "a whole number, such as 8501")
    return int(text)


def _choice(name: str, text: str, *known: str) -> str:
    if text not in known:
        raise BadSetting(KNOWN[name].variable, text, " or ".join(known))
    return text


def _site_url(text: str) -> str:
    url = text.rstrip("/")
    scheme, _, authority = url.partition("://")
    host, slash, path = authority.partition("/")
    is_url = scheme in {"http", "https"} and HOST.fullmatch(host) and PATH.fullmatch(slash + path)
    if not is_url and not PATH.fullmatch(url):
        raise BadSetting(KNOWN["address"].variable, text,
                         "a URL such as https://portal.example.org or https://example.org/portal")
    return url


def _origin(text: str) -> str:
    scheme, _, host = text.partition("://")
    if scheme not in {"http", "https"} or not HOST.fullmatch(host):
        raise BadSetting(KNOWN["framed_by"].variable, text, "URLs without a path, such as https://www.example.org")
    return text
