# A server with five workers. Each of them accepts from the one listener, as in gunicorn, uWSGI, Apache's prefork and PHP-FPM.
#
# What is right: the master listens before it forks and never accepts. Each connection belongs to the worker that has accepted it.
# On the wire: nothing is special. Six processes hold the listener.

import os
import signal
import socket
import sys
import threading
import time


def echo(connection):
    with connection:
        while data := connection.recv(4096):
            connection.sendall(data)


listener = socket.create_server(("", int(sys.argv[1])), backlog=199)
workers = []
for _ in range(5):
    worker = os.fork()
    if worker == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:  # No descriptor is left.
                time.sleep(0.1)
                continue
            threading.Thread(target=echo, args=(connection,), daemon=True).start()
    workers.append(worker)


def stop(*_):
    for worker in workers:
        os.kill(worker, signal.SIGTERM)
    os._exit(0)


signal.signal(signal.SIGTERM, stop)
while True:
    signal.pause()
