# An echo server that asks for a backlog of 1024, and prepares itself when the first client comes.
#
# What is wrong: the queue of finished handshakes must hold all clients that come during the preparation. The program believes that it has room
# for 1024. listen() cuts the number to net.core.somaxconn of its network namespace, and reports no error.
# On the wire: while the program prepares, somaxconn + 1 connections fill the queue. Every further SYN is dropped without an answer, and its client
# tries again a second later.

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
    # The bug: nobody accepts meanwhile, and the queue is not as long as the program has asked.
    prepare()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
