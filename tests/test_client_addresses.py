"""Connections go to public addresses that were checked, whatever a name said before."""

import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extractors.addresses import is_public, resolve
from extractors.errors import Refused, Unavailable
from extractors.exchange import Request
from extractors.settings import Settings
from extractors.transport import LiveTransport
from tests.archives import Clock
from tests.servers import Reply, site
from tests.test_client import SOURCE, Home, outcome

PUBLIC = ["93.184.216.34", "1.1.1.1", "2606:2800:220:1:248:1893:25c8:1946"]
PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "0.1.2.3",
    "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::10.0.0.1", "64:ff9b::a00:1",
    "64:ff9b:1::a00:1", "2002:a00:1::1", "2001::1", "2001:db8::1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0",
    "fec0::1", "ff02::1", "3fff::1", "5f00::1", "100::1", "no address", "",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


class Network:
    """Stands in for name service and connections: notes what is connected to and connects to nothing."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.reached: list[str] = []

    def resolve(self, host: str, port: int) -> list[str]:
        return self.answers.pop(0)

    def connect(self, address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        self.reached.append(address[0])
        raise ConnectionRefusedError("no connection in a test")


def transport(network: Network, settings: Settings | None = None) -> LiveTransport:
    return LiveTransport(
        settings or Settings(), monotonic=Clock().monotonic, resolve=network.resolve, connect=network.connect
    )


@pytest.mark.parametrize("url", ["http://a.example.com/x", "https://a.example.com/x"])
@pytest.mark.parametrize("found", [[one] for one in PRIVATE] + [["1.1.1.1", "10.0.0.1"], ["::1", "1.1.1.1"]])
def test_one_address_that_is_not_public_is_enough_to_refuse(url: str, found: list[str]) -> None:
    network = Network(found)
    with pytest.raises(Refused, match=r"a\.example\.com.*not public.*allowed_addresses") as caught:
        transport(network).ask(Request(url))
    assert caught.value.reason == "address" and network.reached == []


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    network = Network(["1.1.1.1", "8.8.8.8"])
    with pytest.raises(Unavailable) as caught:
        transport(network).ask(Request("http://a.example.com/"))
    assert caught.value.reason == "connection" and network.reached == ["1.1.1.1", "8.8.8.8"]


def test_a_name_that_moves_home_is_refused_when_it_does() -> None:
    network = Network(["1.1.1.1"], ["10.0.0.1"])
    going = transport(network)
    with pytest.raises(Unavailable):
        going.ask(Request("http://a.example.com/"))
    with pytest.raises(Refused):
        going.ask(Request("http://a.example.com/"))
    assert network.reached == ["1.1.1.1"]


def test_the_operator_allows_hosts_by_name() -> None:
    settings = Settings(allowed_addresses=frozenset({"feeds.intranet.example"}))
    network = Network(["10.0.0.1"], ["10.0.0.1"])
    going = transport(network, settings)
    with pytest.raises(Unavailable):
        going.ask(Request("http://Feeds.Intranet.example./x"))
    with pytest.raises(Refused):
        going.ask(Request("http://other.intranet.example/x"))
    assert network.reached == ["10.0.0.1"]


def test_a_refusal_is_not_tried_again_and_names_the_mend(tmp_path: Path) -> None:
    home = Home(tmp_path, Settings())
    try:
        for honours_robots in (True, False):
            fetched = home.get("http://127.0.0.1:9/a", replace(SOURCE, honours_robots=honours_robots))
            assert outcome(fetched) == ("refused", "address")
            assert 'allowed_addresses = ["127.0.0.1"]' in fetched.message
        assert home.clock.slept == []
    finally:
        home.close()


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".example", "\udcff"])
def test_a_name_that_is_none_has_no_address(host: str) -> None:
    with pytest.raises(socket.gaierror):
        resolve(host, 80)


def test_the_first_address_that_answers_is_used() -> None:
    with site() as it:
        it.says("/a", Reply(b"[8]"))
        real: Callable[..., socket.socket] = socket.create_connection
        tried: list[str] = []

        def connect(address: tuple[str, int], timeout: float, **_: Any) -> socket.socket:
            tried.append(address[0])
            if address[0] == "1.1.1.1":
                raise TimeoutError("no answer in a test")
            return real(("127.0.0.1", it.port), timeout)

        going = LiveTransport(
            Settings(), monotonic=Clock().monotonic, resolve=lambda *_: ["1.1.1.1", "8.8.8.8"], connect=connect
        )
        assert going.ask(Request("http://a.example.com/a")).body == b"[8]"
        going.close()
    assert tried == ["1.1.1.1", "8.8.8.8"]
