# A web server of Python's standard library that serves one connection at a time, and waits for a request for at most a second.
#
# What is right: a connection on which nothing comes is closed after a second. All others wait for that second, and no longer.
# On the wire: the silent client gets a FIN after a second. Then every request is answered.

import http.server
import sys


class Hello(http.server.BaseHTTPRequestHandler):
    timeout = 1  # the fix

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"hello\n")

    def log_message(self, *_):
        pass


class Server(http.server.HTTPServer):
    request_queue_size = 199


Server(("", int(sys.argv[1])), Hello).serve_forever()
