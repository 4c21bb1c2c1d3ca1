"""Log lines for people and machines: logfmt or JSON, one line an event, nothing in them that could pass for another line."""

import json
import logging
import os
import sys
import threading
import types
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

from agent.errors import NO_ROOM, is_starvation

Fields = Mapping[str, Any]

# sd-daemon(3): the number before a line tells journald its priority.
JOURNAL_PRIORITY = {logging.CRITICAL: 2, logging.ERROR: 3, logging.WARNING: 4, logging.INFO: 6, logging.DEBUG: 7}
_OWN_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

log = logging.getLogger("checkmeter.logs")


def one_line(text: str) -> str:
    """`text` with everything that is not printable escaped: line ends, control and direction characters."""
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)


def logfmt(fields: Fields) -> str:
    """`key=value key="value with spaces"`."""
    return " ".join(f"{key}={_logfmt_value(value)}" for key, value in fields.items())


def json_line(fields: Fields) -> str:
    """One JSON object; what JSON has no type for is text."""
    return one_line(json.dumps(fields, ensure_ascii=False, default=str))


FORMATS: Mapping[str, Callable[[Fields], str]] = {"logfmt": logfmt, "json": json_line}


class LineFormatter(logging.Formatter):
    """Writes a record's time (UTC), level, logger and message, then what was given as `extra=`."""

    def __init__(self, form: Callable[[Fields], str], *, journal: bool) -> None:
        super().__init__()
        self._form = form
        self._journal = journal

    def format(self, record: logging.LogRecord) -> str:
        """The whole line, without its end."""
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields: dict[str, Any] = {
            "ts": when.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "msg": record.getMessage(),
        }
        fields |= {key: value for key, value in vars(record).items() if key not in _OWN_ATTRIBUTES}
        if record.exc_info and record.exc_info[1] is not None:
            fields["error"] = repr(record.exc_info[1])
            fields["trace"] = self.formatException(record.exc_info)
        priority = f"<{JOURNAL_PRIORITY.get(record.levelno, 6)}>" if self._journal else ""
        return priority + self._form(fields)


def configure(level: int, form: str, stream: TextIO | None = None) -> None:
    """Send everything that is logged to `stream` (standard error), also what would end a thread unseen."""
    stream = stream if stream is not None else sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter(FORMATS[form], journal=goes_to_journal(stream, os.environ)))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    if level > logging.DEBUG:
        logging.getLogger("uvicorn").setLevel(logging.WARNING)
    threading.excepthook = _log_end_of_thread


def goes_to_journal(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether `stream` is the connection to journald that $JOURNAL_STREAM names by device and inode."""
    device, _, inode = environment.get("JOURNAL_STREAM", "").partition(":")
    if not (device.isdecimal() and inode.isdecimal()):
        return False
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return (status.st_dev, status.st_ino) == (int(device), int(inode))


def _logfmt_value(value: Any) -> str:
    text = str(value)
    plain = text.isprintable() and not set(text) & set(' ="\\')
    return text if text and plain else one_line(json.dumps(text, ensure_ascii=False))


def _log_end_of_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is None or ended.exc_type is SystemExit:
        return
    name = ended.thread.name if ended.thread is not None else "?"
    if is_starvation(ended.exc_value):
        log.critical("a part of the agent ended", extra={"thread_name": name, "reason": NO_ROOM})
        return
    trace: tuple[type[BaseException], BaseException, types.TracebackType | None]
    trace = (ended.exc_type, ended.exc_value, ended.exc_traceback)
    log.critical("a thread ended by a bug, please report it", exc_info=trace, extra={"thread_name": name})
