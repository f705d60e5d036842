"""Which network addresses a source may have: public ones, and those that the operator allowed by name.

A page may name any host, and a name may lead anywhere, also into the operator's own network. So the check is made
when a connection is opened, on every address that the name has at that moment, and the connection goes to an
address that was checked.
"""

import socket
from collections.abc import Callable, Collection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from extractors.errors import Refused
from extractors.urls import masked

Resolve = Callable[[str, int], list[str]]
"""Gives the addresses of a name; raises socket.gaierror when it has none."""

_NOT_PUBLIC = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2002::/16", "3fff::/20", "5f00::/16",
        "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
"""Networks that are not the internet, or that carry an address of another network inside: NAT64, 6to4, Teredo."""


def is_public(address: str) -> bool:
    """Tell whether an address belongs to the internet as everybody sees it."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if not found.is_global or found.is_multicast or found.is_reserved or found.is_unspecified:
        return False
    return not any(found in network for network in _NOT_PUBLIC if network.version == found.version)


def resolve(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a name.

    Raises socket.gaierror when there are none, also for a text that cannot be a name.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise socket.gaierror(socket.EAI_NONAME, f"{host!r} is no host name") from error
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def checked_addresses(host: str, port: int, allowed: Collection[str], resolve: Resolve) -> list[str]:
    """Give the addresses of a host, every one of them public unless the operator allowed the host by name.

    Raises Refused with the reason `address`, and socket.gaierror when the name has no address.
    """
    found = resolve(host, port)
    bad = [address for address in found if not is_public(address)]
    if bad and host.lower().rstrip(".") not in allowed:
        raise Refused(
            "address",
            f"{host} has the address {bad[0]}, which is not public; if that is meant, write "
            f'allowed_addresses = ["{host}"] in dragongate.toml',
        )
    return found


def refuse_literal(host: str, allowed: Collection[str]) -> None:
    """Refuse a host that is plainly not public, where a proxy will look the name up and we cannot.

    Raises Refused with the reason `address`.
    """
    name = host.lower().rstrip(".")
    is_address = name.replace(".", "").isdigit() or ":" in name or name.startswith("0x")
    is_local = name == "localhost" or name.endswith((".localhost", ".local", ".internal"))
    if name not in allowed and (is_local or (is_address and not is_public(name))):
        raise Refused("address", f"{host} is not public; to allow it, name it in allowed_addresses in dragongate.toml")


def require_web(url: str) -> None:
    """Refuse what is no address on the web.

    Raises Refused with the reason `address`.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise Refused("address", f"{masked(url)} is no web address: {error}") from error
    if parts.scheme not in ("http", "https") or not host:
        raise Refused("address", f"{masked(url)} is no web address")
