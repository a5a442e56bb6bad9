"""The indexes of every language, made of the texts and of one shipped release's figures, which nothing draws."""

from collections.abc import Mapping

import pytest

from portal.search.index import SearchIndex
from tests.search.indexes import indexes_of


@pytest.fixture(scope="session")
def indexes() -> Mapping[str, SearchIndex]:
    """By the code of their language."""
    return indexes_of()
