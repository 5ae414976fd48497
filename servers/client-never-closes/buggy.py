# A server that answers one line over TLS, and says goodbye with a close_notify.
#
# What is wrong: it waits for the client's goodbye, and nothing limits the wait. TLS does not ask for it (RFC 8446, section 6.1).
# On the wire: a close_notify and its acknowledgement, and then nothing. Both ends stay ESTABLISHED.

import contextlib
import socket
import ssl
import sys
import tempfile
import threading
import time

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


def talk(plain):
    with contextlib.suppress(OSError), plain, context.wrap_socket(plain, server_side=True) as client:
        line = client.makefile("rb").readline(65536)
        if line:
            client.sendall(line)
            # The bug: a client that says nothing keeps the connection open.
            client.unwrap()


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
with tempfile.NamedTemporaryFile() as file:
    file.write(PEM)
    file.flush()
    context.load_cert_chain(file.name)
server = socket.create_server(("", int(sys.argv[1])), backlog=199)
while True:
    try:
        client, _ = server.accept()
    except OSError:  # No descriptor is left.
        time.sleep(0.1)
        continue
    threading.Thread(target=talk, args=[client], daemon=True).start()
