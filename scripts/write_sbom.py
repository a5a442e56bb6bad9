"""Writes the software bill of materials (CycloneDX) of requirements.lock into a file: each library at its version, with
the hashes of the files that may be installed. The same lock gives the same bytes.
"""

import re
import sys
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

LOCK = Path(__file__).parent.parent / "requirements.lock"
LIBRARY = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?P<hashes>(?: \\\n +--hash=sha256:[0-9a-f]{64})+)",
                     re.MULTILINE)


def bill(lock: str) -> str:
    """The bill of a lock file's libraries, as JSON."""
    bom = Bom(components=[
        Component(name=entry["name"], version=entry["version"], bom_ref=f"{entry['name']}=={entry['version']}",
                  purl=PackageURL("pypi", None, entry["name"], entry["version"]),
                  hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)
                          for digest in re.findall("sha256:([0-9a-f]{64})", entry["hashes"])])
        for entry in LIBRARY.finditer(lock)], metadata=BomMetaData())
    bom.serial_number = None
    bom.metadata.timestamp = None
    return JsonV1Dot6(bom).output_as_string(indent=2)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(bill(LOCK.read_text("utf-8")), "utf-8")
