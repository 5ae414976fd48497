# An HTTP server with a limit for idle connections. It sends no Keep-Alive header, so that its clients do not know the limit.
#
# What is wrong: it closes a connection after three tenths of a second without a request. Its clients keep them for longer than that.
# On the wire: a FIN from the server. If a request is on its way to meet it, or the client has not read it, a RST is the answer.

import http.server
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # The head and the body of an answer are two writes.
    # The bug: shorter than what the clients allow themselves.
    timeout = 0.3

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "3")
        self.end_headers()
        self.wfile.write(b"23\n")

    def log_message(self, *words):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 199


Server(("", int(sys.argv[1])), Handler).serve_forever()
