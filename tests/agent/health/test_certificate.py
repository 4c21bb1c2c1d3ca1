"""The end of a certificate, against another library's certificates and against rubbish."""

from datetime import UTC, datetime

import pytest
import trustme

from agent.health.certificate import not_after


@pytest.mark.parametrize("end", [datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2051, 1, 2, tzinfo=UTC)])
def test_the_end_is_what_the_issuer_wrote_before_and_after_2050(end):
    issued = trustme.CA().issue_cert("esx01.kommune.example", not_after=end)
    assert not_after(issued.cert_chain_pems[0].bytes().decode()) == end


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no certificate",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\nMAA=\n",
    ],
)
def test_what_is_no_certificate_has_no_end(text):
    assert not_after(text) is None
