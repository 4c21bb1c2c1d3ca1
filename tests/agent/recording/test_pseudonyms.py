"""Pseudonyms: consistent, injective, of one shape, and nothing of the original in them."""

import ipaddress
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.recording.pseudonyms import Pseudonyms, is_technical, vocabulary

KEY = bytes(range(32))
WORDS = st.text(st.characters(categories=("Ll", "Lu", "Nd"), max_codepoint=0x24F), min_size=4, max_size=12)
SEPARATORS = st.sampled_from(list(" -_./\\:@[]()'\"\n\t,;|&<>="))
ADDRESSES = st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address)


def made(text: str, key: bytes = KEY) -> str:
    return Pseudonyms(key).name(text)


def common_bits(one: str, other: str) -> int:
    numbers = [int(ipaddress.ip_address(text)) for text in (one, other)]
    return 32 - (numbers[0] ^ numbers[1]).bit_length()


@given(st.lists(st.tuples(WORDS, SEPARATORS), min_size=1, max_size=8))
def test_no_word_of_a_text_that_somebody_wrote_is_left(parts: list[tuple[str, str]]) -> None:
    text = "".join(word + separator for word, separator in parts)
    left = {word.casefold() for word in re.findall(r"[^\W_]+", made(text))}
    kept = re.compile(
        r"veeam|commvault|rubrik|cohesity|networker|avamar|nakivo|acronis|consolidate|backup|snapshot|vproxy"
    )
    words = {word.casefold() for word, _ in parts if not kept.search(word.casefold())}
    assert not words & left - {one for one in words if re.fullmatch(r"(vmnic|vmhba|vmk|lag)\d*", one)}


@given(st.sets(WORDS.map(str.casefold), min_size=2, max_size=40))
def test_two_words_never_get_the_same_pseudonym(words: set[str]) -> None:
    folded = {re.sub("[æäøöåüß]", "", word) for word in words}
    if len(folded) == len(words):  # those letters are written in two ways
        pseudonyms = Pseudonyms(KEY)
        assert len({pseudonyms.secret(word) for word in words}) == len(words)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("esx01", "ESX01.kommune.example"),
        ("erp-db", "[VMFS-01] erp-db/erp-db-000002.vmdk"),
        ("økonomi01", "OEKONOMI01"),
        ("anna", "KOMMUNE\\anna"),
        ("0123456789ab", "naa.0123456789ab"),
    ],
)
def test_a_word_is_recognised_wherever_it_stands(one: str, other: str) -> None:
    pseudonyms = Pseudonyms(KEY)
    assert pseudonyms.name(one).casefold() in pseudonyms.name(other).casefold()
    assert pseudonyms.name(one).casefold() in pseudonyms.path(other).casefold()


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T08:00:00Z", "2026-11-20 10:00:00", "24-11-2026", "24.11.2026", "vmnic3", "vmhba64", "255.255.255.0",
        "127.0.0.1", "::", "::1", "Datacenters", "Last backup", "",
    ],
)  # fmt: skip
def test_times_masks_and_devices_stay_as_they_are(text: str) -> None:
    assert made(text) == text


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("Erp-Db01", r"[A-Z][a-z]{2}-[A-Z][a-z]\d\d"),
        ("00:50:56:a0:17:04", r"00:50:56(:[0-9a-f]{2}){3}"),
        ("500a14c5-d323-1e6c-c616-6bcbcf71e7f5", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        (
            "50 2f 6b 7c 11 3e 9a 40-8d 5b 1c 77 e2 90 4f a3",
            r"([0-9a-f]{2} ){7}[0-9a-f]{2}-([0-9a-f]{2} ){7}[0-9a-f]{2}",
        ),
        ("10.20.30.40", r"10\.\d+\.\d+\.\d+"),
        ("192.168.1.9", r"192\.168\.\d+\.\d+"),
        ("fe80::250:56ff:fe60:1", r"fe80:[0-9a-f:]+"),
        ("010190-1234", r"\d{6}-\d{4}"),
        ("87654321", r"\d{8}"),
        ("svc-veeam", r"[a-z]{3}-veeam"),
    ],
)
def test_a_pseudonym_has_the_shape_of_what_it_stands_for(text: str, shape: str) -> None:
    assert re.fullmatch(shape, made(text)), made(text)
    assert made(text) != text


@pytest.mark.parametrize(
    ("path", "end"),
    [
        ("[a] b/c.vmdk", ".vmdk"),
        ("[a] b/c-000012-delta.vmdk", "-000012-delta.vmdk"),
        ("[a] b/c-000012.vmdk", "-000012.vmdk"),
        ("[a] b/c-flat.vmdk", "-flat.vmdk"),
        ("[iso-flat] iso/c.iso", ".iso"),
    ],
)
def test_the_path_of_a_file_keeps_what_kind_of_file_it_is(path: str, end: str) -> None:
    pseudonyms = Pseudonyms(KEY)
    assert pseudonyms.path(path).endswith(end)
    assert pseudonyms.path(path).startswith(pseudonyms.name(path.partition(" ")[0]))


@given(ADDRESSES, ADDRESSES)
def test_addresses_share_as_many_leading_bits_as_before(
    one: ipaddress.IPv4Address, other: ipaddress.IPv4Address
) -> None:
    pseudonyms = Pseudonyms(KEY)
    texts = [str(one), str(other)]
    changed = [pseudonyms.name(text) for text in texts]
    if all(new != old for new, old in zip(changed, texts, strict=True)):  # masks and special ones stay
        before, after = common_bits(*texts), common_bits(*changed)
        assert after == before or not (one.is_global and other.is_global)


@given(ADDRESSES)
def test_what_kind_an_address_is_stays_to_be_seen(address: ipaddress.IPv4Address) -> None:
    new = ipaddress.ip_address(made(str(address)))
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "224.0.0.0/4"):
        if address in ipaddress.ip_network(network):
            assert new in ipaddress.ip_network(network)


def test_other_keys_make_other_pseudonyms() -> None:
    assert made("kommune") != made("kommune", bytes(32))


def test_a_machines_text_keeps_words_of_the_vocabulary_and_versions_only() -> None:
    pseudonyms = Pseudonyms(KEY)
    kept = (
        "windows2019srv_64Guest",
        "Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz",
        "key-vim.host.PhysicalNic-vmnic0",
        "vm-2012",
    )
    assert [pseudonyms.technical(text) for text in kept] == list(kept)
    assert pseudonyms.technical("8.0.3.0", version=True) == "8.0.3.0"
    assert pseudonyms.technical("8.0.3.0") != "8.0.3.0"
    assert "kommune" not in pseudonyms.technical("udp://syslog.kommune.example:514")


def test_a_message_hides_words_with_digits_that_occurred_in_a_name() -> None:
    pseudonyms = Pseudonyms(KEY)
    sentence = "server01 on host is powered on"
    assert pseudonyms.message(sentence) == sentence
    name = pseudonyms.name("server01")
    assert pseudonyms.message(sentence) == f"{name} on host is powered on"


def test_the_vocabulary_is_of_words_that_name_nobody() -> None:
    assert len(vocabulary()) > 3000
    assert all(word.isascii() and word.isalpha() and word.islower() and len(word) > 1 for word in vocabulary())
    assert not {"kommune", "anna", "example", "borger", "secret"} & vocabulary() - {"secret"}
    assert not is_technical("kommune")
    assert not is_technical("0101901234")
