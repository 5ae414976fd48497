# Python's http.server. It speaks HTTP/1.0 by default; the second argument sets the version:
#   python3 servers/http-keep-alive/http_server.py 8080 HTTP/1.1 $(mktemp -d)
#
# On the wire, with 1.0: an answer without a Connection header, and a FIN, even if the client asks for keep-alive. With 1.1: the same
# answer, and the connection stays until the client closes it. There is no idle limit.
import http.server
import os
import sys

port, protocol, folder = int(sys.argv[1]), sys.argv[2], sys.argv[3]
os.chdir(folder)
# `python3 -m http.server` calls this function. Its command line has the option --protocol only since 3.11.
http.server.test(http.server.SimpleHTTPRequestHandler, http.server.ThreadingHTTPServer, protocol, port, "0.0.0.0")
