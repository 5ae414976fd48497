# A server with five workers. It accepts every connection at once and gives it to a worker that is free. A worker asks a backend.
#
# What is right: there is a limit for what is under way, and a client beyond it is refused at once. Those that the workers have taken still
# wait, and nobody waits behind them.
# On the wire: five requests are acknowledged and not answered. The others are answered with a line, and a FIN.

import concurrent.futures
import contextlib
import socket
import sys
import threading

backend = sys.argv[2].rsplit(":", 1)
workers = concurrent.futures.ThreadPoolExecutor(5)
free = threading.Semaphore(5)


def temperature():
    try:
        with socket.create_connection(backend) as behind:
            behind.sendall(b"temperature?\n")
            return behind.recv(100)
    except OSError:
        return b"unknown\n"


def serve(connection):
    try:
        with connection:
            connection.recv(1000)
            connection.sendall(temperature())
    finally:
        free.release()


def refuse(connection):
    # A request that is not read would make the close a reset, and the answer could be lost.
    with connection, contextlib.suppress(OSError):
        connection.settimeout(0.1)
        connection.recv(1000)
        connection.sendall(b"busy\n")


listener = socket.create_server(("", int(sys.argv[1])), backlog=199)
while True:
    connection, _ = listener.accept()
    if free.acquire(blocking=False):  # the fix
        workers.submit(serve, connection)
    else:
        refuse(connection)
