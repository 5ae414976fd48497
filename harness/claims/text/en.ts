/** The reason for each verdict that a claim can be expected to get, and where and when it was true. One line each: claim, key, text. */
export const EN = `
C01 holds-with-limits A SYN needs a socket in LISTEN, and the kernel completes the handshake without the program. But while the accept queue is full, the socket stays in LISTEN and accepts no new connection. CLOSED appears in no table of sockets: it is the state before the first segment and after the last.
C01 holds A SYN needs a socket in LISTEN, and CLOSED appears in no table of sockets.
C02 refuted Even on a short path the server waited for the third segment, so samples showed SYN-RECEIVED.
C02 holds-with-limits SYN-RECEIVED lasts one round trip, so on a short path no sample shows it. A misbehaving client is not needed to make it last: a long path, a lost third segment, a full accept queue and TCP_DEFER_ACCEPT keep honest clients' connections in it for as long.
C03 holds-with-limits This is true for a client that calls a server that is there. But SYN-SENT begins with connect(), not with the SYN: without an answer to ARP no SYN is ever sent. A SYN without ACK ends SYN-SENT too, and leads to SYN-RECEIVED at both ends.
C04 refuted The other end's kernel did not acknowledge the FIN in time, though nothing was lost and its window was open.
C04 holds-with-limits The other end's kernel acknowledges a FIN by itself, at most 40 ms later (delayed ACK). But the host must be reachable and must have room: FIN-WAIT-1 stays while the host is gone. It also stays while the host's window is closed, because then the FIN is not even sent.
C05 holds-with-limits In FIN-WAIT-2 an end waits for the other end's FIN. It can receive data there if it called shutdown(). After close() the program can no longer read: data that arrives is answered with a RST, and tcp_fin_timeout ends the wait. If the other end closes at once, there is no FIN-WAIT-2 at all.
C06 refuted A FIN that acknowledged the end's own FIN led to another state, or no such segment came.
C06 holds-with-limits The ACK flag does not decide, because every FIN on a connection has it. What decides is whether the acknowledgement number covers the end's own FIN. If it does, the next state is TIME-WAIT. If not, it is CLOSING.
C07 holds-with-limits When the two FINs cross, both ends go through CLOSING. If one FIN is lost, the end that should have received it gets the ACK first and goes through FIN-WAIT-2. CLOSING is possible without crossing FINs too: a FIN that still waits behind data for the window is unacknowledged, whenever the other FIN arrives.
C08 refuted The FIN was acknowledged only after the program did something, or much later than a delayed acknowledgement.
C08 holds-with-limits The program takes no part: the kernel acknowledges the FIN and the connection is in CLOSE-WAIT even before accept(), and even while the process is stopped. But a FIN has its place in the sequence: a FIN that overtakes data is acknowledged, and changes the state, only when that data has arrived.
C09 holds-with-limits The ACK of its FIN ends LAST-ACK; an ACK of earlier bytes does not. But the wait is limited: a RST ends it, and so does the last retransmission of the FIN.
C10 holds A SYN and a FIN take one sequence number each, so they can be acknowledged and retransmitted like a byte. ACK=j+1 is for a SYN without data: with Fast Open's 97 bytes it is j+98.
C11a refuted Sending the third segment changes the state of neither end. The client was ESTABLISHED before it, when the SYN-ACK arrived. The server becomes ESTABLISHED when that segment arrives, one one-way delay later; if the segment is lost, when the first data arrives.
C11a holds No difference between the two ends was observed.
C11b holds-with-limits The SYN-ACK shows the client that both SYNs have arrived; only the third segment shows it to the server. So the server is later by a one-way delay, and by more when that segment is lost or ignored. With Fast Open it is the other way round: the server's program accepts and reads half a round trip before the client is ESTABLISHED.
C12 refuted Linux can delay the ACK of a FIN by up to 40 ms. A program that closes at end-of-file, as most do, is quicker: its FIN carries the ACK, and three segments are enough. It takes four when the program still has something to do, as the document itself says, or when both ends close at once.
C12 holds ACK and FIN were sent in separate segments.
C12 holds-with-limits ACK and FIN were sent in separate segments, unless the program closed at once.
C13 refuted The standstill ended: the client answered the data without a SYN, or the server answered the repeated SYN.
C13 holds-with-limits In SYN-SENT, Linux drops every segment without a SYN. So it never accepts anything from a two-way server that only repeats data, and both ends stand still until the client's SYN retries are used up. This needs a server that ignores the repeated SYN: a server that answers it loses only a second. What two segments really cannot do is tell an old SYN from a new one (RFC 9293 section 3.5).
C14a obsolete Linux has one constant for it, TCP_TIMEWAIT_LEN of 60 s, and no setting changes it
C14a holds it lasted four minutes
C14a history 240 s is twice the 2 minutes that RFC 793 gives as a segment's lifetime. It was the default of Windows 2000 (TcpTimedWaitDelay) and of older Solaris (tcp_time_wait_interval)
C14b holds-with-limits Linux has 60 s. That is the lower end of 1 to 4 minutes (Stevens' range, for an MSL of 30 s to 2 minutes) and outside 2 to 4. A RST ends it at once
C14b refuted the measured length lies outside 1 to 4 minutes
C14c holds-with-limits undisturbed it lasts 60 s, and up to 4 s more because the timer wheel is coarse. Each repeated FIN restarts the minute. A RST with the right number ends it at once unless tcp_rfc1337 is 1
C14c refuted on this kernel the length is different
C15 obsolete mainline Linux has no setting for it: the 60 s are compiled in. tcp_fin_timeout, tcp_tw_reuse and tcp_max_tw_buckets control other things
C15 holds this kernel has a setting for it
C15 history other systems have a setting: net.ipv4.tcp_tw_timeout in Alibaba Cloud Linux 2 and 3 (gone in 4), TcpTimedWaitDelay in Windows, net.inet.tcp.msl in FreeBSD
C16 refuted tcp_fin_timeout limits FIN-WAIT-2 of connections that no process holds; TIME-WAIT stays at 60 s. /proc/net/sockstat counts both as "tw", which may be the source of the belief
C16 holds on this kernel tcp_fin_timeout changes TIME-WAIT
C17 holds-with-limits up to 60 s the statement is right. Above that, the kernel waits twice for the part that exceeds 60 s, so 62 means 4 s. It never waits less than 3.5 retransmission timeouts. Data ends the wait with a RST. Each such connection takes one of the tcp_max_tw_buckets
C17 refuted on this kernel FIN-WAIT-2 lasts another time
C18 holds-with-limits the descriptor decides, not the call: while a process holds it there is no timer. With close(), or the end of the process, tcp_fin_timeout begins. Unanswered keep-alive probes end the state too
C18 refuted a FIN-WAIT-2 that a process held ended by itself
C19 holds-with-limits the default of tcp_fin_timeout is defined as the length of TIME-WAIT, so the two are equal by default. But one is a setting and the other a constant, and FIN-WAIT-2 has nothing to do with 2 MSL: RFC 9293 sets no limit for it
C19 refuted they differ by default
C19 holds they were equal whatever the setting was
C20 holds-with-limits an end that sends its FIN before it receives one keeps TIME-WAIT. In an ordinary close that is one end, in a simultaneous close it is both, and after a RST it is neither
C20 refuted the other end had the TIME-WAIT
C21 refuted the end that closes first has it, and in HTTP without keep-alive that is the server. It can be avoided, by a RST at the price of lost data, or by keeping connections open
C21 holds it was at the client, whichever end closed
C22 holds-with-limits when a connection serves one request, the server ends the answer with its FIN and keeps TIME-WAIT. With keep-alive, the default since HTTP/1.1, it is the end with the shorter idle limit: Node closes after 5 to 6 s, nginx after 75 s, and Python's server, which speaks HTTP/1.0, at once. A client that does not wait for the FIN, such as curl, can close first in every case
C22 refuted with one of these servers the client has the TIME-WAIT
C23 holds-with-limits its reason is right for servers that wait for another request, as Node and nginx do: they do not close after an answer. But when the request says that it is the only one (HTTP/1.0, "Connection: close"), all of them close
C23 refuted the servers close first on this kernel
C24a obsolete each lasts 60 s on Linux and not 240 s, so 1000 a second make 60,000. The trial runs 23 a second, because Little's law holds for every rate
C24a history with the 240 s of Windows 2000 and RFC 793 the figure is right
C24b holds-with-limits this is Little's law, and it holds while each TIME-WAIT lasts its whole time. tcp_max_tw_buckets limits the number. A client that connects again from a port in TIME-WAIT replaces that TIME-WAIT, so one client leaves no more than it has ports
C24b refuted the number of TIME-WAIT is another
C25 holds A connection leaves one TIME-WAIT, however many requests it carried.
C25 holds-with-limits A connection leaves one TIME-WAIT, however many requests it carried. But when the time between requests is longer than the idle limit of either end, each request has its own connection again. Then the end with the shorter limit, mostly the server, keeps the TIME-WAIT.
C26 holds-with-limits The kernel finds a segment's TIME-WAIT by a hash of both addresses and ports, so thousands of them do not slow down a listening server. Each costs it a few hundred bytes and no port. The connecting side bears the cost: each takes a port towards that destination. Once half the range is in TIME-WAIT, connect() tries port after port, until none is left.
C26 refuted On this kernel many TIME-WAIT slow down new connections to a listening server, or cost a client nothing.
C27 refuted A TIME-WAIT at a listening server has no descriptor, no process and no port of its own, only a small record in the kernel. At the limit of such records a connection closes without TIME-WAIT. New connections are not kept out. A client can run out of ports, or a proxy towards its backend.
C27 holds On this kernel many TIME-WAIT kept new connections out.
C28a holds-with-limits A connect() fails with EADDRNOTAVAIL when every port of ip_local_port_range is in TIME-WAIT towards that address and port. For any other destination all ports are available, and with tcp_tw_reuse = 1 a port is free after a second.
C28b refuted The kernel's connect() chooses from ip_local_port_range, 32768 to 60999 by default: 28,232 ports. The range can be widened to 1024 to 65535, which is 64,512 ports. Port 0 does not exist, and ports below 1024 are used only by programs that ask for them. The number applies to each destination separately.
C28b holds On this kernel the range of local ports has all 65,536.
C28c refuted TIME-WAIT ends by itself, but only after 60 s, and until then it holds a port towards its destination. A client that opens more connections to one server in a minute than it has ports runs out of them. The TIME-WAIT of a listening server exhaust nothing.
C28c holds On this kernel no connection failed because of what TIME-WAIT holds.
C29 holds-with-limits The limit is exact, and each close beyond it is counted (TcpExtTCPTimeWaitOverflow); existing TIME-WAIT stay. But it limits the kernel's small records, and an orphaned FIN-WAIT-2 is such a record as well: such connections can use up the limit before there is a single TIME-WAIT.
C29 holds The limit is exact, and counts only TIME-WAIT.
C30 obsolete The default is 2, which means loopback only: between hosts it acts as if it were off, and over loopback a port is used again after a second
C30 holds On this kernel it is off, over loopback too.
C30 history before Linux 4.19 the value 2 did not exist, and the default was 0
C31 holds-with-limits When connect() chooses the port, 1 lets it take a port whose TIME-WAIT is at least a second old (tcp_tw_reuse_delay since Linux 6.14), and 0 does not. A listening server accepts a newer SYN for a pair in TIME-WAIT, whatever the value. But a client that binds its port itself can use it again at once, even with 0, if timestamps are on.
C31 holds Only connect() obeys it, and only after a second, bound ports included.
C32 holds A connection has timestamps only if both ends offer them. A TIME-WAIT without timestamps is not reused before its 60 s are over, because nothing would distinguish old segments from new ones.
C32 refuted On this kernel a port in TIME-WAIT was reused though one end had no timestamps.
C33a obsolete The setting no longer exists: sysctl -p reports an error for that line, and each TIME-WAIT lasts its 60 s
C33a holds On this kernel it can be set, and TIME-WAIT ends within seconds.
C33a history until Linux 4.11 tcp_tw_recycle ended a TIME-WAIT after 3.5 retransmission timeouts, and refused SYNs whose timestamp was older than the last one from their address. Since 4.10 timestamps begin at random values, and 4.12 removed the setting
C33b holds The kernel does not know the name, and nothing else recycles.
C33b refuted This kernel still has it.
C34 holds-with-limits that is the purpose of TIME-WAIT. It answers every FIN that arrives, and each FIN restarts the minute. A FIN that arrives after the end of TIME-WAIT belongs to no connection, and gets a RST
C34 refuted the repeated FIN got no ACK
C35 refuted TIME-WAIT has a timer for its end and none for its ACK. The last ACK is sent again only when the other end retransmits its FIN, by the other end's timer
C35 holds ACKs were sent without a FIN that asked for them
C36 holds-with-limits “at least once” is right, but far too low. The peer's retransmission timer, and not the MSL, decides when the FIN comes again: at first after a fraction of a second. Each FIN restarts the minute. Only a FIN that comes more than a minute after the last one is too late
C36 refuted one lost ACK was not replaced
C37 holds no timer runs in CLOSE-WAIT, and only the program's own close() ended it
C37 holds-with-limits the kernel sets no timer in CLOSE-WAIT and waits for the program without limit. But a RST from the peer, or unanswered keep-alive probes, end the connection without the program (the descriptor stays)
C37 refuted CLOSE-WAIT ended though the program had not closed, or stayed though it had
C38 refuted CLOSE-WAIT has no minimum and no maximum length: it ends with close(), and never without it. Two hours is tcp_keepalive_time (7200 s), after which the first probe is sent. It applies only to sockets with SO_KEEPALIVE, which is off by default, and it ends nothing while the peer answers
C38 holds-with-limits it lasted for two hours when nothing ended it earlier
C39 refuted the document says that these settings help. By themselves they change nothing: they only say how probes are sent, and a socket without SO_KEEPALIVE sends none. With SO_KEEPALIVE, a peer that is there answers every probe and the CLOSE-WAIT stays. If the peer is gone, the row in ss disappears, but the descriptor is still leaked. Only close() solves the problem
C39 holds-with-limits probes removed the rows whose peer is gone, but freed no descriptor
C39 holds probes ended them, and the descriptors were freed
C40a holds-with-limits each CLOSE-WAIT keeps a descriptor, and at RLIMIT_NOFILE accept() fails with EMFILE. Then the kernel still connects new clients, but they are cut off or never answered, until the accept queue is full too. Below that limit no client is turned away, however many there are: the descriptors run out; the state itself blocks nothing
C40a holds the CLOSE-WAIT connections used up all that the server had, in every arrangement
C40a refuted the server continued to answer in spite of the CLOSE-WAIT connections
C40b refuted the sockets belong to the process. When it ends, in whatever way, the kernel closes all its descriptors and sends the FINs. Restarting the program is enough, and then the leak begins again
C40b holds-with-limits a restart of the server did not help, and something else did
C41 holds the state changes at the moment when the FIN is queued, so a socket in CLOSE-WAIT has never sent one. The reverse is not true: LAST-ACK means that the program has closed, but its FIN can still wait behind data that the peer does not take
C41 refuted a FIN was sent by a socket in CLOSE-WAIT
C42 refuted CLOSE-WAIT begins with a FIN, and a broken network sends none: an end that does not notice stays ESTABLISHED. The cause of CLOSE-WAIT is an orderly close by the other end: the kernel knows of it, and the program does not react
C42 holds an end that lost its peer without a FIN was in CLOSE-WAIT
C43 refuted a FIN is an orderly end and not an error: recv() returns 0 and the next send() succeeds. An error comes only with a RST, here as EPIPE from the second send(), after the peer's kernel has refused the first
C43 holds the calls after the FIN failed
C44 holds-with-limits both wait for the same FIN. A peer that still has its descriptor waits as long. But after close() the peer's socket is an orphan, which its kernel forgets after tcp_fin_timeout (60 s), and only CLOSE-WAIT remains
C44 holds both ends waited for the same time
C44 refuted one of the two states was not observed
C45 holds close() frees a descriptor. TCP is involved only when the connection's last descriptor, in any process, is closed; even SO_LINGER {1, 0} has no effect before that. A child has a copy only if the descriptor was not close-on-exec, or if the child has not called exec() yet
C45 refuted a FIN was sent though another process still held a descriptor, or there was no second holder
C46 holds-with-limits shutdown() acts on the connection and not on one descriptor, so SHUT_WR and SHUT_RDWR send the FIN even if another process holds it. The document says so for every HOW, but SHUT_RD sends nothing at all
C46 holds each of the three ways sent a FIN, while there was a second holder
C46 refuted no FIN was sent while another process held the connection
C47 holds-with-limits close() puts the FIN behind the queued data and returns, and the kernel continues to send. But with unread input close() sends a RST and discards the queue. The kernel gives up on a peer that takes nothing after tcp_orphan_retries.
C47 refuted data that was queued at close() did not reach a peer that was reading.
C48 holds-with-limits A FIN ends one direction, and in FIN-WAIT-2 data is received as before. But close() gives up the descriptor too: the program can no longer read, and data that still arrives is answered with a RST. On the wire the FINs of close() and shutdown() look the same.
C49a holds-with-limits When a process ends, the kernel closes its descriptors as close() would: with a FIN, or with a RST if input was left unread. How the process ended makes no difference.
C49b refuted A crash and a kill end connections with a FIN, as an ordinary exit does. A RST comes from unread input (or SO_LINGER {1, 0}), however the process ended. But a program often has unread input at the moment when it crashes.
C49b holds on this kernel a process that is killed by a signal has its connections reset, though no input was left unread.
C50 holds-with-limits close() sends a RST, and unsent data is discarded. The peer reads what arrived earlier, and then gets ECONNRESET. But the option acts in close(): if both FINs were exchanged earlier, there is nothing to reset, and TIME-WAIT lasts its 60 s.
C51 refuted The close begins at once, and the time is only the longest that close() waits for the FIN's acknowledgement, which usually arrives after one round trip or a few. The end of that time closes nothing either: close() returns 0, and the kernel continues as without the option.
C51 holds on this kernel close() always takes the whole time, even when everything was acknowledged long before.
C52 refuted They are opposites. SO_DONTLINGER (Winsock's name; Linux has none) is linger {0, …}, which delivers queued data in the background; {1, 0} discards it with a RST. Both return at once, which may be the reason for the confusion.
C52 holds on this kernel both had the same result.
C53 holds-with-limits When the last descriptor is closed, the connection has no inode and no process: netstat -p and ss -p show none. But close() only frees one descriptor: while a child has one too, the connection is not an orphan, and no FIN has been sent.
C54 refuted On Linux SHUT_RD discards nothing, neither queued data nor data that arrives later: both are acknowledged, and recv() returns both. recv() only stops waiting for data. BSD discards them. With SHUT_RDWR, data that arrives is not dropped silently either: it is answered with a RST.
C54 holds on this kernel SHUT_RD empties the receive queue, and later data is acknowledged and dropped.
C55 holds-with-limits shutdown() puts a FIN behind the queued data and sends as much as the windows allow. SHUT_RDWR is the same as both calls, including the RST for data that still arrives. But “at once” depends on the receiver: with a closed window neither the remaining data nor the FIN is sent.
C56 refuted It applies to orphans, as its name says, in whatever state they are. If the process has only called shutdown(), the FIN in FIN-WAIT-1 is retransmitted as often as tcp_retries2 says, which by default takes a quarter of an hour.
C56 holds on this kernel a FIN is retransmitted equally often whether or not a process holds the socket.
C57 holds-with-limits 0 means 8 while the timer is below its maximum (120 s unless set). At the maximum, and after an ICMP error, 0 means 0. For a FIN, 8 stands for a time: 102 s, the time of eight doublings from 200 ms. A slow path has fewer tries in that time.
C57 refuted on this kernel an orphan with the default of 0 did not get eight tries.
C58 obsolete A closed window does keep the FIN back. But the kernel gives up on an orphan even if the peer answers, once the probes have backed off to the longest timer: with the default of 120 s that is after 5 to 6 minutes. Only a socket that a process still holds is probed without limit
C58 holds on this kernel an orphan whose peer answers is kept while the window stays closed.
C58 history before Linux 3.18 each answer reset the count of probes, and such an orphan stayed
C59 untestable tcp_max_orphans is one number for the whole machine, and a network namespace has none of its own: reaching it takes a machine that may be filled with orphans
C59 instead one socket (TCP_LINGER2 -1) showed what a kernel does with an orphan that it does not keep: close() then sends a RST. Above tcp_max_orphans the RST is counted as TcpExtTCPAbortOnMemory, and existing orphans are ended too, when one of their timers expires
C60 holds-with-limits A LAST-ACK after close() is an orphan, and obeys tcp_orphan_retries. A LAST-ACK after shutdown() alone obeys tcp_retries2. The number stands for a time, so there can be one retransmission more.
C61 refuted The first half is right: a RST is sent. The second is not: in LAST-ACK after close() no program is left that could get an error. close() returned 0 long before, and no counter of resets changes. Only a program that called shutdown() and still has the descriptor gets ECONNRESET, if it makes a call.
C61 holds the RST came, and the server got an error from it.
C62 refuted LAST-ACK has a timer. A host that knows nothing of the connection answers the repeated FIN with a RST, and if no host answers, the kernel gives up after tcp_orphan_retries. A new SYN is answered with an ACK (RFC 5961), the client answers that with a RST, and its next SYN is accepted: connect() succeeds one round trip later.
C62 holds LAST-ACK stayed until the trial's end, and the new SYN was answered with a RST.
C63 holds-with-limits It can happen, and nobody notices. But three safeguards must be missing at once: TIME-WAIT, the clock of initial sequence numbers and timestamps. Each of the latter two keeps the segment out without any TIME-WAIT.
C63 refuted On this kernel the old segment was kept out even without any of the three safeguards.
C64 holds-with-limits Timestamps make the kernel drop old data. But Linux accepts a RST by its number alone, so an old RST ends the new connection. The other task of 2MSL, answering a repeated FIN, has nothing to do with timestamps.
C64 refuted Old data got into the new connection in spite of the timestamps.
C65 holds-with-limits TIME-WAIT gives way to a SYN whose number is above all numbers of the old connection. But if both connections use timestamps, a SYN with an older timestamp is refused, whatever its number. This can affect clients behind one address whose clocks differ.
C65 holds A SYN above all numbers of the old connection was accepted, whatever its timestamp.
C65 refuted TIME-WAIT did not give way to a SYN above all numbers of the old connection.
C66 refuted Linux is not silent: it answers with an ACK of the old connection. A client that receives it in SYN-SENT sends a RST, which ends the TIME-WAIT, and the client's next SYN is accepted. With a newer timestamp even the first SYN is accepted. The document observed Windows Server 2003.
C66 holds-with-limits The SYN got no answer; with a newer timestamp it was accepted.
C66 holds The SYN got no answer.
C67 refuted Both ends start a new connection when it is safe: the connecting end when timestamps keep old segments out, the listening end when the SYN's number or timestamp is higher. RFC 1122 (section 4.2.2) allowed that in 1989. Only without timestamps does connect() refuse.
C67 holds Neither end started a new connection while the old one was in TIME-WAIT.
C68 refuted A pair in TIME-WAIT at a listening server is not blocked. A SYN with a newer timestamp or a higher number begins the next connection at once. Any other SYN ends the TIME-WAIT, so the client's next SYN succeeds. The document itself withdraws the statement, after its author had measured. On this kernel a NAT can only cause that second SYN, when a port is used again within the minute. It mostly costs some 10 ms, and a second or more if the second SYN meets another such port.
C68 holds On this kernel, or behind this router, a used port waits until its TIME-WAIT ends.
C69 holds-with-limits The server's own TIME-WAIT blocks the port: there is none when the clients have closed first. A TIME-WAIT inherits the option from its listener, so the server that crashed must have set SO_REUSEADDR, too.
C69 refuted A killed server's port was free at once, or SO_REUSEADDR did not free it.
C70 refuted On Linux no connection state blocks the port; only a listener does. If old and new sockets have SO_REUSEADDR, a program can listen on the port while it has connections in any state.
C70 holds With connections in states other than TIME-WAIT the port was refused.
C71 holds-with-limits A bound port in TIME-WAIT can be used again at once if both ends use timestamps, whatever tcp_tw_reuse says. Without timestamps connect() fails with EADDRNOTAVAIL for 60 s, on Linux too.
C71 holds The client connected again from its port under every condition.
C71 refuted The client could not connect again from its port.
C72 refuted SO_REUSEADDR affects only bind(): connect() takes a new port each time, and every forgotten connection keeps its own. With a bound port there is only one connection, because no second one to that server is possible. The solution is close().
C72 holds All connections shared one port.
C73 holds-with-limits The document's own remark is right: TIME-WAIT belongs to the connection (two addresses and two ports), not to the port. Without an option bind() refuses the port. With SO_REUSEADDR the port can be used for any other destination at once, and with timestamps even for the same one.
C73 refuted A port in TIME-WAIT could be bound without any option.
C73 holds A port in TIME-WAIT could not be used in any way.
C74 obsolete On Linux SO_REUSEADDR never shares a port on which a program listens, at any address. Only between bind() and listen() can another program with the option take it first
C74 holds-with-limits Another program could listen on a port on which a program already listened.
C74 holds Another program could listen on a port on which a program already listened.
C74 history on Windows, which the document is about, a second socket with SO_REUSEADDR could take a port from the socket that had it, until Windows Server 2003 required the option on the first socket as well
C75 obsolete For each destination, Linux begins at a port of its own, which a secret hash chooses. Each further connect() there gets a port 2 to 16 above the last one. The step is random, and it is even because the other ports are left to bind()
C75 holds Each port was one above the port before.
C75 holds-with-limits Each port was one above the port before, for one destination.
C75 history Linux 2.4 counted upwards by 1, with one counter (tcp_port_rover) for all destinations
C76 obsolete The schedule needs two sysctls set by hand. By default tcp_syn_retries is 6, and since Linux 6.5 the first five waits are one second each (tcp_syn_linear_timeouts = 4), so more SYNs are sent and connect() gives up after 131 s
C76 holds Each wait is twice the one before it, and after the last SYN the kernel waits once more
C76 history the default was 5 until Linux 3.6, and the first wait has been 1 s since 3.1: 63 s was true of 3.1 to 3.6
C77 holds-with-limits The waits between SYN-ACKs double from 1 s, and linear timeouts do not affect them. But a crowded listener gives up old requests after two retransmissions (7 s), to keep half of the room for new ones
C77 holds The waits between SYN-ACKs double from 1 s, however many other requests wait
C77 refuted this kernel retransmits SYN-ACKs by another schedule, or has another default
C78 obsolete The listener's backlog limits this queue too (24 with a backlog of 23), and there is no minimum of 64. tcp_max_syn_backlog applies only with cookies off, and then three quarters of it for unknown peers (13 of 16)
C78 holds the queue took all of them, whatever the backlog
C78 history Linux 2.4 and early 2.6 made the queue a power of two of at least 64 and at least tcp_max_syn_backlog. Since 2.6.20 the backlog and somaxconn limit it
C79 holds-with-limits The smaller limit decides. With SYN cookies on, tcp_max_syn_backlog is not used at all. With cookies off and a long backlog it is the smaller limit, and then raising it alone helps
C79 holds the backlog is always the smaller limit
C79 refuted on this kernel the sysctl alone makes the queue longer
C80 holds-with-limits listen() takes the smaller of backlog and somaxconn, and the kernel does not read somaxconn again. But a second listen() on the same socket changes the limit, and nginx makes that call on a reload when backlog= has changed: no restart is needed. tcp_max_syn_backlog is read for every SYN and needs neither
C80 holds only a restart changed anything
C80 refuted the running listener followed the sysctl
C81a holds-with-limits Both of the client's SYNs are dropped silently. But the last quarter of tcp_max_syn_backlog is reserved for addresses that the kernel knows (ip tcp_metrics): a client that has connected before gets in while unknown ones do not
C81a holds no client gets in, known or not
C81a refuted the client got in
C81b holds-with-limits 0 is off, 1 begins when the SYN queue is full, 2 answers every SYN with a cookie and stores no request. Even 2 does not help when the accept queue is full: that SYN is dropped like any other
C81b holds 0 is off, 1 works when the queue is full, 2 always
C81b refuted one of the three values does something else on this kernel
C81c obsolete The kernel itself switches cookies on while the SYN queue is full. If a system shows 0, its distribution or an administrator switched them off
C81c holds they are off until somebody switches them on
C81c history Linux 2.6 began with 0 (SYNC_INIT, "let the user enable it"), Linux 3.0 with 1
C82 holds-with-limits What netstat -s calls "SYNs to LISTEN sockets dropped" (ListenDrops) counts dropped SYNs, including retries and those that are dropped because of a full accept queue. TcpExtTCPReqQFullDrop counts only the drops of a full SYN queue. With cookies on, nothing is dropped and SyncookiesSent rises instead
C82 holds the counter is the number of connections
C82 refuted the counter is not the number of connections
C83 holds-with-limits The limit is the smaller of the two, fixed at listen(). The kernel calls the queue full when it is longer than that, so one more fits: 5 with a limit of 4
C83 holds the smaller of the two, and not one more
C83 refuted the limit is not the smaller of the two
C84 refuted It is the other way round: the third segment puts a connection into the queue without the program, and accept() takes it out
C84 holds nothing is queued before accept()
C85a obsolete It is 4096 now, so the backlog that the program asks for is nearly always the limit
C85a holds this kernel still has a default of 128
C85a history it was 128 until Linux 5.3
C85b holds-with-limits nginx on Linux asks for 511, and so does Node; Python's http.server asks for 5. Each gets no more than somaxconn. Apache and Tomcat were not tried: Apache's documentation says 511 (ListenBackLog), Tomcat's says 100 (acceptCount)
C85b holds all tried programs asked for 511
C85b refuted nginx asked for something else
C86 holds-with-limits Recv-Q counts finished handshakes that no program has accepted; unfinished ones are not included. Send-Q is the limit but not quite the maximum: a full queue shows one more, Recv-Q 5 with Send-Q 4
C86 holds Recv-Q never exceeds Send-Q
C86 refuted the columns mean something else on this kernel
C87 holds-with-limits The kernel reads the setting when the third segment arrives. A queue that is already full drops the SYN before that, with both 0 and 1: most clients of a full queue get ETIMEDOUT and never a reset
C87 holds a full queue resets every client
C87 refuted the setting changes nothing on this kernel
C88 holds-with-limits Every segment of the client acknowledges the server's SYN, so a retransmitted request replaces the third segment while the server still remembers the half-open connection. When the server's SYN-ACK retries are used up, it has forgotten the connection and answers the next retransmission with a RST
C88 holds whenever there is room, the next retransmission completes the handshake
C88 refuted the retransmitted request did not complete the handshake
C89 holds Every overflow is also counted as a drop, in the same place of the kernel; a full SYN queue causes a drop and no overflow
C89 refuted there were overflows that were no drops
C90 holds-with-limits The server's clock starts at accept(), the client's at its SYN. Between them are retries that are a second apart. With tcp_abort_on_overflow a third segment that finds no room causes an error within a round trip, so there is no latency to observe
C90 holds the client waits, and the server's log does not show it
C90 refuted server and client measure the same time
C91 holds-with-limits A client gets a cookie with one connection, and with it the next connection's data can go with the SYN: one round trip less. A cookie is made of an address and one server's key. If several servers behind one address have their own keys, nothing is saved. If a device on the path drops such SYNs, a second is lost.
C92 holds The data of a SYN with a wrong cookie was dropped, whatever net.ipv4.tcp_fastopen said.
C92 refuted The server accepted the data of the SYN although the cookie was not the server's own.
C92 holds-with-limits Linux drops the data and acknowledges only the SYN, and the client sends the data again. With the flag 0x200 in net.ipv4.tcp_fastopen it does not check the cookie, and accepts the data of any SYN.
C93 refuted On this kernel the values switch on something else.
C93 holds-with-limits The number is a sum of flags: 1 allows Fast Open for clients, 2 for servers. It only permits: the listener must set TCP_FASTOPEN (unless 0x400 is in the sum), and the client must send with MSG_FASTOPEN or set TCP_FASTOPEN_CONNECT.
C94 holds A socket with SO_KEEPALIVE has these values unless the program sets others.
C94 refuted Linux has the 7200 s and the 75 s, but sends 9 probes and not 10, so the kernel notices that a peer is gone after 7200 + 9 x 75 s. TCP/IP Illustrated had ten in 1994. Only a socket with SO_KEEPALIVE is probed at all.
C95 refuted At least one of the four connections did not end as the document says.
C95 holds A peer that is there answers. A peer that is gone or unreachable does not, and after the last probe the connection ends with ETIMEDOUT. A restarted host does not know the connection and answers with a RST. The router's ICMP error changes nothing: Linux ignores an ICMP error that quotes a probe.
C96 refuted Something ended an idle connection whose peer was there and answered.
C96 holds A probe asks a kernel whether it knows the connection, not a program whether it needs it. A peer that only holds its connections answers without end, even if its process is stopped. The server itself must end idle connections.
C97 refuted Either the connection ended without SO_KEEPALIVE, or the probes did not end it.
C97 holds-with-limits While nothing is sent, nothing can go unanswered, and no timer runs; with SO_KEEPALIVE the probes find out. But the kernel's default times are two hours and more. While sent data waits for its acknowledgement no probe is sent at all: then tcp_retries2 decides (about a quarter of an hour), or TCP_USER_TIMEOUT.
C98 holds-with-limits each connection that a process holds takes a descriptor, and at "ulimit -n" accept() fails with EMFILE. But a connection in the accept queue has no descriptor yet, and one in TIME-WAIT has none any more. fs.file-max is the same limit for the whole machine (and the file is /etc/security/limits.conf)
C98 holds there was never a connection without a descriptor, and more descriptors allowed more connections
C98 refuted more descriptors made no difference, or no client was turned away when they ran out
C99 holds-with-limits Node and nginx send the header and close after their idle limit, and one end is enough to end it. But HTTP/1.1 requires neither the header (a connection stays open unless "close" is sent, RFC 9112, section 9.3) nor a limit: Python's server has neither
C99 holds every server sent the header, and closed after its idle limit
C99 refuted a server of HTTP/1.1 did not send the header or had no limit, or kept a connection that the other end could not keep
C100a holds-with-limits from the second request on, a round trip (with TLS two, and the computation) and seven segments are saved each time. The first request pays for all of it, so a client that asks only once saves nothing
C100a holds time and segments were saved, even when each client asked only once
C100a refuted many requests over kept connections took as long, or as many segments
C100b refuted a page consists of many objects, and a handshake for each makes it slower and sends more segments. The concern about idle connections is right (with short connections the server holds fewer), but an idle limit of seconds solves it: the server then holds no more connections than it had visitors in those seconds. Short ones are as good only for a client that asks for one thing and leaves
C100b holds a page arrived sooner over short connections, and the server held fewer connections
C101 holds-with-limits a small segment waits for the acknowledgement of the small one before it, which the other end delays by 40 ms. But that needs two conditions: a second small write, and a reader whose kernel expects it to answer at once. If the whole answer is one write, nothing is lost, with Nagle or without
C101 holds small answers waited for an acknowledgement however they were written
C101 refuted no answer waited, or answers waited with TCP_NODELAY too
C102 holds accept() returns a new descriptor and takes no new port: the connections of a listener differ in the other end's address and port.
C102 refuted Accepted connections had other ports.
C103 holds-with-limits a FIN alone has no effect on a server that closes. But suppose a client asks for more than the send buffer takes, sends its FIN and closes its window. It keeps a correct server in CLOSE-WAIT, because the server's FIN must wait behind the answer. A limit on how long a write can make no progress prevents that
C103 holds no limit that the server sets prevents that
C103 refuted the server left CLOSE-WAIT, whatever the client did: only a server that does not close stays in it
C104 holds-with-limits After 4 GiB an old segment's number is valid again, and only its timestamp shows that it is old (PAWS, RFC 7323). The timestamp of a RST is not checked: a RST with the right number ends the connection.
C104 holds Everything with an old timestamp was kept out, including a RST.
C104 refuted Timestamps made no difference to a segment whose number is valid again.
C105 obsolete The sysctl tcp_tw_recycle no longer exists, and the kernel no longer compares timestamps per address. The comparison remains for one pair of ends in TIME-WAIT: a SYN older than the last segment only ends the TIME-WAIT, and must be sent again. Behind a NAT that reuses ports soon, this can still be noticed
C105 holds On this kernel it can be set, and clients behind one address are refused.
C105 history until Linux 4.11 tcp_tw_recycle ended a TIME-WAIT after 3.5 retransmission timeouts, and refused SYNs whose timestamp was older than the last one from their address. Since 4.10 timestamps begin at random values, and 4.12 removed the setting
C106 holds-with-limits ListenOverflows counts segments that met a full queue since the namespace was created: SYNs, their retransmissions and third segments, of all listeners together. A client that tries twice is counted twice
C106 holds it rises by one for each lost connection, and never falls
C106 refuted the counter does not follow the overflows
C107 holds-with-limits descriptors run out and new clients are turned away. An idle timeout frees descriptors, but only those of silent clients: a client that sends a byte in time keeps all its descriptors
C107 holds descriptors ran out, and an idle timeout freed them, even those of clients that send
C107 refuted the server continued to accept new clients, or an idle timeout did not help it
C108 holds-with-limits one address can no longer take everything. But the server knows addresses and not machines: several addresses together still fill it, and all clients that share one address share its limit
C108 holds no client that kept the rules was turned away, not even one at the same address as the client that did not
C108 refuted the others were turned away in spite of the limit, or would not have been without it
C200 holds-with-limits The third segment completes the handshake if there is room in the accept queue, and if the listener does not wait for data (TCP_DEFER_ACCEPT). Otherwise the kernel drops that ACK and stays in SYN-RECEIVED, while the client is ESTABLISHED.
C201 holds The server's program has a complete socket as soon as the SYN arrives: it accepts, reads, answers and can even close in SYN-RECEIVED, before the client has sent a second segment.
C202 holds If one end does not allow or does not use Fast Open, the data waits for the handshake as usual: a client without the flag gets EOPNOTSUPP, and a server without it issues no cookie.
C203 refuted It is the other way round. A FIN is the last thing that an end sends, and an end in FIN-WAIT-2 has sent its own, so send() fails with EPIPE. The other end, in CLOSE-WAIT, is the one that can still have data to send.
C210 holds no setting changed it. The kernel has no MSL, only the 60 s (TCP_TIMEWAIT_LEN), half of which is 30 s
C210 holds-with-limits a setting of this kernel changes it
C211 holds TIME-WAIT is a record of the kernel, with no descriptor and no process; its own timer ends it. The same sentence says that it lasts "2 to 4 minutes", which is not true
C211 refuted it ended with the programs
C212 holds The ACK of the second FIN is not delayed: the kernel sends it when it turns the socket in FIN-WAIT-2 into a TIME-WAIT, and again for each FIN that arrives later. The first FIN is another matter: the end that receives it is still ESTABLISHED, and can delay its ACK by up to 40 ms (C04, C08, C12).
C212 refuted the ACK of the second FIN was late
C213 refuted it can receive, and that is what it waits for. It gave up sending with its FIN, and send() fails with EPIPE
C220 holds-with-limits If nothing else separates the two connections, TIME-WAIT does: without it, bytes of one connection reached the next. By default timestamps and the clock of sequence numbers separate them as well, and then a higher limit makes nothing safer.
C221 holds-with-limits The number of TIME-WAIT counts the closes of the last minute: set-ups and releases, as the phrase says. It does not show how many connections were open at once: a few workers that open one for each job leave as many.
C222 holds-with-limits At a client each TIME-WAIT can cost a port towards its destination, so a high limit lets the ports run out. At a listening server none costs a port; each costs a record in the kernel.
C223 holds-with-limits Two things keep old data out of the next connection: the second of waiting, and the timestamps without which there is no reuse. The timestamp of a RST is not checked: a delayed RST whose number happens to be the next of the new connection ends it.
C223 holds Neither old data nor an old RST gets into the next connection on the port.
C223 refuted A port was used again at once, or old data got into the next connection.
C230 holds-with-limits this is true when the program has read everything, the peer has taken everything, and no other process holds the connection. shutdown() does it without close(). If the peer does not take the data, the FIN waits behind it, in LAST-ACK. Unread input and SO_LINGER {1, 0} make it a RST, and then there is no LAST-ACK. If another process holds the connection, close() sends nothing
C230 refuted close() in CLOSE-WAIT did not send a FIN
C231 refuted the option only says what close() does, and CLOSE-WAIT lasts because close() is not called: it stays as long as without the option. When close() is called, it sends a RST and discards unsent data
C231 holds CLOSE-WAIT ended by itself with the option set
C232 holds-with-limits 0 means that the peer sends no more, which is one half of a close. After shutdown(SHUT_WR) recv() returns the same 0, and the peer continues to read
C232 refuted recv() did not return 0 though the peer had closed
C240 holds A new socket has linger off. The document says this of Windows, and it is the same on Linux: close() returns at once and the kernel delivers in the background.
C241 refuted By default close() does not wait, whatever is queued. So the concern is groundless: {1, 0} loses data to get what the default gives without loss. Only a close() with linger {1, n} waits.
C241 holds on this kernel close() waits without the option until the queued data is delivered.
C242 holds Only an end that will not write any more has something to send: SHUT_RD sends no segment at all, so the other end cannot know of it.
C243 holds-with-limits close() sends a FIN only if no input was left unread. Otherwise the kernel sends a RST at once, even if the program did nothing else wrong, and the peer loses what was still queued for it.
C244 holds A new namespace has 0, and 0 is not the number of tries but stands for one (C57).
C244 refuted on this kernel a new namespace has another default.
C250 holds SO_REUSEADDR lets sockets share a local address and port; connect() still refuses a pair of ends that already has a connection.
C250 refuted Two connections between the same two ends existed at once.
C251 refuted The kernel keeps old connections apart from the new listener: their data is answered with a RST. Old bytes can arrive only in a new connection between the same two ports, without TIME-WAIT, without timestamps and with overlapping numbers. A restart does not cause that.
C251 holds Data of an old connection reached the new server.
C252 holds-with-limits The first port towards a destination cannot be guessed. But the following ports are each a few above the one before: anyone who has seen one port knows roughly where the next is.
C252 holds Ports were far apart, even for one destination.
C252 refuted Each port could be predicted from the one before.
C260 holds-with-limits The acknowledgement number of the third segment returns what the server did not store, and the kernel makes the connection from it. The connection still needs a place in the accept queue: if that is full, the SYN is dropped and no cookie is sent
C260 holds a cookie is all that is needed
C260 refuted the client did not get in
C261 holds-with-limits It proves little either way: a full queue mostly drops SYNs, which causes no reset, and a server that closes with unread input sends resets too. TcpExtListenOverflows shows the overflow without changing anything
C261 holds resets came with overflows, and only with them
C261 refuted no reset was observed
C262 holds-with-limits A dropped client comes again and gets in; a reset client does not. But that applies only to half-done handshakes and to queues that empty in time: SYNs are dropped with either value, and a client whose SYN-ACKs are used up is reset in the end
C262 holds more clients were served with 0, in every case
C262 refuted as many clients were served with 1
C263 holds-with-limits The third segment makes the connection and queues it; accept() takes it out. If the queue is full, the connection is not made, and only the client's end is connected. With Fast Open the SYN itself queues it, a round trip before the third segment
C263 holds the third segment queues it, accept() takes it out
C263 refuted this kernel queues connections at another moment
C264 holds tcp_syn_retries limits the time, not the number of SYNs: one retry means 3 s, two mean 7 s, with linear timeouts too.
C270 holds-with-limits connect() fails only when every port towards that one destination is in use or in TIME-WAIT. That needs three things: the rate times 60 s is more than the ports (470 a second with the usual 28,232), the client closes first, and tcp_tw_reuse does not let it take the ports again
C270 holds short connections failed at every rate and setting that was tried
C270 refuted connections beyond the number of ports did not fail, or kept connections failed as well
C271 holds-with-limits a server closes after its answer, so a connection on which the client never asks is never closed: the server needs a timeout anyway. Useful connections stay for a minute as TIME-WAIT, without a descriptor
C271 holds no connection was left, not even of clients that asked for nothing
C271 refuted connections stayed though each was answered and closed
C272 holds-with-limits an idle connection holds a descriptor and some kilobytes, a TIME-WAIT some 250 bytes and no descriptor. But each short connection is set up and closed anew, so a client that comes back often costs more segments that way
C272 holds kept connections cost more in everything that was measured
C272 refuted a connection that is kept cost the server no more than one that was closed
C273 holds-with-limits this is true if both ends speak the version. A client of HTTP/1.1 gets a short connection from a server that answers in HTTP/1.0, whatever the client prefers
C273 holds with every server the version that the client speaks decided it
C273 refuted a server kept HTTP/1.0 connections, or closed those of HTTP/1.1, without being asked
`;
