"""What `withdrawn` refuses to ask. A take-down of a release from a running site: tests/rehearsal/test_rehearsal.py."""

import pytest
from typer.testing import CliRunner

from portal.__main__ import app
from portal.errors import OptionWrong, SiteAway
from portal.withdrawn import withdrawn
from tests.browser.server import free_port
from tests.conftest import SMALLEST

OLD = SMALLEST[0]


def test_what_is_no_site_or_no_release_is_reported() -> None:
    with pytest.raises(OptionWrong, match="no URL of a site"):
        withdrawn("portal.example.org", OLD)
    with pytest.raises(OptionWrong, match="no name of a release"):
        withdrawn("http://127.0.0.1", "../etc")
    with pytest.raises(SiteAway):
        withdrawn(f"http://127.0.0.1:{free_port()}", OLD)
    refused = CliRunner().invoke(app, ["withdrawn", "portal.example.org", OLD])
    assert isinstance(refused.exception, OptionWrong)
