"""What the agent does while its vCenter is at fault: one agent that goes through all of it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.faults.quick_agent import QuickAgent, agent_at_work

BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
ENVELOPE = b'<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenv="x"><v>'
SESSIONS = 4


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QuickAgent]:
    with agent_at_work(tmp_path_factory.mktemp("faults")) as at_work:
        yield at_work


@pytest.fixture(autouse=True)
def _sound_again(agent: QuickAgent) -> Iterator[None]:
    yield
    agent.vcenter.faults.clear()


def say(request: pytest.FixtureRequest, outcome: str) -> None:
    request.node.user_properties.append(("outcome", outcome))


@pytest.mark.fault("vCenter slow")
def test_a_slow_vcenter_is_read_all_the_same(agent: QuickAgent) -> None:
    agent.vcenter.faults.delay(0.5)
    agent.happens_unseen()
    agent.until_read()
    assert agent.target.up
    agent.recovers()


@pytest.mark.fault("vCenter silent")
def test_a_silent_vcenter_is_given_up_and_tried_again(agent: QuickAgent) -> None:
    agent.vcenter.faults.delay(4.0)
    agent.unreadable("unreachable")
    agent.recovers()


@pytest.mark.fault("vCenter hanging in the middle of an answer")
def test_an_answer_that_hangs_is_given_up(agent: QuickAgent) -> None:
    agent.vcenter.faults.hang(times=None)
    agent.vcenter.faults.kill_sessions()
    agent.unreadable("unreachable")
    agent.recovers()


@pytest.mark.fault("vCenter breaking off in the middle of an answer")
def test_half_an_answer_is_taken_for_none(agent: QuickAgent) -> None:
    agent.vcenter.faults.break_off(times=None)
    agent.unreadable("unreachable")
    agent.recovers()


@pytest.mark.fault("vCenter resetting connections")
def test_connections_that_are_reset_are_made_again(agent: QuickAgent) -> None:
    agent.vcenter.faults.reset(times=None)
    agent.unreadable("unreachable")
    agent.recovers()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"\x00\x1f}{ not an envelope", marks=pytest.mark.fault("vCenter answering garbage")),
        pytest.param(b"\x00<" * 5_000_000, marks=pytest.mark.fault("vCenter answering 10 MB of garbage")),
        pytest.param(BOMB, marks=pytest.mark.fault("vCenter answering XML with entities that expand")),
        pytest.param(
            ENVELOPE + b"x" * 40_000_000 + b"</v></soapenv:Envelope>",
            marks=pytest.mark.fault("vCenter answering one page of 40 MB"),
        ),
    ],
    ids=["garbage", "10 MB", "entities", "40 MB"],
)
def test_what_is_no_answer_is_refused_whatever_its_size(agent: QuickAgent, body: bytes) -> None:
    agent.vcenter.faults.answer_garbage(times=None, body=body)
    agent.unreadable("undecodable")
    agent.recovers()


@pytest.mark.fault("vCenter's certificate changed")
def test_a_changed_certificate_is_not_believed_until_it_is_configured(agent: QuickAgent) -> None:
    logins = agent.vcenter.calls["Login"]
    agent.vcenter.faults.swap_certificate()
    agent.unreadable("not_trusted")
    assert agent.vcenter.calls["Login"] == logins, "the password was not sent"
    (agent.folder / "ca.pem").write_bytes(agent.vcenter.ca_pem)
    agent.recovers()


@pytest.mark.fault("session killed every minute, and faster")
def test_a_killed_session_is_followed_by_one_new_login(agent: QuickAgent, request: pytest.FixtureRequest) -> None:
    logins = agent.vcenter.calls["Login"]
    for _ in range(SESSIONS):
        agent.vcenter.faults.kill_sessions()
        agent.happens_unseen()
        agent.until_read()
    agent.recovers()
    made = agent.vcenter.calls["Login"] - logins
    assert made == SESSIONS
    say(request, f"{SESSIONS} sessions killed, {made} logins")


@pytest.mark.fault("vCenter's clock steps by an hour")
def test_a_step_of_vcenters_clock_is_measured_and_nothing_stops(agent: QuickAgent) -> None:
    for seconds in (3600.0, 0.0):
        agent.vcenter.faults.skew_clock(seconds)
        agent.until(
            lambda seconds=seconds: (
                agent.target.clock_offset_s is not None
                and abs(agent.target.clock_offset_s - seconds - agent.clock.step.total_seconds()) < 30
            ),
            "the offset is known",
        )
        agent.happens_unseen()
        agent.recovers()


@pytest.mark.fault("the agent's clock steps by an hour")
def test_a_step_of_the_agents_own_clock_stops_nothing(agent: QuickAgent) -> None:
    for step in (timedelta(hours=1), timedelta(0)):
        agent.clock.step = step
        agent.happens_unseen()
        agent.until_read()
        agent.until(
            lambda: agent.metric(r'checkmeter_vcenter_up\{vcenter="dc1"\}') == 1.0, "the metrics are of now again"
        )
    agent.recovers()


HOSTILE = (
    'a"b\\c\nvsphere_vm_info{vm_name="forged"} 1',
    "\x1b[31mred\x1b[0m",
    "\u202egnp.exe",
    "<script>alert(1)</script>",
    "x" * 65_536,
    "æøå\u2028\u0085\ufeff",
)


@pytest.mark.fault("hostile names: line ends, quotes, ANSI, right-to-left, 64 KB")
def test_hostile_names_are_shown_and_do_nothing(
    agent: QuickAgent, caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest
) -> None:
    estate, vm = agent.vcenter.estate, agent.machine()
    before = estate.get(vm, "name")
    for name in HOSTILE:
        estate.set(vm, "name", name.replace("\x1b", ""))  # XML cannot carry ESC at all
        agent.happens_unseen()
        agent.until_read()
        shown = name.replace("\x1b", "")
        agent.until(lambda shown=shown: named(agent, shown), f"{shown[:20]!r} is a label")
        page = agent.get("/")
        assert "<script>alert" not in page
        assert 'vm_name="forged"} 1\n' not in agent.get("/metrics").replace('\\nvsphere_vm_info{vm_name=\\"forged', "")
    estate.set(vm, "name", before)
    agent.recovers()
    say(request, f"{len(HOSTILE)} names")


def named(agent: QuickAgent, name: str) -> bool:
    """Whether a parser of the exposition finds the name in a label, as it is or shortened."""
    wanted = name.replace("\r\n", "\n")
    families = text_string_to_metric_families(agent.get("/metrics"))
    labels = {sample.labels.get("vm_name", "") for family in families for sample in family.samples}
    return any(
        label and (label == wanted or wanted.startswith(label.rstrip("…"))) for label in labels if len(label) > 2
    )


def test_after_all_of_it_the_ledger_is_whole_and_knows_everything(agent: QuickAgent) -> None:
    agent.until_read()
    agent.until(lambda: not agent.unrecorded(), "everything is in the ledger")
    assert agent.told
    assert agent.chain_is_whole()
    assert agent.target.collectors["inventory"].bugs == 0
    assert agent.target.collectors["events"].bugs == 0
