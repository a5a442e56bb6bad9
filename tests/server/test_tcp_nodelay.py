"""An answer leaves at once, not when the visitor's system has acknowledged the one before."""

import socket

from portal.server.tcp_nodelay import send_at_once


def test_every_listening_socket_hands_on_that_it_sends_at_once() -> None:
    with socket.socket(socket.AF_INET) as listening, socket.socket(socket.AF_INET) as other:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        assert send_at_once() >= 1
        other.connect(listening.getsockname())
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert not other.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
