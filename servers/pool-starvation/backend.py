# A database: a line with a question, a line with the answer. It refuses every second question, as a database refuses one of two transactions
# that wait for each other.
#
# What is right: it answers at once, and keeps its connections for as long as its clients want them. With keep-alive it learns when one vanishes.
# On the wire: a question and an answer, and then nothing.

import itertools
import socket
import socketserver
import sys

questions = itertools.count(1)


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for _ in self.rfile:
            refused = next(questions) % 2 == 0
            self.wfile.write(b"error: deadlock\n" if refused else b"23\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 199


Server(("", int(sys.argv[1])), Session).serve_forever()
