# An HTTP server with a short answer, by which others see whether it is well, and a page of some 5 kB.
#
# What is right: its connections have smaller segments, and each end tells the other so in its SYN. Tunnels and VPNs rarely carry less.
# On the wire: the SYN-ACK has an MSS of 1200. Every segment fits through the link.

import http.server
import socket
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

    def server_bind(self):
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1200)  # the fix
        super().server_bind()


Server(("", int(sys.argv[1])), Handler).serve_forever()
