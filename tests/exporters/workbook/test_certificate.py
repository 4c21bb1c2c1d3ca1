"""Certificates against those that OpenSSL made and decodes."""

import ssl
from datetime import UTC, datetime

import pytest
import trustme

from exporters.workbook.certificate import read_certificate


def test_a_certificate_is_read_as_openssl_reads_it(tmp_path) -> None:
    pem = trustme.CA().issue_cert("esx01.kommune.example").cert_chain_pems[0].bytes()
    (tmp_path / "host.pem").write_bytes(pem)
    decoded = ssl._ssl._test_decode_cert(str(tmp_path / "host.pem"))  # type: ignore[attr-defined]  # of ssl's own tests
    found = read_certificate(pem.decode())
    assert found is not None
    for text, names in ((found.subject, decoded["subject"]), (found.issuer, decoded["issuer"])):
        assert [part.partition("=")[2] for part in text.split(", ")] == [value for ((_, value),) in names]
    assert found.expires == datetime.fromtimestamp(ssl.cert_time_to_seconds(decoded["notAfter"]), UTC)
    assert found.begins == datetime.fromtimestamp(ssl.cert_time_to_seconds(decoded["notBefore"]), UTC)
    assert found.issuer.startswith("O=trustme")


@pytest.mark.parametrize(
    "text",
    [None, "", "no certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
     "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"],
)  # fmt: skip
def test_what_is_no_certificate_is_unknown(text: str | None) -> None:
    assert read_certificate(text) is None
