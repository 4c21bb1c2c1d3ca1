"""Requests that are none."""

import random

MALFORMED = (
    b"\r\n\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /%00%ff%c0%ae HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET http://elsewhere/ HTTP/1.1\r\nHost: x\r\n\r\n",
    b"CONNECT elsewhere:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX: \xff\x00\xfe\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET / HTTP/1.1\nHost: x\n\n",
)


def mutation(sound: bytes, chance: random.Random) -> bytes:
    """The request with some bytes changed, cut out, doubled or cut off."""
    request = bytearray(sound)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(request))
        match chance.randrange(4):
            case 0:
                request[at] = chance.randrange(256)
            case 1:
                del request[at : at + chance.randint(1, 9)]
            case 2:
                request[at:at] = request[at : at + chance.randint(1, 40)] * chance.randint(1, 9)
            case _:
                request[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 9)))
        request = request or bytearray(b"\n")
    return bytes(request)
