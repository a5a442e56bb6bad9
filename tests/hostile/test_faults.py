"""The list of faults names what is there: each defence, each test; and the table in docs/ is made from it."""

import re

import pytest

from tests.hostile.undefended import TABLE, Fault, faults, table
from tests.source import ROOT


@pytest.mark.parametrize("one", faults(), ids=lambda one: one.fault)
def test_each_defence_and_each_test_is_where_the_list_says(one: Fault) -> None:
    assert one.without() != (ROOT / one.file).read_text("utf-8")
    for test in one.tests:
        path, _, name = test.partition("::")
        text = (ROOT / path).read_text("utf-8")
        assert re.search(rf"^def {re.escape(name.partition('[')[0])}\(", text, re.MULTILINE) or not name, test


def test_the_table_is_made_from_the_list() -> None:
    assert TABLE.read_text("utf-8") == table(), "run python -m tests.hostile.undefended --write"
