# An echo server with a thread for each connection, which keeps the last word of each client.
#
# What is wrong: one way out of the code between acquire() and release() is an exception, and then nobody ever releases the lock. A client that
# sends nothing, as a port probe does, raises it. Every later thread waits for the lock, before it has read its request.
# On the wire: the kernel finishes every handshake and acknowledges every request. The client gives up, its FIN is acknowledged too, and no FIN
# goes back. This end stays in CLOSE-WAIT, with the request still in its receive queue.

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
        # The bug: without a word this raises IndexError, and the lock stays locked.
        lock.acquire()
        last[self.client_address] = line.split()[0]
        lock.release()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 199

    def handle_error(self, request, client_address):
        print("log:", client_address[0], repr(sys.exc_info()[1]), file=sys.stderr)


Server(("", int(sys.argv[1])), Echo).serve_forever()
