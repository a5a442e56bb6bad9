"""Which proxies are believed when they say who asks, and whether over TLS, where a server listens to IPv6."""

from contextlib import suppress
from ipaddress import ip_network


def mapped(trusted: str) -> list[str]:
    """The IPv4 addresses and networks among `trusted` (with commas) as a server that listens to IPv6 and IPv4 at once
    sees them: ::ffff:127.0.0.1 (RFC 4291, 2.5.5.2). `streamlit run` starts such a server, and uvicorn does not take one
    for the other. What is no IPv4 address is left out.
    """
    found = []
    for part in trusted.split(","):
        with suppress(ValueError):
            network = ip_network(part.strip(), strict=False)
            if network.version == 4:
                found.append(f"::ffff:{network.network_address}/{96 + network.prefixlen}")
    return found
