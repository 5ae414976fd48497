# A server with five workers. It accepts every connection at once and leaves it to the next worker that is free. A worker asks a backend.
#
# What is wrong: a worker waits for the backend without a limit. The executor's queue has no limit either, so that accept() goes on when
# all workers wait, and puts connections where nobody will take them.
# On the wire: every handshake is finished and every request is acknowledged. No answer is sent.

import concurrent.futures
import socket
import sys

backend = sys.argv[2].rsplit(":", 1)
workers = concurrent.futures.ThreadPoolExecutor(5)


def temperature():
    try:
        # The bug: nothing ends this when the backend does not answer.
        with socket.create_connection(backend) as behind:
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
