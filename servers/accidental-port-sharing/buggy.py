# A server that answers each line with its version.
#
# What is wrong: SO_REUSEPORT is set "so that a restart works". A second copy can then listen on the port while the first one still runs.
# On the wire: nothing unusual. The kernel deals the connections out among all sockets that listen on the port, by a hash of the
# addresses and ports: about half of them reach the old version.

import contextlib
import errno
import json
import signal
import socket
import sys
import threading
import time

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
port, version = int(sys.argv[1]), sys.argv[2]


def tell(kind, **more):
    line = json.dumps({"kind": kind, "monotonicUs": time.monotonic_ns() // 1000, "version": version} | more)
    print(line + "\n", end="", flush=True)  # One write: threads print, too.


def answer(connection):
    with connection, contextlib.suppress(OSError):
        connection.settimeout(5)
        connection.recv(4096)
        connection.sendall(f"{version}\n".encode())
        tell("answered")


listener = socket.socket()
# The bug: SO_REUSEPORT allows every program of this user to listen on the same port.
option = socket.SO_REUSEPORT
listener.setsockopt(socket.SOL_SOCKET, option, 1)
try:
    listener.bind(("0.0.0.0", port))
except OSError as error:
    tell("refused", code=errno.errorcode[error.errno])
    sys.exit(1)
listener.listen(128)
print("ready", port, flush=True)
while True:
    try:
        connection, _ = listener.accept()
    except OSError:  # No descriptor is left.
        time.sleep(0.1)
        continue
    threading.Thread(target=answer, args=[connection], daemon=True).start()
