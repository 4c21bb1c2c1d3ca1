import io
import json
import logging
import os
import tempfile
import threading

import pytest

from agent.cli import logs


def logged(form: str, message: str, level: int = logging.INFO, **fields: object) -> str:
    stream = io.StringIO()
    logs.configure(logging.DEBUG, form, stream)
    logging.getLogger("checkmeter.test").log(level, message, extra=fields)
    return stream.getvalue()


def test_a_logfmt_line_has_time_level_logger_message_and_fields() -> None:
    line = logged("logfmt", "connected", vcenter="dc1", tries=2)
    when, rest = line.split(" ", 1)
    assert when.startswith("ts=20")
    assert when.endswith("Z")
    assert rest == "level=info logger=checkmeter.test msg=connected vcenter=dc1 tries=2\n"


def test_a_json_line_is_one_object_with_the_same_fields() -> None:
    fields = json.loads(logged("json", "connected", vcenter="dc1", tries=2))
    assert set(fields) == {"ts", "level", "logger", "msg", "vcenter", "tries"}
    assert (fields["msg"], fields["tries"]) == ("connected", 2)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain", "plain"),
        ("", '""'),
        ("two words", '"two words"'),
        ('a "quote"', r'"a \"quote\""'),
        ("a=b", '"a=b"'),
        ("back\\slash", r'"back\\slash"'),
        ("æøå", "æøå"),
        ("line\nlevel=error", r'"line\nlevel=error"'),
        ("escape \x1b[2J", r'"escape \u001b[2J"'),
        ("delete\x7f", r'"delete\u007f"'),
        ("separator\u2028", r'"separator\u2028"'),
        ("backwards\u202e", r'"backwards\u202e"'),
    ],
)
def test_a_value_is_quoted_where_it_could_be_misread(value: str, written: str) -> None:
    assert logged("logfmt", "renamed", name_now=value).rstrip("\n").endswith(f" name_now={written}")


@pytest.mark.parametrize("form", ["logfmt", "json"])
@pytest.mark.parametrize("evil", ["a\nb", "a\rb", "a\x85b", "a\u2028b", "a\x1b[31mb"])
def test_nothing_that_is_logged_can_begin_another_line(form: str, evil: str) -> None:
    line = logged(form, evil, vm=evil)
    assert len(line.splitlines()) == 1
    assert line[:-1].isprintable()


def test_a_value_of_a_type_that_json_lacks_is_written_as_text() -> None:
    assert json.loads(logged("json", "x", error_kind=ValueError("bad")))["error_kind"] == "bad"


@pytest.mark.parametrize("form", ["logfmt", "json"])
def test_a_traceback_stays_on_the_line(form: str) -> None:
    stream = io.StringIO()
    logs.configure(logging.INFO, form, stream)
    try:
        {}["inner detail"]
    except KeyError:
        logging.getLogger("checkmeter.test").exception("a bug")
    (line,) = stream.getvalue().splitlines()
    assert "inner detail" in line
    assert "Traceback" in line


@pytest.mark.parametrize(("level", "priority"), [(logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6), (logging.DEBUG, 7)])  # fmt: skip
def test_journald_is_told_the_priority_of_each_line(monkeypatch: pytest.MonkeyPatch, level: int, priority: int) -> None:
    with tempfile.TemporaryFile("w+") as journal:
        status = os.fstat(journal.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{status.st_dev}:{status.st_ino}")
        logs.configure(logging.DEBUG, "logfmt", journal)
        logging.getLogger("checkmeter.test").log(level, "x")
        journal.seek(0)
        assert journal.read().startswith(f"<{priority}>ts=")


@pytest.mark.parametrize("named", ["", "1:1", "x:y", "12"])
def test_another_stream_than_the_journal_gets_no_priority(named: str) -> None:
    with tempfile.TemporaryFile("w+") as stream:
        assert not logs.goes_to_journal(stream, {"JOURNAL_STREAM": named})
    assert not logs.goes_to_journal(io.StringIO(), {"JOURNAL_STREAM": "1:1"})


def test_what_is_below_the_level_is_not_written() -> None:
    stream = io.StringIO()
    logs.configure(logging.WARNING, "logfmt", stream)
    logging.getLogger("checkmeter.test").info("unimportant")
    assert stream.getvalue() == ""


def test_a_thread_that_ends_by_a_bug_is_logged_on_one_line() -> None:
    stream = io.StringIO()
    logs.configure(logging.INFO, "logfmt", stream)

    def fail() -> None:
        raise ZeroDivisionError("inner detail")

    thread = threading.Thread(target=fail, name="rendering")
    thread.start()
    thread.join(10)
    (line,) = stream.getvalue().splitlines()
    assert (
        'level=critical logger=checkmeter.logs msg="a thread ended by a bug, please report it" thread_name=rendering'
        in line
    )
    assert "inner detail" in line


def test_a_thread_that_ends_for_want_of_memory_is_no_bug() -> None:
    stream = io.StringIO()
    logs.configure(logging.INFO, "logfmt", stream)

    def fail() -> None:
        raise MemoryError

    thread = threading.Thread(target=fail, name="rendering")
    thread.start()
    thread.join(10)
    (line,) = stream.getvalue().splitlines()
    assert line.endswith('thread_name=rendering reason="the machine has no memory left for it"')
