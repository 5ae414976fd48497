# An echo server with a pool of threads, and a limit of time for each read. It also has its data files open.
#
# What is right: poll() takes a list of descriptors, of any number.
# On the wire: every request is answered within a round trip.

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
    ready = select.poll()  # the fix
    ready.register(connection, select.POLLIN)
    while True:
        if not ready.poll(IDLE_S * 1000):
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
