# A web server of Python's standard library with a thread for each connection.
#
# What is right: ThreadingHTTPServer calls accept() again at once. A client that says nothing holds up its own thread.
# On the wire: every request is answered. The silent client's connection stays open beside them.

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


class Server(http.server.ThreadingHTTPServer):  # the fix
    request_queue_size = 199


Server(("", int(sys.argv[1])), Hello).serve_forever()
