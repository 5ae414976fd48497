# An HTTP server with a limit for idle connections. It sends no Keep-Alive header, so that its clients do not know the limit.
#
# What is right: it keeps a connection for longer than its clients do. The end that sends requests is the one that closes, and it knows whether
# it has one to send.
# On the wire: no FIN from the server.

import http.server
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # The head and the body of an answer are two writes.
    timeout = 60  # the fix

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
