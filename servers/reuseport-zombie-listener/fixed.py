# A server that can be replaced without a pause: the new process listens on the same port, with SO_REUSEPORT, and SIGHUP tells the old one
# to serve the clients that it has and to take no new ones.
#
# What is right: the old process closes its listening socket first. From then on the kernel chooses the new one for every SYN.
# On the wire: every new connection is answered, and the old clients keep theirs.

import signal
import socket
import sys
import threading
import time

draining = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
signal.signal(signal.SIGHUP, lambda *_: draining.set())


def serve(connection):
    with connection:
        for line in connection.makefile("rb"):
            connection.sendall(line)


listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
listener.bind(("0.0.0.0", int(sys.argv[1])))
listener.listen(128)
listener.settimeout(0.1)
print("ready", sys.argv[1], flush=True)

while not draining.is_set():
    try:
        connection, _ = listener.accept()
    except TimeoutError:
        continue
    except OSError:  # No descriptor is left.
        time.sleep(0.1)
        continue
    connection.settimeout(None)
    threading.Thread(target=serve, args=[connection], daemon=True).start()

listener.close()  # the fix
while threading.active_count() > 1:
    time.sleep(0.1)
