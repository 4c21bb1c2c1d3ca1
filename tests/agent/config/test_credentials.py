import os
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.config import Config, Secret, credential_stamp, load, read_password
from agent.errors import ConfigError, CredentialUnreadable

TEXT = "vcenters:\n  - {name: dc1, host: vc, username: u, password_file: dc1.password}\n"
PASSWORD = "correct horse battery"  # noqa: S105 - the tests look that it shows up nowhere


def config_problem(folder: Path) -> str:
    (folder / "checkmeter.yaml").write_text(TEXT)
    with pytest.raises(ConfigError) as caught:
        load(folder / "checkmeter.yaml", {})
    (line,) = caught.value.problems
    return line


def test_the_password_is_the_line_without_its_end(loaded: Callable[[str], Config]) -> None:
    assert read_password(loaded(TEXT).vcenters[0]) == PASSWORD


def test_spaces_and_a_windows_line_end_are_kept_apart(loaded: Callable[[str], Config], folder: Path) -> None:
    (folder / "dc1.password").write_bytes(" pass wörd \r\n".encode())
    assert read_password(loaded(TEXT).vcenters[0]) == " pass wörd "


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o610, 0o602])
def test_a_password_that_others_may_access_is_refused(folder: Path, mode: int) -> None:
    (folder / "dc1.password").chmod(mode)
    line = config_problem(folder)
    assert f"group or others may access it (mode {mode:04o}); chmod 600 {folder}/dc1.password" in line


@pytest.mark.parametrize("mode", [0o400, 0o600])
def test_a_private_password_is_accepted(loaded: Callable[[str], Config], folder: Path, mode: int) -> None:
    (folder / "dc1.password").chmod(mode)
    assert loaded(TEXT).vcenters[0].name == "dc1"


def give_by_acl(file: Path, user: int, others: int = 0) -> None:
    """As systemd 254 and later deliver a credential: root's file, mode 0400, and one user who may read it too."""
    file.chmod(0o400)
    nobody = 0xFFFFFFFF
    entries = [(0x01, 4, nobody), (0x02, 4, user), (0x04, 0, nobody), (0x10, 4, nobody), (0x20, others, nobody)]
    acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    os.setxattr(file, "system.posix_acl_access", acl)


def test_what_systemd_gives_to_this_user_alone_is_accepted(loaded: Callable[[str], Config], folder: Path) -> None:
    give_by_acl(folder / "dc1.password", os.geteuid())
    assert (folder / "dc1.password").stat().st_mode & 0o777 == 0o440
    assert read_password(loaded(TEXT).vcenters[0]) == PASSWORD


@pytest.mark.parametrize(("user", "others"), [(12345, 0), (os.geteuid(), 4)])
def test_an_access_control_list_that_lets_others_in_is_refused(folder: Path, user: int, others: int) -> None:
    give_by_acl(folder / "dc1.password", user, others)
    assert f"group or others may access it (mode 044{others})" in config_problem(folder)


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"", "empty"), (b"\n", "empty"), (b"a\nb\n", "more than one line"), (b"x" * 5000, "more than one line"), (b"\xff", "not UTF-8 text")],
)  # fmt: skip
def test_a_file_that_holds_no_password_is_refused(folder: Path, content: bytes, what: str) -> None:
    (folder / "dc1.password").write_bytes(content)
    assert f"password file {folder}/dc1.password: {what}; " in config_problem(folder)


def test_a_missing_password_file_is_refused(folder: Path) -> None:
    (folder / "dc1.password").unlink()
    assert "vcenters[0].password_file" in config_problem(folder)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_password_file_is_refused(folder: Path) -> None:
    (folder / "dc1.password").chmod(0)
    assert "Permission denied" in config_problem(folder)


@pytest.mark.timeout(10)
def test_a_pipe_is_refused_without_waiting_for_its_writer(folder: Path) -> None:
    (folder / "dc1.password").unlink()
    os.mkfifo(folder / "dc1.password", 0o600)
    assert "not a regular file" in config_problem(folder)


def test_systemds_credential_goes_before_the_file_beside_the_configuration(folder: Path, tmp_path: Path) -> None:
    delivered = tmp_path / "credentials"
    delivered.mkdir()
    (delivered / "dc1.password").write_text("delivered")
    (delivered / "dc1.password").chmod(0o400)
    (folder / "checkmeter.yaml").write_text(TEXT)
    config = load(folder / "checkmeter.yaml", {"CREDENTIALS_DIRECTORY": str(delivered)})
    assert read_password(config.vcenters[0]) == "delivered"


def test_a_credential_that_systemd_did_not_deliver_is_looked_up_beside_the_configuration(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "checkmeter.yaml").write_text(TEXT)
    config = load(folder / "checkmeter.yaml", {"CREDENTIALS_DIRECTORY": str(tmp_path / "none")})
    assert read_password(config.vcenters[0]) == PASSWORD


def test_a_credential_that_cannot_even_be_looked_for_is_a_mistake_with_its_line(folder: Path, tmp_path: Path) -> None:
    # a name too long for any folder: root, who runs these tests too, may look into every one
    (folder / "checkmeter.yaml").write_text(TEXT.replace("dc1.password", "p" * 300))
    with pytest.raises(ConfigError) as caught:
        load(folder / "checkmeter.yaml", {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert "password_file" in caught.value.problems[0]


def test_without_passwords_everything_else_is_checked(folder: Path, tmp_path: Path) -> None:
    (folder / "dc1.password").unlink()
    (folder / "checkmeter.yaml").write_text(TEXT)
    load(folder / "checkmeter.yaml", {"CREDENTIALS_DIRECTORY": str(tmp_path)}, passwords=False)
    (folder / "checkmeter.yaml").write_text(TEXT.replace("host:", "hots:"))
    with pytest.raises(ConfigError, match="hots"):
        load(folder / "checkmeter.yaml", {}, passwords=False)


def test_an_absolute_name_is_taken_as_it_stands(folder: Path, tmp_path: Path) -> None:
    (folder / "checkmeter.yaml").write_text(TEXT.replace("dc1.password", str(folder / "dc1.password")))
    config = load(folder / "checkmeter.yaml", {"CREDENTIALS_DIRECTORY": str(tmp_path / "none")})
    assert config.vcenters[0].password_file == folder / "dc1.password"


def test_a_password_that_became_unreadable_is_an_error_of_that_vcenter(
    loaded: Callable[[str], Config], folder: Path
) -> None:
    (vcenter,) = loaded(TEXT).vcenters
    (folder / "dc1.password").chmod(0o644)
    with pytest.raises(CredentialUnreadable) as caught:
        read_password(vcenter)
    assert caught.value.kind == "credential"
    assert caught.value.cure == f"chmod 600 {folder}/dc1.password"


def test_the_stamp_changes_with_the_password_and_only_with_it(loaded: Callable[[str], Config], folder: Path) -> None:
    (vcenter,) = loaded(TEXT).vcenters
    first = credential_stamp(vcenter)
    os.utime(folder / "dc1.password", (1, 1))
    assert credential_stamp(vcenter) == first
    (folder / "dc1.password").write_text("another password\n")
    assert credential_stamp(vcenter) != first


def test_the_stamp_of_a_missing_file_is_told_from_that_of_a_password(
    loaded: Callable[[str], Config], folder: Path
) -> None:
    (vcenter,) = loaded(TEXT).vcenters
    first = credential_stamp(vcenter)
    (folder / "dc1.password").unlink()
    assert credential_stamp(vcenter) != first


def test_the_password_shows_up_in_no_repr_no_stamp_and_no_message(
    loaded: Callable[[str], Config], folder: Path
) -> None:
    config = loaded(TEXT)
    (vcenter,) = config.vcenters
    shown = [repr(config), str(config), repr([read_password(vcenter)]), repr(credential_stamp(vcenter))]
    (folder / "dc1.password").write_text(f"{PASSWORD}\n{PASSWORD}\n")
    shown.append(config_problem(folder))
    assert not [text for text in shown if PASSWORD in text]
    assert repr(Secret("x")) == "Secret(…)"


@pytest.mark.parametrize("line", ["password: hunter2", "passwd: hunter2", "proxy: http://joe:hunter2@proxy:3128", "host: https://joe:hunter2@vc"])  # fmt: skip
def test_a_password_in_the_wrong_place_is_not_repeated_on_the_screen(folder: Path, line: str) -> None:
    key = line.partition(":")[0]
    entry = {"name": "dc1", "host": "vc", "username": "u", "password_file": "dc1.password"}
    entry[key] = line.partition(": ")[2]
    text = "vcenters:\n  - " + "\n    ".join(f"{name}: {value}" for name, value in entry.items()) + "\n"
    (folder / "checkmeter.yaml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(folder / "checkmeter.yaml", {})
    assert "hunter2" not in str(caught.value)
    assert f"vcenters[0].{key}: " in str(caught.value)
