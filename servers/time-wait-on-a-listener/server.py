# A server with one short answer for each connection, which closes first.
#
# What is right: the answer is complete, and its end says so. SO_REUSEADDR lets the next start of this program listen at once.
# On the wire: an answer, and a FIN right behind it. TIME-WAIT is here.

import socketserver
import sys


class Answer(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(self.rfile.readline())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 199


Server(("", int(sys.argv[1])), Answer).serve_forever()
