# A web server of Python's standard library with a thread for each connection. Its answer is 1 MiB long.
#
# What is right: each part of the answer has a limit of its own. Who goes on reading, however slowly, gets all of it; who stops reading is dropped.
# On the wire: the answer, as fast as the client's window lets it through.

import http.server
import sys
import time

BODY = b"x" * (1 << 20)
PAGE_LIMIT = 0.8


class Page(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.connection.settimeout(PAGE_LIMIT)
        left = memoryview(BODY)
        while left:  # the fix
            left = left[self.connection.send(left) :]
        self.connection.settimeout(None)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 199

    def get_request(self):
        try:
            return super().get_request()
        except OSError:
            time.sleep(0.1)
            raise


Server(("", int(sys.argv[1])), Page).serve_forever()
