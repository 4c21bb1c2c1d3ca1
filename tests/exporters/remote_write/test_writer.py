"""What the writer does with every kind of answer: nothing that a receiver might still take is thrown away."""

import http.server
import threading
from dataclasses import dataclass, field

import pytest

from agent.clock import SystemClock
from agent.collectors.loop import guarded
from agent.errors import CredentialUnreadable
from exporters.remote_write.receiver import NotTaken, Receiver
from exporters.remote_write.writer import RemoteWriter
from tests.exporters.remote_write.test_late_series import late
from tests.simulator.simulated_time import SimulatedTime
from tests.worlds import TARGET

ENTITY, ITEM = next(iter(TARGET.performance.entities["vm"].items()))
LATE = late("vm", ENTITY, ITEM)


@dataclass
class Answers:
    """A receiver that answers as told: (status, text), the last one for ever."""

    script: list = field(default_factory=lambda: [(204, b"")])
    requests: list = field(default_factory=list)
    port: int = 0

    def next(self):
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


@pytest.fixture
def answers():
    told = Answers()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            told.requests.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            status, text = told.next()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield told
        server.shutdown()
        thread.join()


def receiver(answers, **options):
    return Receiver(url=f"http://127.0.0.1:{answers.port}/api/v1/write?tenant=a", version="1", **options)


def writer(answers, folder, seconds=1.0, **options):
    """A writer with what it has published; `run` ends after so many seconds of simulated time."""
    published = []
    made = RemoteWriter(
        receiver(answers, **options), folder, {}, SimulatedTime(seconds), publish=published.append, guard=guarded
    )
    return made, published


def run(made):
    made.run(threading.Event())


def test_what_was_added_is_sent_once_and_removed_from_the_disk(answers, tmp_path):
    made, published = writer(answers, tmp_path)
    made.add(LATE)
    assert answers.requests == []
    made.flush()
    run(made)
    (path, headers, _), *more = answers.requests
    assert more == []
    assert path == "/api/v1/write?tenant=a"
    assert headers["Content-Encoding"] == "snappy"
    assert headers["X-Prometheus-Remote-Write-Version"] == "0.1.0"
    assert published[-1].sent > 50
    assert (published[-1].waiting_bytes, published[-1].problem) == (0, None)
    assert list(tmp_path.iterdir()) == []


def test_a_receiver_that_is_busy_or_broken_gets_it_later(answers, tmp_path):
    answers.script = [(503, b"starting"), (429, b""), (500, b""), (200, b"")]
    made, published = writer(answers, tmp_path, seconds=20)
    made.add(LATE)
    made.flush()
    run(made)
    assert len(answers.requests) == 4
    assert len({body for _, _, body in answers.requests}) == 1
    assert "HTTP 503 (starting)" in next(one.problem for one in published if one.problem).problem
    assert (published[-1].problem, published[-1].dropped, published[-1].refused) == (None, 0, 0)
    assert published[-1].sent > 0


def test_what_will_be_refused_for_ever_is_counted_and_does_not_hold_up_the_rest(answers, tmp_path):
    answers.script = [(400, b"out of order sample\n\x1b[31m"), (204, b"")]
    made, published = writer(answers, tmp_path)
    for _ in range(2):
        made.add(LATE)
        made.flush()
    run(made)
    assert published[-1].refused == published[-1].sent > 0
    problem = next(one.problem for one in published if one.problem)
    assert "(out of order sample ?[31m)" in problem.problem
    assert "out_of_order_time_window" in problem.cure


def test_a_wrong_password_loses_nothing_and_is_not_shown(answers, tmp_path):
    answers.script = [(401, b"who are you?")]
    passwords = ["wrong-secret"]
    made, published = writer(answers, tmp_path, seconds=10, username="me", password=lambda: passwords[0])
    made.add(LATE)
    made.flush()
    run(made)
    assert published[-1].waiting_bytes > 0
    assert "wrong-secret" not in repr(published)
    answers.script = [(204, b"")]
    again, published = writer(answers, tmp_path, username=None, password=lambda: "token")
    run(again)  # what an agent before has left
    assert published[-1].waiting_bytes == 0
    assert answers.requests[0][1]["Authorization"] == "Basic bWU6d3Jvbmctc2VjcmV0"
    assert answers.requests[-1][1]["Authorization"] == "Bearer token"


def test_a_password_file_that_cannot_be_read_is_a_problem_of_one_line(answers, tmp_path):
    def unreadable():
        raise CredentialUnreadable("password file x: missing", cure="create it")

    made, published = writer(answers, tmp_path, password=unreadable)
    made.add(LATE)
    made.flush()
    run(made)
    assert published[-1].problem.problem == "password file x: missing"
    assert published[-1].waiting_bytes > 0


def test_nobody_there_is_said_with_the_address_and_without_a_traceback(answers):
    gone = Receiver(url="http://127.0.0.1:1/api/v1/write", version="1")
    with pytest.raises(NotTaken, match=r"127\.0\.0\.1 cannot be reached \(Connection refused\)"):
        gone.send(b"")
    answers.script = [(404, b"")]
    with pytest.raises(NotTaken, match="HTTP 404"):
        receiver(answers).send(b"")


def test_a_disk_without_room_costs_late_samples_and_nothing_else(answers, tmp_path, caplog):
    blocked = tmp_path / "a file"
    blocked.write_text("")
    made, published = writer(answers, blocked)
    made.add(LATE)
    made.flush()
    assert published[-1].dropped > 0
    assert "cannot be kept" in caplog.text
    run(made)
    assert answers.requests == []


def test_many_samples_make_requests_of_a_bounded_size(answers, tmp_path):
    made, published = writer(answers, tmp_path)
    for _ in range(200):
        made.add(late("vm", ENTITY, ITEM, times=[float(minute) for minute in range(60)]))
    made.flush()
    run(made)
    assert len(answers.requests) >= published[-1].sent // 12_000
    assert max(len(body) for _, _, body in answers.requests) < 1_000_000


def test_it_ends_while_others_add(answers, tmp_path):
    made = RemoteWriter(receiver(answers), tmp_path, {}, SystemClock(), publish=lambda _: None, guard=guarded)
    stop = threading.Event()
    thread = threading.Thread(target=made.run, args=(stop,))
    thread.start()
    for _ in range(20):
        made.add(LATE)
        made.flush()
    stop.set()
    thread.join(5)
    assert not thread.is_alive()


def test_a_bug_in_the_sending_ends_neither_the_thread_nor_the_agent(answers, tmp_path, caplog):
    made, published = writer(answers, tmp_path, seconds=10, password=lambda: 1 / 0)
    made.add(LATE)
    made.flush()
    run(made)
    assert "a bug in the agent (ZeroDivisionError)" in published[-1].problem.problem
    assert published[-1].waiting_bytes > 0
    assert "a bug in the agent" in caplog.text
