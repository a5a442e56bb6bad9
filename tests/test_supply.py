"""What the portal is made of: every library listed with its licence, and a bill of materials by one command."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.source import ROOT


def locked() -> dict[str, str]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


def test_every_library_is_listed_with_its_licence() -> None:
    rows = re.findall(r"^\| (\S+) \| (\S+) \| (.+?) \|", (ROOT / "docs/licences.md").read_text("utf-8"), re.MULTILINE)
    listed = {re.sub(r"[._-]+", "-", name).lower(): (version, licence) for name, version, licence in rows}
    missing = [f"{name} {version}" for name, version in locked().items() if listed.get(name, ("",))[0] != version]
    assert not missing, f"Run `make licences`: {', '.join(missing)}"
    assert not [name for name in locked() if listed[name][1] == "UNKNOWN"]


def test_the_bill_of_materials_names_every_library(tmp_path: Path) -> None:
    files = [tmp_path / "sbom.json", tmp_path / "again.json"]
    for file in files:
        subprocess.run([sys.executable, "scripts/write_sbom.py", file], cwd=ROOT, check=True, capture_output=True)
    assert files[0].read_bytes() == files[1].read_bytes()
    made = json.loads(files[0].read_text("utf-8"))
    assert made["bomFormat"] == "CycloneDX"
    assert {item["name"]: item["version"] for item in made["components"]} == locked()
    assert all(item["hashes"] for item in made["components"])
