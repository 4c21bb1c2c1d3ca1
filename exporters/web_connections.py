"""How many clients may be connected: whoever asks is served, idle clients make room."""

from typing import Protocol

MAX_CONNECTIONS = 256
"""Far from the unit's LimitNOFILE=: the connections to vCenter and the ledger must always find a descriptor."""


class Client(Protocol):
    """One connection."""

    @property
    def serving(self) -> bool:
        """Whether an answer is being made, or is still being taken by the client."""

    @property
    def asked(self) -> bool:
        """Whether it ever sent a whole request."""

    def drop(self) -> None:
        """End it at once; nothing more is sent."""

    def finish(self) -> None:
        """End it after the answer under way."""


class Connections:
    """All clients, the oldest first. Used on the server's thread alone."""

    def __init__(self, limit: int = MAX_CONNECTIONS) -> None:
        self._limit = limit
        self._clients: dict[Client, None] = {}

    def admit(self, client: Client) -> bool:
        """Whether `client` may stay. Where there are too many, the oldest idle one goes: first those that never asked.

        A thousand silent clients thus push each other out and nobody who asks; a newcomer is turned away only when all
        others are being served.
        """
        if len(self._clients) >= self._limit:
            idle = [one for one in self._clients if not one.serving]
            leaves = next((one for one in idle if not one.asked), next(iter(idle), None))
            if leaves is None:
                return False
            self.forget(leaves)
            leaves.drop()
        self._clients[client] = None
        return True

    def forget(self, client: Client) -> None:
        """It is gone."""
        self._clients.pop(client, None)

    def finish_all(self) -> None:
        """What they were let in under holds no more: idle ones are ended now, the others after their answer."""
        for client in tuple(self._clients):
            client.finish()
