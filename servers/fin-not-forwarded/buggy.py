# A forwarder: it connects every client to a backend, and copies what either end sends to the other.
#
# What is wrong: when one end has finished, nobody passes that on. The connection is closed when both ends have finished, and the other end
# cannot finish: it waits for the end that was swallowed here.
# On the wire: the backend's answer arrives at the client, and the backend's FIN stops at this host.

import socket
import socketserver
import sys
import threading

backend = sys.argv[2].rsplit(":", 1)


def forward(source, target):
    while data := source.recv(65536):
        target.sendall(data)
    # The bug: end-of-file ends this loop, and the target is not told.


class Forwarder(socketserver.BaseRequestHandler):
    def handle(self):
        with socket.create_connection(backend) as behind:
            answers = threading.Thread(target=forward, args=(behind, self.request), daemon=True)
            answers.start()
            forward(self.request, behind)
            answers.join()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 199


Server(("", int(sys.argv[1])), Forwarder).serve_forever()
