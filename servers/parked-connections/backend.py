# A database with a query that waits, for a lock or for a disk, and has no end of its own.
#
# What is right: when its client goes, the query ends and the connection is closed. With keep-alive that includes clients that vanish.
# On the wire: the query is acknowledged, and there is no answer.

import socket
import socketserver
import sys


class Query(socketserver.StreamRequestHandler):
    def handle(self):
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self.rfile.readline()
        self.rfile.read()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 199


Server(("", int(sys.argv[1])), Query).serve_forever()
