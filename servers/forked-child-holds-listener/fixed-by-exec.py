# An echo server with a worker process beside it, which keeps a journal. Something kills the server: an operator, a supervisor, the
# kernel's out-of-memory killer. The worker lives on.
#
# What is right: the worker is a new program (fork() and exec()). Python opens every descriptor close-on-exec, so the worker has only what
# is passed to it.
# On the wire: the listening socket goes with the server. A client is refused at once, and a server that is started again gets the port.

import multiprocessing
import socketserver
import sys

processes = multiprocessing.get_context("spawn")  # the fix
journal = processes.SimpleQueue()


def keep(entries):
    while True:
        entries.get()


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            journal.put(self.client_address)
            self.wfile.write(line)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    server = Server(("", int(sys.argv[1])), Echo)
    processes.Process(target=keep, args=(journal,)).start()
    server.serve_forever()
