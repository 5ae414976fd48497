# A web server of Python's standard library that serves one connection at a time.
#
# What is wrong: HTTPServer calls accept() again when the handler has returned, and the handler waits for a request without a limit. A client
# that connects and says nothing holds up all others: a browser that connects ahead, a port scan, a load balancer's spare connection.
# On the wire: the kernel finishes every handshake and acknowledges every request. No answer comes until the silent client closes.

import http.server
import sys


class Hello(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"hello\n")

    def log_message(self, *_):
        pass


# The bug: one connection at a time.
class Server(http.server.HTTPServer):
    request_queue_size = 199


Server(("", int(sys.argv[1])), Hello).serve_forever()
