# A service that counts what it gets: it reads to the end, and answers. The end of the request is the end of that direction.
#
# What is right: it answers a client that has finished sending. To finish sending is not to leave.
# On the wire: CLOSE-WAIT for a tenth of a second, then an answer, and a FIN behind it.

import socket
import socketserver
import sys
import time


class Count(socketserver.StreamRequestHandler):
    def handle(self):
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        count = len(self.rfile.read())
        time.sleep(0.1)
        self.wfile.write(b"%d\n" % count)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 199

    def handle_error(self, request, client_address):
        pass


Server(("", int(sys.argv[1])), Count).serve_forever()
