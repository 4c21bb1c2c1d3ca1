"""A cluster tolerates the loss of its largest hosts as long as the rest has room for what is used and reserved."""

from agent.model.failover import failures_tolerated
from agent.model.host import HostSystem

GIB = 1024


def host(memory_gib=256, used_gib=100, cpu_used_mhz=10_000, cores=32, **more):
    values = {
        "connection_state": "connected",
        "in_maintenance_mode": False,
        "cpu_mhz": 2000,
        "cpu_cores": cores,
        "memory_bytes": memory_gib * 1024**3,
        "cpu_usage_mhz": cpu_used_mhz,
        "memory_usage_mib": used_gib * GIB,
        **more,
    }
    return HostSystem(moid="host-1", **values)


def test_three_hosts_with_a_third_in_use_can_lose_one():
    assert failures_tolerated([host(), host(), host()]) == 1


def test_the_largest_host_is_the_one_that_is_lost():
    assert failures_tolerated([host(512, 150), host(128, 50), host(128, 50)]) == 1
    assert failures_tolerated([host(512, 200), host(128, 50), host(128, 50)]) == 0


def test_reservations_count_where_they_are_more_than_what_is_used():
    assert failures_tolerated([host(), host(), host()], memory_reserved_mib=600 * GIB) == 0
    assert failures_tolerated([host(), host()], cpu_reserved_mhz=64_001) == 0


def test_the_scarcer_of_cpu_and_memory_decides():
    assert failures_tolerated([host(used_gib=10, cpu_used_mhz=50_000) for _ in range(3)]) == 0


def test_a_host_in_maintenance_or_away_counts_as_lost_already():
    busy = host(used_gib=150)
    assert failures_tolerated([busy, busy, busy]) == 1
    assert failures_tolerated([busy, busy, host(in_maintenance_mode=True)]) == 0
    assert failures_tolerated([busy, busy, host(connection_state="notResponding")]) == 0
    assert failures_tolerated([]) is None


def test_a_host_that_does_not_say_what_it_uses_leaves_it_unknown():
    assert failures_tolerated([host(), host(memory_usage_mib=None)]) is None


def test_one_host_alone_tolerates_nothing():
    assert failures_tolerated([host(used_gib=1, cpu_used_mhz=1)]) == 0
