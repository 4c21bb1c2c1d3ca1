"""Fixtures that serve vcsim: `vcsim` and `esx` for the whole run, `start_vcsim` for a test that changes what it reads."""

import fcntl
import hashlib
import json
import os
import secrets
import select
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.tools import do_without, require

SOURCE = Path(__file__).parent
BUILD_SECONDS = 300
START_SECONDS = 60
STOP_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Vcsim:
    """A running vcsim: where it answers and what it takes to be let in."""

    host: str
    port: int
    user: str
    password: str
    certificate_pem: str
    pid: int
    counted: Callable[[], dict[str, Any]]
    """what it has counted until now: `calls` by SOAP operation, `sent_bytes` of all answers"""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, 64 hexadecimal digits."""
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(self.certificate_pem)).hexdigest()

    def trusting_context(self) -> ssl.SSLContext:
        """Trusts this server's certificate and no other."""
        context = ssl.create_default_context(cadata=self.certificate_pem)
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        return context


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first of these tests pays for the build, which takes longer than a test may."""
    for item in items:
        if {"vcsim_binary", "govc_binary"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.timeout(BUILD_SECONDS + START_SECONDS))


@pytest.fixture(scope="session")
def vcsim_binary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built server, kept from one run to the next for as long as its source stays the same."""
    require("go")
    return built_in(cache_folder() or tmp_path_factory.mktemp("vcsim"))


@pytest.fixture(scope="session")
def govc_binary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """VMware's own command line, of which only the commands for roles and permissions are built."""
    require("go")
    return built_in(cache_folder() or tmp_path_factory.mktemp("govc"), "govc")


def built_in(folder: Path, package: str = ".", source: Path = SOURCE) -> Path:
    """The binary of a package in `folder`, built there if it is not yet; skips or fails the test where go cannot."""
    binary = binary_in(folder, package, source)
    with binary.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # pytest-xdist runs several processes; one of them builds
        if not binary.exists():
            _build(binary, package, source)
    return binary


def binary_in(folder: Path, package: str = ".", source: Path = SOURCE) -> Path:
    """Where that binary is, or will be."""
    sources = (source / "go.mod", source / "go.sum", *sorted((source / package).glob("*.go")))
    digest = hashlib.sha256(b"".join(one.read_bytes() for one in sources))
    return folder / f"{source.name if package == '.' else package}-{digest.hexdigest()[:16]}"


@pytest.fixture(scope="session")
def vcsim(vcsim_binary: Path) -> Iterator[Vcsim]:
    """A vCenter with one cluster of three hosts, a host outside it, and eight virtual machines. Only read it."""
    with running(vcsim_binary) as server:
        yield server


@pytest.fixture(scope="session")
def esx(vcsim_binary: Path) -> Iterator[Vcsim]:
    """A standalone ESXi host with four virtual machines. Only read it."""
    with running(vcsim_binary, "-esx") as server:
        yield server


@pytest.fixture
def start_vcsim(vcsim_binary: Path) -> Iterator[Callable[..., Vcsim]]:
    """Starts a server of the test's own with the flags of main.go, e.g. `start_vcsim("-machines=1")`."""
    with ExitStack() as servers:
        yield lambda *flags: servers.enter_context(running(vcsim_binary, *flags))


@contextmanager
def running(binary: Path, *flags: str) -> Iterator[Vcsim]:
    """Serve until the block ends; one user with a password of the day may log in.

    Raises:
        AssertionError: it did not answer within a minute; the message has what it wrote.
    """
    user, password = "reader@vsphere.local", secrets.token_urlsafe(12)
    with tempfile.TemporaryDirectory(prefix="vcsim-") as scratch, Path(scratch, "stderr").open("w+b") as errors:
        process = subprocess.Popen(
            [binary, f"-username={user}", f"-password={password}", *flags],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, "TMPDIR": scratch},
        )
        try:
            ready = next_line(process, errors.name)
            host, _, port = ready["address"].rpartition(":")
            yield Vcsim(
                host=host,
                port=int(port),
                user=user,
                password=password,
                certificate_pem=ready["certificate"],
                pid=process.pid,
                counted=lambda: counted(process),
            )
        finally:
            stop(process)


def counted(process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    """Asks a server that answers a line by what it has counted."""
    assert process.stdin is not None
    process.stdin.write(b"\n")
    process.stdin.flush()
    return next_line(process)


def next_line(process: "subprocess.Popen[bytes]", errors: str | None = None, seconds: float = START_SECONDS) -> Any:
    """The next line of JSON that it writes; AssertionError with what is in the file `errors` if none comes in time."""
    assert process.stdout is not None
    told, _, _ = select.select([process.stdout], [], [], seconds)
    line = process.stdout.readline() if told else b""
    why = Path(errors).read_text(errors="replace")[-2000:] if errors is not None else ""
    assert line, f"{Path(os.fsdecode(process.args[0])).name} said nothing within {seconds:.0f} s: {why}"
    return json.loads(line)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Ends a server that ends when its standard input does."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_SECONDS)
    process.stdout.close()


def cache_folder() -> Path | None:
    """A folder in the user's cache; None where there is no place to keep things."""
    try:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "checkmeter"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return folder if os.access(folder, os.W_OK) else None


def _build(binary: Path, package: str, source: Path) -> None:
    go = shutil.which("go")
    assert go is not None
    unfinished = binary.with_suffix(".new")
    environment = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly -trimpath -buildvcs=false"}
    try:
        subprocess.run(
            [go, "build", "-o", unfinished, f"./{package}"],
            cwd=source,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=BUILD_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired:
        do_without(f"needs {source.name}, whose build with {go} did not end within {BUILD_SECONDS} s")
    except subprocess.CalledProcessError as error:
        last = error.stdout.strip().splitlines()[-1:] or ["no message"]
        do_without(f"needs {source.name}, which {go} could not build (its modules come from the network): {last[0]}")
    unfinished.replace(binary)
