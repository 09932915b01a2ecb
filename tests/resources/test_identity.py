"""Ids and buckets: stable, spread evenly, and one per thing however it is spelled."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import uuid
from collections import Counter
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.identity import (
    NAMESPACE,
    USER_BUCKETS,
    VENUE_BUCKETS,
    bucket_of,
    canonical_site_url,
    content_id,
    user_bucket,
    user_id,
    venue_bucket,
    venue_id,
)

labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,12}[a-z0-9])?", fullmatch=True)
hosts = (
    st.lists(labels, min_size=1, max_size=4)
    .filter(lambda parts: parts[0] != "www" and not parts[-1].isdigit())
    .map(".".join)
)
paths = st.text(max_size=60).filter(lambda text: not set(text) & set("?#\\"))


def test_the_constants_never_change() -> None:
    # Every stored row depends on these values: a failure here means that a data migration is owed.
    assert (VENUE_BUCKETS, USER_BUCKETS) == (16, 32)
    assert uuid.uuid5(uuid.NAMESPACE_DNS, "venue-taste.example") == NAMESPACE
    assert str(venue_id("https://example.com")) == "409e8a27-3950-55ea-9cd6-fbbd1c6bbb07"
    assert bucket_of("example", 16) == int.from_bytes(hashlib.blake2b(b"example", digest_size=8).digest()) % 16


def test_buckets_are_the_same_in_another_process_with_another_hash_seed() -> None:
    script = "from resources.identity import bucket_of; print([bucket_of(str(i), 32) for i in range(50)])"
    runs = [
        subprocess.run(
            [sys.executable, "-c", script], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout.strip()
        for seed in ("1", "2")
    ]
    assert runs == [str([bucket_of(str(i), 32) for i in range(50)])] * 2


@given(st.text(), st.integers(1, 1000))
def test_a_bucket_is_in_range(identifier: str, buckets: int) -> None:
    assert 0 <= bucket_of(identifier, buckets) < buckets


def test_buckets_are_even() -> None:
    counts = Counter(user_bucket(user_id(f"user-{number}")) for number in range(32_000))
    # 1,000 expected in each of 32, standard deviation 31: five of them either way.
    assert len(counts) == USER_BUCKETS
    assert all(845 < count < 1155 for count in counts.values())


def test_no_buckets_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        bucket_of("x", 0)


@given(hosts, paths, st.sampled_from(["http://", "https://", "HTTPS://", ""]), st.sampled_from(["", "www.", "WWW."]))
def test_canonical_is_idempotent_and_blind_to_scheme_and_www(host: str, path: str, scheme: str, www: str) -> None:
    plain = canonical_site_url(f"https://{host}/{path}")
    assert canonical_site_url(plain) == plain
    # "www." is a prefix only where something that is a domain follows it.
    prefix = www if "." in host else ""
    assert canonical_site_url(f"{scheme}{prefix}{host}/{path}") == plain
    assert venue_id(plain) == venue_id(f"{scheme}{prefix}{host}/{path}")


@given(hosts, paths)
def test_canonical_keeps_the_host_and_drops_query_and_fragment(host: str, path: str) -> None:
    result = urlsplit(canonical_site_url(f"http://{host.upper()}/{path}?utm_source=x#top"))
    assert (result.scheme, result.netloc, result.query, result.fragment) == ("https", host, "", "")
    assert not result.path.endswith("/")


@pytest.mark.parametrize(
    ("spelled", "canonical"),
    [
        ("Example.COM", "https://example.com"),
        ("http://www.example.com:80/", "https://example.com"),
        ("https://example.com.:443//weddings//index.html?utm=1#x", "https://example.com/weddings"),
        ("https://example.com/a/./b/../c/", "https://example.com/a/c"),
        ("https://example.com/%7Ebarn/caf%c3%a9", "https://example.com/~barn/caf%C3%A9"),
        ("https://example.com/a%2Fb", "https://example.com/a%2Fb"),
        ("https://example.com:8443/x", "https://example.com:8443/x"),
        ("https://château.example/fête", "https://xn--chteau-xta.example/f%C3%AAte"),
        ("https://Straße.example", "https://xn--strae-oqa.example"),
        ("http://[2001:DB8:0::1]/", "https://[2001:db8::1]"),
        ("https://example.com/index.html/index.html", "https://example.com"),
        ("  https://example.com  ", "https://example.com"),
        ("www.com", "https://www.com"),
    ],
)
def test_canonical_examples(spelled: str, canonical: str) -> None:
    assert canonical_site_url(spelled) == canonical


@pytest.mark.parametrize(
    "bad",
    ["", "https://", "ftp://example.com", "javascript://x", "https://user:pw@example.com", "https://exa mple.com",
     "https://example.com:99999", "https://-example.com", "https://[::1", f"https://{'a' * 64}.com",
     "file:///etc", "5", "https://127.1", "https://1.2.3.4.5"],
)  # fmt: skip
def test_what_is_not_a_site_is_refused_by_name(bad: str) -> None:
    with pytest.raises(ValueError, match=r"address|host name"):
        canonical_site_url(bad)


@given(st.binary(max_size=200))
def test_content_id_is_sha256(content: bytes) -> None:
    assert content_id(content) == hashlib.sha256(content).hexdigest()


@given(st.text(min_size=1).filter(str.strip))
def test_user_ids_ignore_outer_blanks_only(handle: str) -> None:
    assert user_id(handle) == user_id(f"  {handle}\n")
    assert user_id(handle) != user_id(handle + "x")


def test_a_blank_user_is_refused_and_buckets_follow_ids() -> None:
    with pytest.raises(ValueError, match="blank"):
        user_id("  ")
    assert venue_bucket(venue_id("example.com")) == bucket_of(venue_id("example.com"), VENUE_BUCKETS)
