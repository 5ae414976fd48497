# An HTTP server that closes connections on which nothing was asked for a second.
#
# What is right: an idle connection costs a descriptor and a thread, and HTTP allows either end to close it.
# On the wire: a FIN one second after the last answer.

import http.server
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 1
    wbufsize = -1  # Head and body leave together, and not one after the acknowledgement of the other.

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "3")
        self.end_headers()
        self.wfile.write(b"23\n")

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 199


Server(("", int(sys.argv[1])), Handler).serve_forever()
