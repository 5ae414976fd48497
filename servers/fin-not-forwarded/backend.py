# A service with one short answer for each connection, as whois, finger and an HTTP/1.0 server give.
#
# What is right: it reads a line, answers it, and closes. The end of the connection is the end of the answer.
# On the wire: an answer, and a FIN right behind it.

import socketserver
import sys


class Answer(socketserver.StreamRequestHandler):
    def handle(self):
        self.rfile.readline()
        self.wfile.write(b"temperature 23\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 199


Server(("", int(sys.argv[1])), Answer).serve_forever()
