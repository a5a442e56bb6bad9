"""What a server looks at before it serves."""

import os
from pathlib import Path

import pytest

from portal.errors import BadSetting
from portal.serve import own


def test_a_cache_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own(tmp_path / "made" / "here")
    assert (tmp_path / "made" / "here").is_dir()
    (tmp_path / "another").symlink_to(tmp_path / "made")
    if os.geteuid():
        whose = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: whose + 1)
    else:  # what is root's is trusted
        os.chown(tmp_path / "made", 65534, -1)
    for cached in (tmp_path / "made", tmp_path / "another"):
        with pytest.raises(BadSetting, match="belongs to the user who runs the server"):
            own(cached)
