# An HTTP server with a short answer, by which others see whether it is well, and a page of some 5 kB.
#
# What is wrong: nothing in this program. It sends segments as large as both ends allow, and somewhere between them is a link that carries
# less and does not say so.
# On the wire: short answers arrive. Of a page only the last segment arrives, which is shorter. The others are repeated for a quarter of an
# hour.

import http.server
import sys

PAGE = b"-" * 4998 + b"\n"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # Head and body leave together.

    def do_GET(self):
        body = PAGE if self.path == "/page" else b"well\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 199


# The bug: it relies on the path to report what it cannot carry.
Server(("", int(sys.argv[1])), Handler).serve_forever()
