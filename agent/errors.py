"""What can go wrong, sorted by what the reader has to do about it.

Every error carries `problem` (what failed, where) and `cure` (what to do), each one line, neither with a secret in it.
"""

NO_ROOM = "the machine has no memory left for it"


def is_starvation(error: BaseException | None) -> bool:
    """Whether the machine, and no mistake of ours, is the cause: no memory, or none for a new thread.

    Python tells the second by a RuntimeError and these words of it alone.
    """
    return isinstance(error, MemoryError) or (type(error) is RuntimeError and "can't start new thread" in error.args)


class AgentError(Exception):
    """Base of everything the agent says about the outside world failing."""

    def __init__(self, problem: str, *, cure: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.problem}; {self.cure}" if self.cure else self.problem


class ConfigError(AgentError):
    """The configuration cannot be used: exit 78. `problems` holds every mistake found, one line each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Starved(AgentError):
    """The machine had no memory, or no thread, for a part of the agent. It is tried again."""

    def __init__(self, part: str) -> None:
        super().__init__(
            f"{part}: {NO_ROOM}", cure="give it more: MemoryMax= and TasksMax= of the service, or the machine's"
        )


class PortInUse(AgentError):
    """A listen address is taken: exit 1."""


class VCenterError(AgentError):
    """A vCenter did not give what was asked. `kind` is the stable word that metrics and the page use."""

    kind = "other"


class Unreachable(VCenterError):
    """No answer: name, network, refused, timed out, HTTP error. Worth retrying."""

    kind = "unreachable"


class NotTrusted(VCenterError):
    """The certificate is not the one we trust (unknown CA, changed, expired, wrong name). The password was not sent."""

    kind = "not_trusted"


class LoginRefused(VCenterError):
    """vCenter refused user or password. Never retried until the credential changes: accounts lock."""

    kind = "login_refused"


class CredentialUnreadable(VCenterError):
    """The password file is missing, empty, or may be read by others."""

    kind = "credential"


class SessionLost(VCenterError):
    """The session, its views or its filters are gone. A new one is made at once.

    `fault` is the type name of what vCenter said; ManagedObjectNotFound may also mean that an object asked for is gone.
    """

    kind = "session_lost"

    def __init__(self, problem: str, *, fault: str = "", cure: str = "") -> None:
        super().__init__(problem, cure=cure)
        self.fault = fault


class NotPermitted(VCenterError):
    """The account lacks a privilege; `privilege` names it, e.g. System.View."""

    kind = "not_permitted"

    def __init__(self, problem: str, *, privilege: str, cure: str = "") -> None:
        super().__init__(problem, cure=cure)
        self.privilege = privilege


class Undecodable(VCenterError):
    """An answer could not be understood. Not a network error: asking again gives the same."""

    kind = "undecodable"


class Refused(VCenterError):
    """vCenter answered a call with a fault that is none of the above.

    `fault` is its type name, `detail` what it names: the path of an InvalidProperty, the option of an InvalidName.
    """

    kind = "fault"

    def __init__(self, problem: str, *, fault: str, detail: str = "", cure: str = "") -> None:
        super().__init__(problem, cure=cure)
        self.fault = fault
        self.detail = detail
