# Python's http.server, which speaks HTTP/1.0 unless it is told otherwise:
#   python3 servers/http-keep-alive/http_server.py 8080 HTTP/1.1 $(mktemp -d)
#
# On the wire, with 1.0: an answer without a Connection header, and a FIN, whatever the client asks. With 1.1: the same answer, and the
# connection stays until the client closes it. There is no idle limit.
import http.server
import os
import sys

port, protocol, folder = int(sys.argv[1]), sys.argv[2], sys.argv[3]
os.chdir(folder)
# What `python3 -m http.server` calls; --protocol is an option of its command line only since 3.11.
http.server.test(http.server.SimpleHTTPRequestHandler, http.server.ThreadingHTTPServer, protocol, port, "0.0.0.0")
