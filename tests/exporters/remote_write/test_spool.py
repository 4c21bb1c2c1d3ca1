"""Requests wait on the disk, none half, none lost, oldest first, never more than there is room for."""

import pytest

from exporters.remote_write.spool import Spool


def test_what_was_put_is_found_by_the_next_agent_in_order_and_readable_by_nobody_else(tmp_path):
    spool = Spool(tmp_path / "late", 1000)
    for number in range(12):
        spool.put(b"%d" % number, number)
    again = Spool(tmp_path / "late", 1000)
    assert again.waiting_bytes == spool.waiting_bytes == sum(len(str(number)) for number in range(12))
    found = []
    while (one := again.oldest()) is not None:
        found.append((one.file.read_bytes(), one.samples, one.file.stat().st_mode & 0o777))
        again.done()
    assert found == [(b"%d" % number, number, 0o600) for number in range(12)]
    assert list((tmp_path / "late").iterdir()) == []


def test_numbers_go_on_after_a_restart(tmp_path):
    Spool(tmp_path, 1000).put(b"first", 1)
    spool = Spool(tmp_path, 1000)
    spool.put(b"second", 1)
    assert spool.oldest().file.read_bytes() == b"first"


def test_the_oldest_makes_room_and_is_counted(tmp_path):
    spool = Spool(tmp_path, 10)
    assert spool.put(b"12345", 7) == 0
    assert spool.put(b"12345", 8) == 0
    assert spool.put(b"1", 9) == 7
    assert spool.waiting_bytes == 6
    assert spool.put(b"1234567890123", 10) == 8 + 9
    assert spool.oldest().samples == 10  # the newest is kept whatever its size


def test_a_file_that_was_not_finished_is_removed_and_others_are_left_alone(tmp_path):
    (tmp_path / "000000000001-5.part").write_bytes(b"half")
    (tmp_path / "note.txt").write_text("by the admin")
    assert Spool(tmp_path, 10).oldest() is None
    assert [file.name for file in tmp_path.iterdir()] == ["note.txt"]


def test_a_disk_that_fails_leaves_nothing_half(tmp_path):
    blocked = tmp_path / "late"
    blocked.write_text("a file where the folder should be")
    spool = Spool(blocked, 10)
    with pytest.raises(OSError, match=r"File exists|Not a directory"):
        spool.put(b"x", 1)
    assert spool.oldest() is None
