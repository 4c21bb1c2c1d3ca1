"""Of a certificate only its dates are left."""

import base64
import random
import re
from datetime import UTC, datetime

import pytest
import trustme

from agent.health.certificate import not_after
from agent.recording.certificates import only_dates
from agent.simulator.estate.host_certificate import certificate_pem

BEGIN, END = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2028, 1, 2, 3, 4, 5, tzinfo=UTC)


def der(pem: bytes) -> bytes:
    return base64.b64decode(b"".join(pem.splitlines()[1:-1]))


def of_a_host() -> bytes:
    return certificate_pem(random.Random(1), "esx01.kommune.example", BEGIN, END)


def of_an_authority() -> bytes:
    return trustme.CA().issue_cert("esx01.kommune.example", "10.20.30.40").cert_chain_pems[0].bytes()


@pytest.mark.parametrize("make", [of_a_host, of_an_authority])
def test_the_end_of_a_certificate_stays_and_its_names_go(make) -> None:
    pem = make()
    blank = only_dates(pem)
    assert not_after(blank.decode()) == not_after(pem.decode())
    assert b"kommune" in der(pem)
    assert b"kommune" not in der(blank)
    assert bytes([10, 20, 30, 40]) not in der(blank)
    assert len(der(blank)) == len(der(pem))


def test_no_certificate_is_left_with_nothing() -> None:
    assert only_dates(b"-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n") == b""
    assert only_dates(b"") == b""


def test_a_certificate_that_was_cut_off_is_left_with_nothing() -> None:
    text = re.sub(rb"\n[^\n]*\n-----END", b"\n-----END", of_a_host())
    assert only_dates(text) == b""
