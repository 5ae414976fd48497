# A server that serves one connection after another, and can be replaced: the new process listens on the same port, with SO_REUSEPORT, and
# SIGHUP tells the old one to go.
#
# What is right: the old process accepts all connections that the kernel has put into its queue, closes the listening socket, and serves them.
# On the wire: every connection is answered. Only one that arrives between the last accept() and close() would be reset.

import contextlib
import signal
import socket
import sys
import time

leaving = False


def leave(*_):
    global leaving
    leaving = True


def serve(connection):
    with connection, contextlib.suppress(OSError):
        line = connection.recv(4096)
        time.sleep(0.03)  # the work
        connection.sendall(line)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
signal.signal(signal.SIGHUP, leave)
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
listener.bind(("0.0.0.0", int(sys.argv[1])))
listener.listen(128)
listener.settimeout(0.1)
print("ready", sys.argv[1], flush=True)

while not leaving:
    try:
        connection, _ = listener.accept()
    except TimeoutError:
        continue
    connection.settimeout(5)
    serve(connection)

listener.setblocking(False)
last = []
try:
    while True:
        last.append(listener.accept()[0])  # the fix
except BlockingIOError:
    listener.close()
for connection in last:
    connection.settimeout(5)
    serve(connection)
print("closed", flush=True)
signal.pause()
