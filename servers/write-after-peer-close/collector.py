# A collector of readings, one a line. It closes a connection that was idle for 0.6 s.
#
# What is right: a server may close an idle connection. It has read everything that came before its FIN.
# On the wire: it sends nothing but its FIN, and a RST for whatever comes after that.

import json
import socketserver
import sys
import time


class Collect(socketserver.StreamRequestHandler):
    timeout = 0.6

    def handle(self):
        try:
            for line in self.rfile:
                report = {"kind": "reading", "monotonicUs": time.monotonic_ns() // 1000, "number": int(line)}
                print(json.dumps(report), flush=True)
        except TimeoutError:
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 199


Server(("", int(sys.argv[1])), Collect).serve_forever()
