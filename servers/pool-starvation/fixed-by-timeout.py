# A service with a thread for each client, and a pool of five connections to a database.
#
# What is right: a thread waits for a connection for a tenth of a second, and then tells its client. The pool still runs dry, and everybody
# learns that it has.
# On the wire: every request is answered. After five failed queries nothing goes to the database any more.

import queue
import socket
import socketserver
import sys

backend = sys.argv[2].rsplit(":", 1)
# The pool knows all its connections, also those that are lent.
connections = [socket.create_connection(backend) for _ in range(5)]
free = queue.Queue()
for one in connections:
    free.put(one)


class QueryError(Exception):
    pass


def ask(connection):
    connection.sendall(b"temperature?\n")
    answer = connection.recv(100)
    if answer.startswith(b"error"):
        raise QueryError(answer)
    return answer


def temperature():
    connection = free.get(timeout=0.1)  # the fix
    answer = ask(connection)
    free.put(connection)
    return answer


class Service(socketserver.StreamRequestHandler):
    def handle(self):
        self.rfile.readline()
        try:
            self.wfile.write(b"temperature " + temperature())
        except QueryError:
            self.wfile.write(b"unknown\n")
        except queue.Empty:
            self.wfile.write(b"no connection to the database is free\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 199


Server(("", int(sys.argv[1])), Service).serve_forever()
