# An echo server that asks for a backlog of 1024, and prepares itself when the first client comes.
#
# What is right: the loop that accepts does nothing else, so that it needs no long queue. The threads of the connections wait for the preparation.
# On the wire: every SYN is answered at once, whatever net.core.somaxconn is. The answers come when the preparation is done.

import socket
import sys
import threading
import time

ready = threading.Lock()
is_ready = False


def prepare():
    """Loads what the answers need, once."""
    global is_ready
    with ready:
        if not is_ready:
            time.sleep(0.9)
        is_ready = True


def serve(connection):
    prepare()  # the fix
    with connection, connection.makefile("rb") as stream:
        for line in stream:
            connection.sendall(line)


listener = socket.create_server(("", int(sys.argv[1])), backlog=1024)
while True:
    try:
        connection, _ = listener.accept()
    except OSError:  # No descriptor is left.
        time.sleep(0.1)
        continue
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
