"""What Streamlit's server leaves unset and the load it holds depends on."""

import gc
import socket


def send_at_once() -> int:
    """Set TCP_NODELAY on every socket this process listens on, which what it accepts inherits; how many there are.

    Streamlit makes its socket without naming the protocol, and asyncio sets the option only where that is named: each
    page then waits for the delayed acknowledgement of its visitor, up to 40 ms.
    """
    listening = [item for item in gc.get_objects() if isinstance(item, socket.socket) and _listens(item)]
    for listening_socket in listening:
        listening_socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return len(listening)


def _listens(sock: socket.socket) -> bool:
    if sock.fileno() < 0 or sock.family not in (socket.AF_INET, socket.AF_INET6) or sock.type != socket.SOCK_STREAM:
        return False
    return bool(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
