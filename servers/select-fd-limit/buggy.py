# An echo server with a pool of threads, and a limit of time for each read. It also has its data files open.
#
# What is wrong: select() can watch only descriptors below 1024. Python raises a ValueError for a higher one; the pool keeps the exception
# for somebody who asks, and nobody does. (In C, select() writes beyond its set instead.)
# On the wire: a client whose connection got a descriptor of 1024 or more is connected and acknowledged, and its request is never read.

import concurrent.futures
import os
import select
import socket
import sys
import time

IDLE_S = 60
sessions = {}


def echoed(connection):
    """Sends back what has come. False when the client is gone, in good order or not."""
    try:
        line = connection.recv(65536)
        connection.sendall(line)
    except OSError:
        return False
    return line != b""


def serve(connection):
    while True:
        # The bug: this works for the first thousand descriptors.
        if not select.select([connection], [], [], IDLE_S)[0]:
            break
        if not echoed(connection):
            break
    sessions.pop(connection.fileno()).close()


files = [os.open("/dev/null", os.O_RDONLY) for _ in range(int(sys.argv[2]))]
listener = socket.create_server(("", int(sys.argv[1])), backlog=128)
with concurrent.futures.ThreadPoolExecutor(max_workers=128) as pool:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:  # No descriptor is left.
            time.sleep(0.1)
            continue
        sessions[connection.fileno()] = connection
        pool.submit(serve, connection)
