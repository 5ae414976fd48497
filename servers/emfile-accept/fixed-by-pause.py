# An echo server with a thread for each connection, on socketserver, the base of http.server and of many small services.
#
# What is right: when accept() fails with EMFILE, the server waits for a moment before it tries again. A descriptor can be free by then.
# On the wire: as with the bug. Clients wait in the queue, but the server leaves the processor to the threads that could close something.

import errno
import socketserver
import sys
import time


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def get_request(self):
        try:
            return super().get_request()
        except OSError as error:
            if error.errno == errno.EMFILE:
                time.sleep(0.1)  # the fix
            raise


Server(("", int(sys.argv[1])), Echo).serve_forever()
