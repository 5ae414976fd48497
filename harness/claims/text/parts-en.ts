/**
 * What a claim's circumstance needs besides its variant's summary. One line each: experiment, part, text. `scene` is what all variants of
 * an experiment have in common and their summaries do not say. The others are parts of trials that have several parts.
 */
export const PARTS_EN = `
accept-queue-length scene eight clients, of whom two are accepted
accept-queue-length cookies-1 tcp_syncookies as it is by default
bind-again closed no program listens any more
bind-again listening while the first still listens
bind-again listened-on a port on which a program listens
bind-again bound a port that is bound and not yet listened on
close-wait-ends there the peer has called shutdown(SHUT_WR), and its host is there
close-wait-ends forgotten the peer has called close(), and its kernel forgets it after tcp_fin_timeout
close-wait-ends gone the peer's host is gone
close-wait-ends late the program closes 3 s later
close-wait-ends reset the peer sends a RST
close-wait-ends killed the process is killed at the end
close-wait-exhaustion scene clients that send their FIN, and 61 descriptors unless stated otherwise
close-wait-held takes-nothing 23 clients that send their FIN and read nothing
close-wait-held only-a-fin 47 clients that only connect and send a FIN
ephemeral-port-exhaustion scene a client with 46 ports
fast-open-switches asking the hosts whose programs set TCP_FASTOPEN
fast-open-switches silent the host with the value 3 whose program does not set TCP_FASTOPEN
fin-wait-1-held scene a client that asks for more than it reads
fixed-client-port scene a client that binds its port
fixed-client-port again with SO_REUSEADDR, to the same destination
fixed-client-port elsewhere with SO_REUSEADDR, to another destination
fixed-client-port no-option bind() without SO_REUSEADDR, while the port is in TIME-WAIT
fixed-client-port established with SO_REUSEADDR, while the first connection is ESTABLISHED
forked-child-holds-connection child-holds the parent closes and a child keeps the descriptor
forked-child-holds-connection parent-holds the child that served ends and the parent keeps the descriptor
half-open-idle scene clients whose hosts crash, start again or are cut off
half-open-idle limited also with TCP_USER_TIMEOUT
half-open-writer scene a client whose host is gone
handshake-retries scene SYNs that no host answers, and SYN-ACKs that no host acknowledges
http-first-close scene Node, nginx and Python's http.server
idle-connection-hoard scene a client that takes connection after connection
keep-alive-probes cable the cable is unplugged
last-ack-lost scene the last ACK is lost
linger scene close() with bytes queued
nagle-delayed-ack unhurried with pauses between the requests
nat-shares-ports same-pair SYNs on a pair of ends in TIME-WAIT
old-duplicate scene a late segment reaches the next connection between the same ports
orphans closed the socket that was closed
orphans held the socket that was shut down, and that a process still holds
orphans closed-and-held one socket that was closed, and one that was shut down and is still held
reset-on-unread-data scene a server that receives more than it reads
shared-descriptor scene two processes hold the connection
syn-on-time-wait scene a SYN for two ports for which the server is in TIME-WAIT
syn-queue-length scene 47 SYNs whose handshakes are never completed, and then a client
syn-queue-length crowded waiting requests take more than half of the backlog
syn-queue-length one-each one SYN from each address
syn-queue-length again and from the client, which tries again
syn-unanswered scene a SYN that no host answers
third-segment-refused scene the accept queue is full when the third segment arrives
time-wait-length two-to-four by the statement's other form, 2 to 4 minutes
time-wait-length ended the client has exited, and the server was killed 2 s later
time-wait-length held the process is still there
time-wait-rate scene the server closes first
`;
