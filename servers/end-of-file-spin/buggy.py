# An echo server with one thread and a selector.
#
# What is wrong: recv() returns no bytes at end-of-file, and the server takes that for "nothing yet". The descriptor stays in the selector.
# End-of-file can be read again and again, so the selector finds the descriptor ready at once, for ever.
# On the wire: the client's FIN is acknowledged, and no FIN goes back. The server's end stays in CLOSE-WAIT.

import contextlib
import selectors
import socket
import sys

selector = selectors.DefaultSelector()


def accept(listener):
    connection, _ = listener.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1000)  # A client that takes nothing is dropped.
    selector.register(connection, selectors.EVENT_READ, echo)


def echo(connection):
    line = connection.recv(65536)
    if line:
        connection.sendall(line)
    # The bug: nobody closes, and nobody stops to watch.


selector.register(socket.create_server(("", int(sys.argv[1])), backlog=128), selectors.EVENT_READ, accept)
while True:
    for key, _ in selector.select():
        with contextlib.suppress(OSError):  # A client has broken off: the next recv() is at end-of-file.
            key.data(key.fileobj)
