# A proxy: it connects every client to a backend, and copies what either end sends to the other.
#
# What it does: it passes the end of one direction on, and goes on with the other. When both have ended it closes.
# On the wire: the client's FIN goes to the backend, the answer comes back, and the backend's FIN behind it.

import select
import socket
import socketserver
import sys

backend = sys.argv[2].rsplit(":", 1)


class Proxy(socketserver.BaseRequestHandler):
    def handle(self):
        with socket.create_connection(backend) as behind:
            other = {self.request: behind, behind: self.request}
            reading = list(other)
            while reading:
                for source in select.select(reading, [], [])[0]:
                    data = source.recv(65536)
                    if data:
                        other[source].sendall(data)
                        continue
                    other[source].shutdown(socket.SHUT_WR)
                    reading.remove(source)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 199


Server(("", int(sys.argv[1])), Proxy).serve_forever()
