"""TCP_NODELAY for the listening sockets of Streamlit's server, which does not set it."""

import gc
import socket


def send_at_once() -> int:
    """Set TCP_NODELAY on every socket on which this process listens, whose connections inherit it; returns how many.

    Streamlit creates its socket without naming the protocol, and asyncio sets the option only if it is named. Without
    it, each page waits up to 40 ms for the delayed acknowledgment of its visitor.
    """
    listening = [item for item in gc.get_objects() if isinstance(item, socket.socket) and _listens(item)]
    for listening_socket in listening:
        listening_socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return len(listening)


def _listens(sock: socket.socket) -> bool:
    if sock.fileno() < 0 or sock.family not in (socket.AF_INET, socket.AF_INET6) or sock.type != socket.SOCK_STREAM:
        return False
    return bool(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
