# An echo server with a thread for each connection, which keeps the last word of each client.
#
# What is right: `with` releases the lock on every way out, an exception included. The client that raised it is the only one that loses anything.
# On the wire: every request is answered, and the client's FIN is answered with a FIN.

import socketserver
import sys
import threading

lock = threading.Lock()
served = 0
last = {}


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        global served
        with lock:
            served += 1
        line = b""
        for line in self.rfile:
            self.wfile.write(line)
        with lock:  # the fix
            last[self.client_address] = line.split()[0]


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 199

    def handle_error(self, request, client_address):
        print("log:", client_address[0], repr(sys.exc_info()[1]), file=sys.stderr)


Server(("", int(sys.argv[1])), Echo).serve_forever()
