"""The files of a rendered release. Each part is one JSON file whose name holds the hash of its content."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from portal.builder.index import DOWNLOADS, EXPLORE, PICTURES, SUMMARY, Rendering, replace_file
from portal.language import DEFAULT
from portal.render.rendered import Picture, RenderedFigure

HASH = 32  # hexadecimal digits of a part's hash in its name
FILES = "files"  # in a rendering in English: the release's own files, compressed


class PartDamaged(Exception):
    """A part is missing, or its content does not have the hash of its name."""


def write_part(folder: Path, part: str, content: Mapping[str, object]) -> str:
    """Write a part and return its file's name, such as `2027-Q3-<hash>.json`. Raises OSError."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    name = f"{quote(part, safe='')}-{hashlib.sha256(text).hexdigest()[:HASH]}.json"
    replace_file(folder / name, text)
    return name


def read_part(folder: Path, name: str) -> dict[str, Any]:
    """A part's content. Raises PartDamaged where it is missing or altered: disks fail, and a power cut leaves empty
    files.
    """
    try:
        text = (folder / name).read_bytes()
    except OSError as error:
        raise PartDamaged(f"{name} can't be read") from error
    if hashlib.sha256(text).hexdigest()[:HASH] != name.removesuffix(".json").rpartition("-")[2]:
        raise PartDamaged(f"{name} is not what was written")
    content: dict[str, Any] = json.loads(text)
    return content


def is_undamaged(path: Path) -> bool:
    """Whether a part's file has the hash of its name."""
    try:
        return bool(read_part(path.parent, path.name))
    except PartDamaged:
        return False


def file_sums(folder: Path, names: Iterator[str] | list[str]) -> dict[str, str]:
    """The sha256 of files of a folder, by name."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in sorted(names)}


def check_part(folder: Path, name: str) -> None:
    """Read a part and every file it names. Raises PartDamaged where one is missing or altered."""
    sums = read_part(folder, name)["files"]
    try:
        differ = [file for file, digest in file_sums(folder, list(sums)).items() if digest != sums[file]]
    except OSError as error:
        raise PartDamaged(f"a file of {name} can't be read") from error
    if differ:
        raise PartDamaged(f"{differ[0]} is not what was written")


def parts_in(folder: Path) -> dict[str, str]:
    """The undamaged parts in a folder by their names (another builder may have written them); others are deleted."""
    parts: dict[str, str] = {}
    for path in sorted(folder.glob("*-*.json")):
        try:
            check_part(folder, path.name)
            parts[read_part(folder, path.name)["part"]] = path.name
        except (PartDamaged, KeyError, ValueError):
            path.unlink(missing_ok=True)
    return parts


def part_names(periods: Sequence[str], language: str) -> list[str]:
    """The parts of a release with these periods, in the order in which they are rendered: a release is live as soon as
    its first period is there, and all pages need what stands before it.
    """
    return [SUMMARY, EXPLORE, *(periods or [""]), PICTURES, *([DOWNLOADS] if language == DEFAULT else [])]


def is_complete(folder: Path, language: str, parts: dict[str, str]) -> bool:
    """Whether these are all parts of a rendered release."""
    if SUMMARY not in parts:
        return False
    periods = [period for period, _ in read_part(folder, parts[SUMMARY])["periods"]]
    return set(part_names(periods, language)) <= parts.keys()


def files_exist(root: Path, rendering: Rendering) -> bool:
    """Whether the files of all parts still exist: somebody may have emptied the folder."""
    return all((root / rendering.folder / name).is_file() for name in rendering.parts.values())


def figure_from(row: dict[str, Any]) -> RenderedFigure:
    """A figure from its row in a part. Its HTML has SITE (portal.render.rendered) for the site's URL."""
    return RenderedFigure(**row | {"preview": Picture(**row["preview"]) if row["preview"] else None})
