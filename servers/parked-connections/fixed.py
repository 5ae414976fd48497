# A server with five workers. It accepts every connection at once and leaves it to the next worker that is free. A worker asks a backend.
#
# What is right: a worker waits for the backend for a tenth of a second, and then says that it does not know. It is free for the next one.
# On the wire: every request is answered.

import concurrent.futures
import socket
import sys

backend = sys.argv[2].rsplit(":", 1)
workers = concurrent.futures.ThreadPoolExecutor(5)


def temperature():
    try:
        with socket.create_connection(backend, timeout=0.1) as behind:  # the fix
            behind.sendall(b"temperature?\n")
            return behind.recv(100)
    except OSError:
        return b"unknown\n"


def serve(connection):
    with connection:
        connection.recv(1000)
        connection.sendall(temperature())


listener = socket.create_server(("", int(sys.argv[1])), backlog=199)
while True:
    connection, _ = listener.accept()
    workers.submit(serve, connection)
