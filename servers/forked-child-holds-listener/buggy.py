# An echo server with a worker process beside it, which keeps a journal. Something kills the server: an operator, a supervisor, the
# kernel's out-of-memory killer. The worker lives on.
#
# What is wrong: the worker is forked when the server already listens, and fork() copies every descriptor. The worker does not know
# that it holds the listening socket, and never calls accept().
# On the wire: after the server's death the kernel still finishes every handshake and acknowledges every request, and no answer comes.
# A server that is started again gets EADDRINUSE.

import multiprocessing
import socketserver
import sys

processes = multiprocessing.get_context("fork")
journal = processes.SimpleQueue()


def keep(entries):
    # The bug: this process keeps its copy of the listening socket.
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
