# A server with a child for each connection, as in inetd, sshd, vsftpd and PostgreSQL.
#
# What is right: the parent accepts, forks and closes its copy of the connection. The child closes its copy of the listener, serves the
# connection, and ends with it.
# On the wire: nothing is special. For a moment after each accept() both processes hold the connection.

import os
import signal
import socket
import sys


def echo(connection):
    while data := connection.recv(4096):
        connection.sendall(data)


signal.signal(signal.SIGCHLD, signal.SIG_IGN)
listener = socket.create_server(("", int(sys.argv[1])), backlog=199)
while True:
    connection, _ = listener.accept()
    if os.fork() == 0:
        listener.close()
        echo(connection)
        os._exit(0)
    connection.close()
