# A server that counts the words of a text, and is slow at it. The client's end of sending is the end of the text.
#
# What is right: the text is read to end-of-file, and the answer goes out when it is ready. close() comes after the answer.
# On the wire: the client's FIN is acknowledged at once. From then on this end is in CLOSE-WAIT, for as long as the work takes.

import socketserver
import sys
import time


class Words(socketserver.StreamRequestHandler):
    def handle(self):
        words = self.rfile.read().split()
        time.sleep(float(sys.argv[2]))
        self.wfile.write(b"%d\n" % len(words))


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 199


Server(("", int(sys.argv[1])), Words).serve_forever()
