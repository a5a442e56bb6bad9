"""/data.json: the releases for catalogues of open data, by DCAT-US 1.1 (Project Open Data), which harvesters read."""

import json
from pathlib import Path
from urllib.parse import urlencode

from portal.contract.contract import ILLUSTRATIVE
from portal.exports.publisher import ABOUT, CITY, NAME
from portal.exports.schedule import PublishedRelease, Schedule
from portal.language import LANGUAGES
from portal.release.description import describe
from portal.render.downloads import FILES
from portal.render.facts import contacts
from portal.render.rendered import Snapshot

SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"
FORMATS = {".sqlite": ("SQLite", "application/vnd.sqlite3"), ".csv": ("CSV", "text/csv"),
           ".json": ("JSON", "application/json")}
PUBLISHER = {"@type": "org:Organization", "name": CITY}
Record = dict[str, object]


def catalogue(schedule: Schedule | None, snapshot: Snapshot, site_url: str, feedback: str = "") -> bytes:
    """The catalogue, for the site at that URL: each release that is served is a dataset, the newest first. A
    made-up release is none: a catalogue that lists it would offer its numbers as the City's.
    """
    releases = [release for release in reversed(schedule.releases if schedule else ())
                if release.id in snapshot.copies and release.state != ILLUSTRATIVE]
    return json.dumps({
        "@context": f"{SCHEMA}/catalog.jsonld", "@id": f"{site_url}/data.json", "@type": "dcat:Catalog",
        "conformsTo": SCHEMA, "describedBy": f"{SCHEMA}/catalog.json",
        "dataset": [_dataset(release, snapshot.copies[release.id], site_url, feedback) for release in releases],
    }, ensure_ascii=False, indent=1).encode()


def _dataset(release: PublishedRelease, folder: Path, site_url: str, feedback: str) -> Record:
    page = f"{site_url}/data?{urlencode({'release': release.id})}"
    license_url = describe(folder).license_url
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in FORMATS]
    return {
        "@type": "dcat:Dataset", "identifier": f"somerville-co-response-{release.id.lower()}",
        "title": f"{NAME}: release {release.id}", "description": ABOUT,
        "keyword": ["co-response", "crisis calls", "police", "public health", release.state],
        "issued": release.published_on, "modified": release.published_on, "accrualPeriodicity": "R/P3M",
        "temporal": f"{release.start}/{release.end}", "spatial": "Somerville, Massachusetts",
        "publisher": PUBLISHER, "contactPoint": contact_point(feedback), "accessLevel": "public", "landingPage": page,
        "language": list(LANGUAGES), **({"license": license_url} if license_url else {}),
        "describedBy": f"{site_url}/download/{release.id}/datapackage.json", "describedByType": "application/json",
        "distribution": [_distribution(path, path.relative_to(folder).as_posix(), release.id, site_url)
                         for path in files]}


def _distribution(path: Path, name: str, release_id: str, site_url: str) -> Record:
    label, media_type = FORMATS[path.suffix]
    return {"@type": "dcat:Distribution", "title": name, "description": FILES.get(name, name), "format": label,
            "mediaType": media_type, "downloadURL": f"{site_url}/download/{release_id}/{name}"}


def contact_point(feedback: str) -> Record:
    """Whom to write to, which DCAT-US demands: the URL for feedback; until one is set, the one in the footer."""
    if feedback.startswith("mailto:"):
        return {"@type": "vcard:Contact", "fn": CITY, "hasEmail": feedback.partition("?")[0]}
    return {"@type": "vcard:Contact", "fn": f"{CITY}: accessibility contact, until one for data is named",
            "hasEmail": f"mailto:{contacts()['accessibility'].email}"}
