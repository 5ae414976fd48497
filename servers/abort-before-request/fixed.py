# A chat server: it sends back what a client says, and keeps a list of who is there.
#
# What is right: a client is taken off the list and closed, however its connection ended.
# On the wire: a RST, and nothing after it. The descriptor is closed.

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
    except OSError:
        pass
    finally:  # the fix
        present.discard(client)
        client.close()


server = socket.create_server(("", int(sys.argv[1])), backlog=199)
while True:
    try:
        client, _ = server.accept()
    except OSError:  # No descriptor is left.
        time.sleep(0.1)
        continue
    threading.Thread(target=talk, args=[client], daemon=True).start()
