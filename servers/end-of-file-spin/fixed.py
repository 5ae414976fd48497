# An echo server with one thread and a selector.
#
# What is right: recv() returns no bytes at end-of-file, and only then. The server stops to watch the descriptor, and closes it.
# On the wire: the client's FIN is answered with a FIN. The client closed first, and has the TIME-WAIT.

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
    else:  # the fix
        selector.unregister(connection)
        connection.close()


selector.register(socket.create_server(("", int(sys.argv[1])), backlog=128), selectors.EVENT_READ, accept)
while True:
    for key, _ in selector.select():
        with contextlib.suppress(OSError):  # A client has broken off: the next recv() is at end-of-file.
            key.data(key.fileobj)
