"""The list of faults names tests that exist, and docs/faults.md is made from it."""

import re

import pytest

from tests.hostile.faults import DOCUMENT, Fault, document, faults
from tests.source import ROOT


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: fault.fault)
def test_every_test_of_the_list_exists(fault: Fault) -> None:
    assert fault.tests
    for test in fault.tests:
        path, _, name = test.partition("::")
        text = (ROOT / path).read_text("utf-8")
        assert not name or re.search(rf"^def {re.escape(name)}\(", text, re.MULTILINE), test


def test_the_document_is_made_from_the_list() -> None:
    assert DOCUMENT.read_text("utf-8") == document(), "run python -m tests.hostile.faults"
