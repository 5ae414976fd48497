# A server that answers each client with the number in its request. One thread accepts, and each connection has a thread of its own.
#
# What is right: the thread that accepts does nothing with a connection but start its thread. What a client sends, or does not send, can end only
# the client's own thread.
# On the wire: every request is answered, and the client's FIN is answered with a FIN.

import socket
import sys
import threading
import time


def serve(connection):
    with connection, connection.makefile("rb") as stream:
        _, number = stream.readline().split()  # the fix
        connection.sendall(number + b"\n")
        for line in stream:
            connection.sendall(line)


def accept():
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:  # No descriptor is left.
            time.sleep(0.1)
            continue
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


# Python prints a traceback here, and goes on without the thread.
threading.excepthook = lambda error: print("log:", repr(error.exc_value), file=sys.stderr)
listener = socket.create_server(("", int(sys.argv[1])), backlog=199)
threading.Thread(target=accept, daemon=True).start()
threading.Event().wait()  # The rest of the program, which needs no network.
