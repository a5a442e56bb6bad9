"""What is verified before it is served."""

from pathlib import Path

import pytest

from portal.builder.cache_layout import CacheLayout
from portal.builder.verified_copies import verified_copy
from portal.errors import ReleaseBroken
from tests.source import ROOT

SHIPPED = ROOT / "data" / "releases"


def test_a_release_that_can_be_written_to_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.release.queries.can_write", lambda release: True)
    with pytest.raises(ReleaseBroken, match="its database could be written to"):
        verified_copy(SHIPPED / "2026-Q2", CacheLayout(tmp_path, str(SHIPPED)))
