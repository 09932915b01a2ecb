"""The rules on URLs and IP addresses: every spelling of an inside address is refused, and public ones are not."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_assets.crawler.addresses import (
    RefusedAddressError,
    admit,
    check_address,
    is_public,
    normal_host,
    read_host_map,
)

INSIDE_IPV4 = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",  # noqa: S104
    "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1", "203.0.113.5", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "192.88.99.1", "168.63.129.16",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:4700:4700::1111", "2a00:1450:4009:81f::200e",
          "64:ff9b::808:808", "::ffff:8.8.8.8"]  # fmt: skip

inside = st.sampled_from([ipaddress.IPv4Address(text) for text in INSIDE_IPV4])


def reason_for(url: str) -> str:
    with pytest.raises(RefusedAddressError) as refused:
        admit(url, {})
    return refused.value.reason


@pytest.mark.parametrize("text", INSIDE_IPV4)
def test_inside_ipv4_addresses_are_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["::", "::1", "fc00::1", "fd12:3456::1", "fe80::1",
                                  "fec0::1", "ff02::1", "2001:db8::1",
                                  "2001:0:4136:e378::1", "64:ff9b:1::808:808", "100::1", "3fff::1"])  # fmt: skip
def test_inside_ipv6_addresses_are_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_public(text: str) -> None:
    check_address(text)


@given(inside, st.sampled_from(["::ffff:0:0", "::", "64:ff9b::"]))
def test_ipv6_forms_that_carry_an_inside_ipv4_address_are_not_public(
    address: ipaddress.IPv4Address, prefix: str
) -> None:
    carried = ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) | int(address))
    assert reason_for(f"http://[{carried}]/") == "address_not_public"


@given(inside)
def test_6to4_of_an_inside_address_is_not_public(address: ipaddress.IPv4Address) -> None:
    assert not is_public(ipaddress.IPv6Address((0x2002 << 112) | (int(address) << 80)))


def spellings(address: ipaddress.IPv4Address) -> list[str]:
    a, b, c, d = address.packed
    number = int(address)
    dotted = f"{a}.{b}.{c}.{d}"
    wide = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}  # full-width forms
    return [
        dotted, f"{dotted}.", str(number), hex(number), f"0{number:o}", f"0X{number:X}",
        f"{a:#x}.{b:#x}.{c:#x}.{d:#x}", f"0{a:o}.0{b:o}.0{c:o}.0{d:o}", f"{a}.{number & 0xFFFFFF}",
        f"{a}.{b}.{number & 0xFFFF}", dotted.translate(wide), dotted.replace(".", "。"),
        dotted.translate(str.maketrans("123456789", "①②③④⑤⑥⑦⑧⑨")),
    ]  # fmt: skip


@given(inside, st.integers(0, 12))
def test_every_spelling_of_an_inside_address_is_refused(address: ipaddress.IPv4Address, which: int) -> None:
    host = spellings(address)[which]
    assert normal_host(host) == str(address)
    assert reason_for(f"http://{host}/latest/meta-data") == "address_not_public"


@given(st.ip_addresses(v=4).filter(is_public), st.integers(0, 12))
def test_a_public_address_is_recognised_in_every_spelling(address: ipaddress.IPv4Address, which: int) -> None:
    assert admit(f"https://{spellings(address)[which]}/", {}).host == str(address)


@given(st.text(max_size=40))
def test_any_text_is_admitted_or_refused_and_never_trips(text: str) -> None:
    for url in (text, f"http://{text}", f"http://{text}/path", f"http://a.example/{text}"):
        try:
            target = admit(url, {})
        except RefusedAddressError:
            continue
        assert normal_host(target.host) == target.host


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "scheme_not_allowed"),
        ("ftp://venue.example/", "scheme_not_allowed"),
        ("data:text/html,hello", "scheme_not_allowed"),
        ("gopher://127.0.0.1:6379/_INFO", "scheme_not_allowed"),
        ("//venue.example/", "scheme_not_allowed"),
        ("http://venue.example:8080/", "port_not_allowed"),
        ("http://venue.example:22/", "port_not_allowed"),
        ("http://venue.example:99999/", "bad_url"),
        ("http://venue.example@127.0.0.1/", "userinfo"),
        ("http://user:password@venue.example/", "userinfo"),
        ("http://venue.example\\@127.0.0.1/", "bad_url"),
        ("http://venue.example/a\r\nHost: inside", "bad_url"),
        ("http://127%2e0.0.1/", "bad_url"),
        ("http://[::1/", "bad_url"),
        ("http:///path", "bad_url"),
        ("http://1.2.3.4.5/", "bad_url"),
        ("http://[fe80::1%25eth0]/", "address_not_public"),
    ],
)
def test_urls_that_are_not_requested(url: str, reason: str) -> None:
    assert reason_for(url) == reason


def test_the_host_map_is_the_one_exception_and_only_for_its_hosts() -> None:
    host_map = read_host_map({"Venue.Test.": "127.0.0.1:8600"})
    assert admit("https://venue.test/x", host_map).connect_to == ("127.0.0.1", 8600)
    assert admit("http://VENUE.test:9999/", host_map).connect_to == ("127.0.0.1", 8600)
    for url in ("http://127.0.0.1:8600/", "http://127.0.0.1/"):
        with pytest.raises(RefusedAddressError):
            admit(url, host_map)
    assert admit("http://other.venue.test/", host_map).connect_to is None


@pytest.mark.parametrize("address", ["127.0.0.1", "8600", ":8600", "127.0.0.1:http", "127.0.0.1:0", "127.0.0.1:70000"])
def test_a_host_map_that_says_nothing_useful_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="ADDRESS:PORT"):
        read_host_map({"venue.test": address})
