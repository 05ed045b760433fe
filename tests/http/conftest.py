"""One platform of each database for all tests of a worker."""

from collections.abc import Iterator

import pytest

from tests.conftest import DATABASES
from tests.http.platforms import Platform, a_platform


@pytest.fixture(scope="session", params=DATABASES)
def platform(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Platform]:
    """One for all tests of a worker."""
    with a_platform(request.param, tmp_path_factory.mktemp(f"served-{request.param}"), f"served_{worker_id}") as found:
        yield found
