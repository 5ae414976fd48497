# A web server of Python's standard library with TLS, and a thread for each connection.
#
# What is wrong: the listening socket itself is wrapped, so accept() also makes the handshake of TLS, and waits in it without a limit. A thread
# for each connection does not help: a client that connects and says nothing is not accepted yet, and nobody else is.
# On the wire: the kernel finishes every handshake of TCP, and acknowledges each ClientHello. No ServerHello comes until the silent client closes.

import http.server
import ssl
import sys
import tempfile

# This key is public, because it is in the source code. Use it for laboratories only. It is that of short-against-long/https-server.ts.
PEM = b"""-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgdXx3F41AgCRYiQy2
BeS50ybwjZYpYCj0T7jFbLNBgK2hRANCAAT/kBT+mg9qWSnwPHBNq59IqZxVNYc1
xdgKskc0kKdHBYTs27etB+ra0FmgoaoOQLXf+Em/xoEek+YoaE2bNwb6
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBnTCCAUOgAwIBAgIBATAKBggqhkjOPQQDAjAdMRswGQYDVQQDDBJsYXN0YWNr
IGxhYm9yYXRvcnkwIBcNMjYwMTAxMDAwMDAwWhgPMjEyNjAxMDEwMDAwMDBaMB0x
GzAZBgNVBAMMEmxhc3RhY2sgbGFib3JhdG9yeTBZMBMGByqGSM49AgEGCCqGSM49
AwEHA0IABP+QFP6aD2pZKfA8cE2rn0ipnFU1hzXF2AqyRzSQp0cFhOzbt60H6trQ
WaChqg5Atd/4Sb/GgR6T5ihoTZs3BvqjcjBwMCwGA1UdEQQlMCOCCWxvY2FsaG9z
dIcEfwAAAYcQAAAAAAAAAAAAAAAAAAAAATAMBgNVHRMBAf8EAjAAMBMGA1UdJQQM
MAoGCCsGAQUFBwMBMB0GA1UdDgQWBBQ3TN99lYiAPltkTCoqnT/ky1Rr8jAKBggq
hkjOPQQDAgNIADBFAiEA5FV5VzrmSp6AoyNKqZW8OdQt5LSeVbC/2Ve4Df2IbWQC
ID1CkbeDRe2XHJ9KqmZO/l3JLdqw9vdf8DJ2VFYH1Z2Q
-----END CERTIFICATE-----
"""


class Hello(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"hello\n")

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 199


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
with tempfile.NamedTemporaryFile() as file:
    file.write(PEM)
    file.flush()
    context.load_cert_chain(file.name)
server = Server(("", int(sys.argv[1])), Hello)
server.socket = context.wrap_socket(
    server.socket,
    server_side=True,
    # The bug: the handshake is left to accept().
)
server.serve_forever()
