"""Sources that hold more or less than ours: subsets of the optional columns such that each pair of columns is there in
all four ways, with and without (a covering array of strength two; Kleitman and Spencer, 1973).
"""

import tempfile
from itertools import combinations, product
from pathlib import Path

from portal.navigation import PAGES
from portal.publish.ingest.columns import COLUMNS, REQUIRED
from portal.publish.publish import Published
from tests import site
from tests.publish import made

ROSTER = "roster"
OPTIONAL = (*(column.name for column in COLUMNS if column.name not in REQUIRED), ROSTER)
SOURCES = 8  # 35 columns fit: so many ways to choose 4 of 7
ENDS = made.quarter_ends(2)


def subsets() -> list[tuple[str, ...]]:
    """What each source does not hold; the first holds all, the last nothing that is optional."""
    lacks = list(zip(OPTIONAL, combinations(range(1, SOURCES), SOURCES // 2), strict=False))
    return [*(tuple(name for name, sources in lacks if at in sources) for at in range(SOURCES)), OPTIONAL]


def published(without: tuple[str, ...], folder: Path, responses: tuple[int, ...] = (60, 45)) -> Published:
    """The release of two quarters of a source that lacks these columns."""
    duty = None if ROSTER in without else made.roster(made.FIRST, ENDS[-1])
    extract = made.extract(made.rows(responses), duty=duty, without=[name for name in without if name != ROSTER])
    return made.publish(extract, ENDS[-1], folder, state="illustrative")


PAGES_SHOWN = [f"/plain/{page.slug}?lang={{}}" for page in PAGES]
OTHERS = ("/brief.pdf?lang={}", "/brief-document?lang={}", "/api/v1/releases/newest/cells?labels={}",
          "/api/v1/figures/response.met?lang={}", "/api/v1/figures/outcome.kind?lang={}", "/feed.atom?lang={}")


def not_shown(without: tuple[str, ...], folder: Path, languages: tuple[str, ...] = ("en", "es")) -> list[str]:
    """URLs of a portal that shows this source's release and do not answer as they should, in these languages."""
    published(without, folder / "releases")
    return unanswered(folder, languages)


def unanswered(folder: Path, languages: tuple[str, ...] = ("en", "es")) -> list[str]:
    """URLs of a portal that shows the folder's releases and do not answer as they should."""
    settings = site.built(site.settings_for(folder / "releases", folder / "cache", ahead=languages[1:]))
    snapshot = site.state_of_site(settings).snapshots.snapshot
    found = [] if snapshot.live else ["no release is live"]
    with site.client_of(settings) as client:
        for language, path in product(languages, (*PAGES_SHOWN, *OTHERS)):
            answer = client.get(path.format(language))
            if answer.status_code != 200:
                found.append(f"{path.format(language)}: {answer.status_code}")
    return found


def main() -> None:
    """Show every source; end with 1 if a URL of one does not answer."""
    wrong = 0
    for without in subsets():
        with tempfile.TemporaryDirectory() as folder:
            found = not_shown(without, Path(folder))
        print(f"lacks {', '.join(without) or 'nothing'}: {'; '.join(found) or 'all is shown'}", flush=True)
        wrong += len(found)
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
