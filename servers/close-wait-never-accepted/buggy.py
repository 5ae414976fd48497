# A server that answers each client with the number in its request. One thread accepts, and each connection has a thread of its own.
#
# What is wrong: the thread that accepts also reads the first line, and a line that is not as expected raises an exception there. A client that
# sends nothing, as a port probe does, ends the only thread that accepts. The process goes on, and its port too.
# On the wire: the kernel finishes every handshake and acknowledges every request. The client gives up, its FIN is acknowledged too, and no FIN
# goes back. This end stays in CLOSE-WAIT, in the accept queue, and belongs to no process.

import socket
import sys
import threading
import time


def serve(connection, stream, number):
    with connection, stream:
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
        stream = connection.makefile("rb")
        # The bug: without two words this raises ValueError, and nobody calls accept() any more.
        _, number = stream.readline().split()
        threading.Thread(target=serve, args=(connection, stream, number), daemon=True).start()


# Python prints a traceback here, and goes on without the thread.
threading.excepthook = lambda error: print("log:", repr(error.exc_value), file=sys.stderr)
listener = socket.create_server(("", int(sys.argv[1])), backlog=199)
threading.Thread(target=accept, daemon=True).start()
threading.Event().wait()  # The rest of the program, which needs no network.
