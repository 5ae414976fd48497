# An echo server with a thread for each connection, on socketserver, the base of http.server and of many small services.
#
# What is right: the server keeps one descriptor in reserve. When accept() fails with EMFILE, it gives the reserve up, accepts, and closes
# the connection. The queue is empty then, and the server sleeps until the next client comes.
# On the wire: the kernel finishes the handshake of a client for which there is no descriptor, and the client gets a RST or a FIN at once.

import errno
import os
import socketserver
import sys


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    reserve = os.open("/dev/null", os.O_RDONLY)  # the fix

    def get_request(self):
        try:
            return super().get_request()
        except OSError as error:
            if error.errno == errno.EMFILE:
                os.close(self.reserve)
                try:
                    super().get_request()[0].close()
                finally:
                    self.reserve = os.open("/dev/null", os.O_RDONLY)
            raise


Server(("", int(sys.argv[1])), Echo).serve_forever()
