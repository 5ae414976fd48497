# A forwarder: it connects every client to a backend, and copies what either end sends to the other.
#
# What is right: end-of-file is passed on as data is, with shutdown(). The other direction goes on, until its end has finished, too.
# On the wire: the backend's answer arrives at the client, and a FIN right behind it. The client's FIN goes back the same way.

import socket
import socketserver
import sys
import threading

backend = sys.argv[2].rsplit(":", 1)


def forward(source, target):
    while data := source.recv(65536):
        target.sendall(data)
    target.shutdown(socket.SHUT_WR)  # the fix


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
