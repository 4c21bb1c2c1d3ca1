"""The unit is started for real, and holds what it promises: `python -m tests.proofs.started_unit` prints the table of it."""

from collections.abc import Iterator

import pytest

from tests.proofs.started_unit import started
from tests.systemd.behaviours import BEHAVIOURS, Behaviour, NotTried
from tests.systemd.started_service import Service
from tests.tools import not_permitted

pytestmark = [
    pytest.mark.needs("systemd-nspawn"),
    pytest.mark.needs("debootstrap"),
    pytest.mark.needs("dpkg-deb"),
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with started(tmp_path_factory.mktemp("machine")) as service:
        yield service


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda one: one.promise)
def test_the_started_service_keeps_its_promise(running: Service, behaviour: Behaviour) -> None:
    # one after the other, on one service: what a promise needs, those before it have left so
    try:
        assert behaviour.tried(running)
    except NotTried as reason:
        not_permitted(str(reason))
