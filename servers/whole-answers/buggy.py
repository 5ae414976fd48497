# A web server of Python's standard library with a thread for each connection. Its answer is 1 MiB long.
#
# What is wrong: the limit of 800 ms is meant for a client that has stopped reading. But sendall() counts it for the whole answer, since Python 3.5.
# A client that is slower than that, and reads all the time, gets the beginning of the answer.
# On the wire: segments as the client's window lets them through; 800 ms after the first of them a FIN, before all that Content-Length announced.

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
        # The bug: the limit is for the sum of all waits.
        self.connection.sendall(BODY)
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
