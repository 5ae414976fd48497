# A chat server: it sends back what a client says, and keeps a list of who is there.
#
# What is wrong: only a client that says goodbye is taken off the list. One that resets its connection ends its thread with an exception, and
# stays on the list, with its descriptor.
# On the wire: a RST. The kernel has forgotten the connection, and ss does not show it any more.

import socket
import sys
import threading
import time

present = set()


def talk(client):
    present.add(client)
    try:
        while line := client.recv(65536):
            client.sendall(line)
        # The bug: after an exception, the client is still on the list.
        present.discard(client)
        client.close()
    except OSError:
        pass


server = socket.create_server(("", int(sys.argv[1])), backlog=199)
while True:
    try:
        client, _ = server.accept()
    except OSError:  # No descriptor is left.
        time.sleep(0.1)
        continue
    threading.Thread(target=talk, args=[client], daemon=True).start()
