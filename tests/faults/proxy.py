"""A TCP proxy between the app and a server: it may answer late, or go silent without a word."""

import socket
import threading
import time
from typing import Self

from tests.servers import HOST


class Proxy:
    """Passes bytes both ways; `delay` holds answers back, `silent` lets everything vanish."""

    def __init__(self, target_port: int) -> None:
        self.delay_seconds = 0.0
        self.silent = False
        self._target = (HOST, target_port)
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_exc_info: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self._target)
            except OSError:
                client.close()
                continue
            for pair in ((client, server, False), (server, client, True)):
                threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, is_answer: bool) -> None:  # noqa: FBT001
        try:
            while data := source.recv(65_536):
                if is_answer:
                    time.sleep(self.delay_seconds)
                if not self.silent:
                    sink.sendall(data)
        except OSError:
            pass
        finally:
            source.close()
            sink.close()
