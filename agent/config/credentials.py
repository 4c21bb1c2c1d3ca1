"""Password files: refused when others may read them, read anew at every login, never shown."""

import hashlib
import os
import secrets
import stat
import struct
from pathlib import Path

from agent.config.model import VCenterConfig
from agent.errors import CredentialUnreadable

LARGEST_PASSWORD_BYTES = 4096
OTHERS = stat.S_IRWXG | stat.S_IRWXO
# acl(5), as Linux keeps it in an extended attribute: a version, then entries of tag, permissions and id
_ACL_ATTRIBUTE, _ACL_HEADER_BYTES, _ACL_ENTRY = "system.posix_acl_access", 4, struct.Struct("<HHI")
_ACL_USER_OBJ, _ACL_USER, _ACL_MASK = 0x01, 0x02, 0x10
# Stamps are compared within one process only; the key keeps them from being a hash that one could guess against.
_STAMP_KEY = secrets.token_bytes(32)


class Secret(str):
    """Text that does not show itself in a repr, so neither in a container's nor in a debugger's output."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret(…)"


def read_password(vcenter: VCenterConfig) -> Secret:
    """The password as it stands in the file now.

    Raises:
        CredentialUnreadable: missing, empty, not one line of UTF-8, or accessible by group or others.
    """
    return read_secret_file(vcenter.password_file)


def credential_stamp(vcenter: VCenterConfig) -> tuple[object, ...]:
    """Differs from an earlier stamp exactly when the file's content does, or when it became (un)readable.

    A file that was only touched or copied over itself keeps its stamp: a refused login must not be tried again with
    the same password, for accounts lock.
    """
    try:
        content = read_secret_file(vcenter.password_file).encode()
    except CredentialUnreadable as error:
        return ("unreadable", error.problem)
    return ("readable", hashlib.blake2b(content, key=_STAMP_KEY).digest())


def read_secret_file(path: Path) -> Secret:
    """The one line that `path` holds, without its line end.

    Raises:
        CredentialUnreadable: see `read_password`.
    """
    try:
        content = _read_private(path)
        text = content.decode().removesuffix("\n").removesuffix("\r")
    except OSError as error:
        raise CredentialUnreadable(
            f"password file {path}: {error.strerror}", cure="create it, readable by the agent alone"
        ) from None
    except UnicodeDecodeError:
        raise CredentialUnreadable(f"password file {path}: not UTF-8 text", cure="write the password alone") from None
    if not text.strip():
        raise CredentialUnreadable(f"password file {path}: empty", cure="write the password into it")
    if "\n" in text or len(content) > LARGEST_PASSWORD_BYTES:
        raise CredentialUnreadable(f"password file {path}: more than one line", cure="write the password alone")
    return Secret(text)


def _read_private(path: Path) -> bytes:
    # Checked on the opened file: what is checked is what is read. O_NONBLOCK: a pipe must not hold the agent up.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise CredentialUnreadable(f"password file {path}: not a regular file", cure="name a file")
        if mode & OTHERS and not _is_ours_by_acl(descriptor):
            raise CredentialUnreadable(
                f"password file {path}: group or others may access it (mode {stat.S_IMODE(mode):04o})",
                cure=f"chmod 600 {path}",
            )
        return file.read(LARGEST_PASSWORD_BYTES + 1)


def _is_ours_by_acl(descriptor: int) -> bool:
    """Whether the file has an access control list that lets nobody in but its owner and this process' user.

    systemd 254 and later deliver credentials that way. The bits of the group are then the list's mask: mode 0440.
    """
    try:
        entries = os.getxattr(descriptor, _ACL_ATTRIBUTE)[_ACL_HEADER_BYTES:]
    except (OSError, AttributeError):  # no list, or a system without them
        return False
    return all(
        tag in {_ACL_USER_OBJ, _ACL_MASK} or (tag == _ACL_USER and user == os.geteuid()) or not allowed
        for tag, allowed, user in _ACL_ENTRY.iter_unpack(entries)
    )
