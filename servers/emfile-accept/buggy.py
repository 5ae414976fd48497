# An echo server with a thread for each connection, on socketserver, the base of http.server and of many small services.
#
# What is wrong: when the process has no descriptor left, accept() fails with EMFILE. socketserver ignores the error and waits for the
# listening socket again. The connection is still in the queue, so the wait is over at once: a loop without a pause.
# On the wire: nothing. The kernel finishes the handshakes of clients for which there is no descriptor, and they wait in the queue.

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

    # The bug: the error of accept() is left to socketserver.


Server(("", int(sys.argv[1])), Echo).serve_forever()
