/** Why each claim comes to what it comes to, for each verdict that one can expect; and where and when it was true. A line each: claim, key, text. */
export const EN = `
C01 holds-with-limits A socket in LISTEN is what a SYN needs, and the kernel completes the handshake without the program; but while the accept queue is full, it stays in LISTEN and lets nobody in. CLOSED is no row in any table: it is before the first segment and after the last.
C01 holds A socket in LISTEN is what a SYN needs, and CLOSED is no row in any table.
C02 refuted Even on a short way the third segment let the server wait, so looks found SYN-RECEIVED.
C02 holds-with-limits SYN-RECEIVED lasts one round trip, so on a short way no look finds it. It does not take a client that misbehaves: a long way, a lost third segment, a full accept queue and TCP_DEFER_ACCEPT keep honest clients' connections in it for as long.
C03 holds-with-limits It is so for one who calls a server that is there. SYN-SENT begins with connect(), though, and not with the SYN: without an answer to ARP none ever leaves. And it is ended by a SYN without ACK as well, which leads to SYN-RECEIVED at both ends.
C04 refuted The other end's kernel let the FIN wait for its acknowledgement, though nothing was lost and its window was open.
C04 holds-with-limits The other end's kernel acknowledges a FIN by itself, at most 40 ms later (delayed ACK). But it must be there, and it must have room: FIN-WAIT-1 stays for as long as the host is gone, or as its window is shut, for then the FIN is not even sent.
C05 holds-with-limits FIN-WAIT-2 is where one waits for the other's FIN, and one may receive in it, if one got there by shutdown(). After close() nobody can read: data that comes is answered with a RST, and tcp_fin_timeout ends the wait. Where the other end closes at once, there is no FIN-WAIT-2 at all.
C06 refuted A FIN that acknowledged the own FIN led elsewhere, or no such segment came.
C06 holds-with-limits What counts is not the ACK flag, which every FIN on a connection has, but whether the number acknowledges one's own FIN. If it does: TIME-WAIT. If not: CLOSING.
C07 holds-with-limits When the two FINs pass each other, both ends go through CLOSING. If one of them is lost, its receiver has the ACK first and goes through FIN-WAIT-2. And CLOSING needs no crossing: a FIN that still waits behind data for the window is unacknowledged, too, whenever the other one comes.
C08 refuted The FIN was acknowledged only when the program did something, or much later than a delayed acknowledgement.
C08 holds-with-limits No program has a part in it: the FIN is acknowledged and the connection is in CLOSE-WAIT even before accept(), and while the process is stopped. But a FIN has its place in the sequence: one that overtakes data is acknowledged, and changes the state, only when the data has come.
C09 holds-with-limits The ACK of its FIN ends LAST-ACK, and an ACK of less does not. But the wait is not for ever: a RST ends it, and so do the FIN's repetitions, when they are used up.
C10 holds A SYN and a FIN count as one number each, so that they can be acknowledged and repeated like a byte. ACK=j+1 is for a SYN without data: with Fast Open's 97 bytes it is j+98.
C11a refuted Sending the third segment establishes nobody: the client was ESTABLISHED before it, with the SYN-ACK, and the server is with the arrival of that segment, one way later; if it is lost, with the first data.
C11a holds No difference between the two ends could be seen.
C11b holds-with-limits The SYN-ACK tells the client that both SYNs have arrived, and only the third segment tells the server: it is later by one way, and by more when that segment is lost or held to be too little. With Fast Open it is the other way round: the server's program accepts and reads half a round trip before the client knows.
C12 refuted Linux lets the ACK of a FIN wait for up to 40 ms, and a program that closes at end-of-file, as most do, is quicker: its FIN carries the ACK, and three segments are enough. Four it takes when the program has something left to do, as the document says itself, or when both close at once.
C12 holds ACK and FIN left in segments of their own.
C12 holds-with-limits ACK and FIN left in segments of their own, unless the program closed at once.
C13 refuted The standstill was broken: the data without a SYN was answered, or the repeated SYN was.
C13 holds-with-limits In SYN-SENT, Linux drops whatever has no SYN, so a two-way server that only repeats data is never heard, and both stand still until the client's SYN retries are used up. It takes a server that ignores the repeated SYN: one that answers it loses a second. What two segments really cannot do is to tell an old SYN from a new one (RFC 9293 section 3.5).
C14a obsolete Linux has one constant for it, TCP_TIMEWAIT_LEN of 60 s, which no setting touches
C14a holds it lasted four minutes
C14a history 240 s is twice the 2 minutes that RFC 793 gave a segment, and was the default of Windows 2000 (TcpTimedWaitDelay) and of older Solaris (tcp_time_wait_interval)
C14b holds-with-limits Linux has 60 s, which is the very least of 1 to 4 minutes (Stevens' range for an MSL of 30 s to 2 minutes) and not within 2 to 4; a RST ends it at once
C14b refuted the length that was measured lies outside of 1 to 4 minutes
C14c holds-with-limits left alone it lasts 60 s, and up to 4 s more because the timer wheel is coarse; each repeated FIN starts the minute anew, and a RST with the right number ends it at once unless tcp_rfc1337 is 1
C14c refuted on this kernel it is another length
C15 obsolete mainline Linux has no knob for it: the 60 s are compiled in, and tcp_fin_timeout, tcp_tw_reuse and tcp_max_tw_buckets are of other things
C15 holds this kernel has a setting for it
C15 history it can be set on other systems: net.ipv4.tcp_tw_timeout in Alibaba Cloud Linux 2 and 3 (gone in 4), TcpTimedWaitDelay in Windows, net.inet.tcp.msl in FreeBSD
C16 refuted tcp_fin_timeout limits FIN-WAIT-2 of connections that no process holds; TIME-WAIT stays at its 60 s. /proc/net/sockstat counts both as "tw", which may be where the belief comes from
C16 holds on this kernel it does
C17 holds-with-limits up to 60 s it is as said. Above, the kernel waits twice for what exceeds 60 s, so that 62 means 4 s; it never waits less than 3.5 retransmission timeouts; data ends it with a RST; and it takes one of the tcp_max_tw_buckets
C17 refuted here it lasts another time
C18 holds-with-limits what counts is the descriptor and not the call: while a process holds it there is no timer; with close(), or the end of the process, tcp_fin_timeout begins, and keep-alive probes that nobody answers end it too
C18 refuted a FIN-WAIT-2 that a process holds ended by itself
C19 holds-with-limits the default of tcp_fin_timeout is defined as the length of TIME-WAIT, so they begin equal; but one is a setting and the other a constant, and FIN-WAIT-2 has nothing to do with 2 MSL: RFC 9293 gives it no limit
C19 refuted they differ by default
C19 holds they were equal whatever was set
C20 holds-with-limits who sends a FIN before it has got one keeps TIME-WAIT: in an ordinary close that is one end, in a simultaneous one it is both, and after a RST it is none
C20 refuted the other end was left with it
C21 refuted it is with whoever closes first, which for HTTP without keep-alive is the server; and it can be avoided, by a RST at the price of data, or by connections that are kept
C21 holds it was at the client, whoever closed
C22 holds-with-limits where a connection is for one request, the server ends the answer with its FIN, and keeps TIME-WAIT; with keep-alive, the default since HTTP/1.1, it is the end with the shorter patience: Node after 5 to 6 s, nginx after 75 s, Python's server, which speaks HTTP/1.0, at once. A client that does not wait for the FIN, as curl, may be first in any case
C22 refuted one of these servers leaves it to its client
C23 holds-with-limits its reason is right for servers that wait for another request, as Node and nginx do: they do not close after an answer; but where the request says that it is the only one (HTTP/1.0, "Connection: close"), all of them do
C23 refuted the servers close first here
C24a obsolete each lasts 60 s here and not 240, so 1000 a second are 60,000; the trial is of 23 a second, as the law does not ask how many
C24a history with the 240 s of Windows 2000 and of RFC 793 the figure is right
C24b holds-with-limits it is Little's law, as long as each lasts its whole time: tcp_max_tw_buckets is a lid on it, and a client that comes back from a port that still waits takes that TIME-WAIT away, so that one client leaves no more than it has ports
C24b refuted the pile has another size
C25 holds A connection leaves one TIME-WAIT, however many requests it carried.
C25 holds-with-limits A connection leaves one TIME-WAIT, however many requests it carried; but where requests are further apart than the idle limit of either end, each has a connection of its own again, and the end with the shorter limit, mostly the server, keeps the TIME-WAIT.
C26 holds-with-limits A segment finds its TIME-WAIT by a hash of both addresses and ports, so a listening server is no slower for thousands of them, and pays a few hundred bytes each and no port. The burden is the connecting side's: each takes a port towards that destination, and once half the range waits, connect() tries port after port, until none is left.
C26 refuted On this kernel the pile slows down new connections to a listening server, or costs a client nothing.
C27 refuted A TIME-WAIT at a listening server has no descriptor, no process and no port of its own, only a small record in the kernel; at the limit of such records a close simply goes without. New connections are not kept out. Out of ports is what a client gets, or a proxy towards its backend.
C27 holds On this kernel a pile of TIME-WAIT kept new connections out.
C28a holds-with-limits A connect() fails with EADDRNOTAVAIL when every port of ip_local_port_range is in TIME-WAIT towards that address and port. Any other destination has all of the ports again, and with tcp_tw_reuse = 1 a port is free after a second.
C28b refuted A connect() chooses from ip_local_port_range, 32768 to 60999 by default: 28,232 ports. It may be widened to 1024 to 65535, which are 64,512; port 0 is none, and those below 1024 are given to nobody who did not ask for them. And the count is for each destination anew.
C28b holds On this kernel the range of local ports has all 65,536.
C28c refuted It ends by itself, but after 60 s only, and until then it holds a port towards its destination: a client that opens more connections to one server than it has ports in a minute runs out of them. What a listening server has in TIME-WAIT exhausts nothing.
C28c holds On this kernel no connection failed for want of what TIME-WAIT holds.
C29 holds-with-limits The limit is exact, and each close beyond it is counted (TcpExtTCPTimeWaitOverflow); those in TIME-WAIT already stay. But it is a limit of small records, and an orphaned FIN-WAIT-2 is one as well: such connections may use up the limit before there is a single TIME-WAIT.
C29 holds The limit is exact, and counts TIME-WAIT alone.
C30 obsolete The default is 2, for loopback only: between hosts it is as if it were off, and over loopback a port is used again after a second
C30 holds On this kernel it is off, over loopback too.
C30 history before Linux 4.19 there was no 2, and the default was 0
C31 holds-with-limits Where connect() chooses the port, 1 lets it take one whose TIME-WAIT is a second old (tcp_tw_reuse_delay since Linux 6.14), and 0 does not. A listening server takes a newer SYN on a pair in TIME-WAIT whatever the value. But a client that binds its port itself gets it out of TIME-WAIT at once, with 0 as well, if timestamps are on.
C31 holds Only connect() heeds it, and only after a second, bound ports included.
C32 holds A connection has timestamps only if both ends offer them, and a TIME-WAIT that never saw one is not given away before its 60 s are over: nothing would tell old segments from new.
C32 refuted On this kernel a port was taken out of TIME-WAIT though one end had no timestamps.
C33a obsolete There is nothing to set: sysctl -p reports an error for that line, and each TIME-WAIT stays its 60 s
C33a holds On this kernel it can be set, and TIME-WAIT goes within seconds.
C33a history until Linux 4.11 it let a TIME-WAIT go after 3.5 retransmission timeouts, and refused SYNs whose timestamp was older than the last one from their address; since 4.10 timestamps began at random, and 4.12 took it out
C33b holds The kernel does not know the name, and nothing else recycles.
C33b refuted This kernel still has it.
C34 holds-with-limits it is what TIME-WAIT is for, and it does so for every FIN that comes, each of which starts the minute anew; a FIN that comes later than that belongs to no connection, and gets a RST
C34 refuted the repeated FIN got no ACK
C35 refuted TIME-WAIT has a timer for its end and none for its ACK: the last ACK is sent again when the other end repeats its FIN, whose timer it is, and at no other time
C35 holds ACKs came that nothing had asked for
C36 holds-with-limits at least once is right, and by far too modest: the peer's retransmission timer, and no MSL, says when the FIN comes again, after a fraction of a second at first, and each FIN starts the minute anew; only a FIN more than a minute after the last is too late
C36 refuted one lost ACK was not made good
C37 holds no timer runs in CLOSE-WAIT, and nothing but the program's own close() led out of it
C37 holds-with-limits the kernel sets no timer in CLOSE-WAIT and waits for the program, for ever; but a RST from the peer, or keep-alive probes that nobody answers, end the connection without it (the descriptor stays)
C37 refuted CLOSE-WAIT ended though the program had not closed, or stayed though it had
C38 refuted CLOSE-WAIT has no least and no greatest length: it ends with close(), and without it never. Two hours is tcp_keepalive_time (7200 s), when the first probe is sent; it matters to sockets with SO_KEEPALIVE alone, which is off by default, and ends nothing while the peer answers
C38 holds-with-limits it lasted for two hours where nothing ended it before
C39 refuted the document says that they help: by themselves they change nothing, for they only say how probes are sent, and a socket without SO_KEEPALIVE sends none. With it, a peer that is there answers every probe and the CLOSE-WAIT stays; where the peer is gone the row in ss goes, and the descriptor is leaked as before. Only close() cures
C39 holds-with-limits probes take away the rows whose peer is gone, and no descriptor
C39 holds probes ended them, and the descriptors came back
C40a holds-with-limits each CLOSE-WAIT keeps a descriptor, and at RLIMIT_NOFILE accept() fails with EMFILE: new clients are connected by the kernel and then cut off or never answered, until the accept queue is full too. Below that limit a pile turns nobody away: it is the descriptors that run out, not the state that blocks
C40a holds the pile took all that the server had, in every arrangement
C40a refuted the server went on answering, with the pile there
C40b refuted the sockets are the process's: when it ends, however it ends, the kernel closes every descriptor of it and sends the FINs. Restarting the program is enough, and the leak begins anew
C40b holds-with-limits a restart of the server did not help, and something else did
C41 holds the state changes in the moment in which the FIN is queued, so a CLOSE-WAIT has never sent one. The reverse is not true: LAST-ACK says that the program has closed, and its FIN may still wait behind data that the peer does not take
C41 refuted a FIN was sent by a socket in CLOSE-WAIT
C42 refuted CLOSE-WAIT begins with a FIN, and a network that breaks sends none: an end that does not notice stays ESTABLISHED. What makes CLOSE-WAIT is a break that was noticed, by the kernel, as an orderly end, and a program that does not answer it
C42 holds an end that lost its peer without a FIN was in CLOSE-WAIT
C43 refuted a FIN is an orderly end and no error: recv() returns 0 and the next send() is taken. An error comes only with a RST, here as EPIPE on the second send(), after the peer's kernel has refused the first
C43 holds the calls after the FIN failed
C44 holds-with-limits both wait for the same FIN. A peer that still has its descriptor waits as long; but one that called close() is an orphan, which its kernel forgets after tcp_fin_timeout (60 s), and then CLOSE-WAIT is alone
C44 holds both ends waited for as long as each other
C44 refuted one of the two states was not seen
C45 holds close() gives a descriptor back, and TCP is told when the last one of the connection, in any process, is gone; not even SO_LINGER {1, 0} is heeded before. A child has a copy only if the descriptor was not close-on-exec, or it has not called exec() yet
C45 refuted a FIN went out though another process still held a descriptor, or there was no second holder
C46 holds-with-limits shutdown() acts on the connection and not on one descriptor, so SHUT_WR and SHUT_RDWR send the FIN whoever else holds it; the document says so of every HOW, and SHUT_RD sends nothing at all
C46 holds each of the three ways sent a FIN, with a second holder there
C46 refuted no FIN went out while another process held the connection
C47 holds-with-limits close() puts the FIN behind what is queued and returns, and the kernel goes on sending. But with unread input close() is a RST, which throws the queue away; and a peer that takes nothing is given up after tcp_orphan_retries.
C47 refuted what was queued at close() did not reach a peer that was reading.
C48 holds-with-limits A FIN ends one direction, and in FIN-WAIT-2 data is received as before. But close() gives the descriptor away too: there is nothing to read from, and data that still comes is answered with a RST. On the wire the two FINs look the same.
C49a holds-with-limits When a process ends, the kernel closes its descriptors as close() would: with a FIN, unless input was left unread, which makes it a RST. How the process came to end is not asked.
C49b refuted A crash and a kill end connections with a FIN, just as a return does. A RST comes from unread input (or SO_LINGER {1, 0}), however the process ended: it is only that a program which crashes is often busy with some.
C49b holds a process that dies of a signal has its connections reset here, though nothing was left unread.
C50 holds-with-limits close() is a RST, and what was not sent is thrown away. The peer reads what had come before, and then gets ECONNRESET. But the option acts in close(): when both FINs were exchanged before, there is nothing to reset, and TIME-WAIT stays for its 60 s.
C51 refuted The closing begins at once, and the time is only the longest that close() waits for the FIN's acknowledgement: usually it is back after a round trip or a few. When the time runs out nothing is closed either: close() returns 0, and the kernel goes on as without the option.
C51 holds close() always takes the whole time here, even when everything was acknowledged long before.
C52 refuted They are opposites: SO_DONTLINGER (Winsock's name; Linux has none) is linger {0, …}, which delivers what is queued in the background; {1, 0} throws it away with a RST. Both return at once, which may be where the mix-up comes from.
C52 holds both came to the same here.
C53 holds-with-limits When the last descriptor is gone, the connection has no inode and no process: netstat -p and ss -p show none. But close() only gives back a descriptor: while a child has one too, the connection is no orphan, and no FIN has been sent.
C54 refuted On Linux SHUT_RD throws nothing away, neither what was there nor what comes: both are acknowledged, and recv() gives both; it only waits no longer. That they are dropped is how BSD does it. With SHUT_RDWR what comes is not dropped in silence either: it is answered with a RST.
C54 holds SHUT_RD empties the receive queue here, and what comes later is acknowledged and dropped.
C55 holds-with-limits shutdown() puts a FIN behind what is queued and sends as much as windows allow; SHUT_RDWR is the two calls in one, down to the RST for what still comes. But “at once” is the receiver's to grant: with a closed window neither the rest nor the FIN leaves.
C56 refuted It is for orphans, as its name says, in whatever state they are. A FIN-WAIT-1 whose process has only shut it down is repeated as often as tcp_retries2 says, which by default is for a quarter of an hour.
C56 holds here a FIN is repeated equally often whether a process holds the socket or not.
C57 holds-with-limits 0 stands for 8 as long as the timer is below its longest (120 s unless set); from there on, and after an ICMP error, 0 is 0. For a FIN, 8 is a time: 102 s, that of eight doublings from 200 ms, in which a slow path has fewer tries.
C57 refuted an orphan with the default of 0 did not get eight tries here.
C58 obsolete A closed window does keep the FIN back, but an orphan is given up, though it is answered, when its probes have backed off to the longest timer: with the default of 120 s that is after 5 to 6 minutes. Only a socket that a process still holds is probed for ever
C58 holds here an orphan that is answered is kept for as long as the window stays closed.
C58 history before Linux 3.18 each answer set the count of probes back, and such an orphan stayed
C59 untestable tcp_max_orphans is one number for the whole machine, and a network namespace has none of its own: to reach it takes a machine that may be filled with orphans
C59 instead what a kernel does with an orphan that it does not keep was shown on one socket (TCP_LINGER2 -1): close() is then a RST. Above tcp_max_orphans it is counted as TcpExtTCPAbortOnMemory, and orphans that are there already are hit too, when a timer of theirs runs out
C60 holds-with-limits A LAST-ACK that came of close() is an orphan, and heeds tcp_orphan_retries. One whose process only shut it down heeds tcp_retries2. The number stands for a time, so there may be one repetition more.
C61 refuted The first half is right: a RST. The second is not: in LAST-ACK after close() there is nobody left to take it for an error. close() returned 0 long before, and no counter of resets moves. Only a program that shut down and still has the descriptor gets ECONNRESET, if it asks.
C61 holds the RST came, and the server was told of it.
C62 refuted LAST-ACK has a timer: its repeated FIN is answered with a RST by a host that knows nothing, and where no host answers the kernel gives up after tcp_orphan_retries. A new SYN is answered with an ACK (RFC 5961), the client resets that, and its next SYN goes through: connect() succeeds a round trip later.
C62 holds LAST-ACK stayed until the trial's end, and the new SYN met a RST.
C63 holds-with-limits It can happen, and nobody notices; but three guards must be missing at once. The clock of first numbers and timestamps each keep the segment out without any TIME-WAIT.
C63 refuted Here the old segment was kept out even without any of the three guards.
C64 holds-with-limits Old data is dropped by its timestamp. But Linux takes a RST by its number alone, so an old one ends the new connection; and the other task of 2MSL, answering a repeated FIN, has nothing to do with timestamps.
C64 refuted Old data got into the new connection in spite of the timestamps.
C65 holds-with-limits The TIME-WAIT gives way to a SYN above all its numbers. Where both connections carry timestamps, an older one refuses the SYN whatever its number is: so it may go to clients behind one address whose clocks differ.
C65 holds A SYN above all numbers of the old connection was taken, whatever its timestamp.
C65 refuted The TIME-WAIT did not give way to a SYN above all its numbers.
C66 refuted Linux is not silent: it answers with an ACK of the old connection. A client that gets it in SYN-SENT resets, which ends the TIME-WAIT, and its next SYN is taken; with a newer timestamp already the first one is. The document watched Windows Server 2003.
C66 holds-with-limits The SYN met silence; with a newer timestamp it was taken.
C66 holds The SYN met silence.
C67 refuted Both ends start one where it is safe: the connecting end when timestamps keep old segments out, the listening end when the SYN's number or timestamp is higher. RFC 1122 (section 4.2.2) allowed that in 1989. Only without timestamps does connect() refuse.
C67 holds Neither end started a new connection while the old one was in TIME-WAIT.
C68 refuted A pair in TIME-WAIT at a listening server is not barred: a SYN with a newer timestamp or a higher number begins the next connection at once, and any other ends the TIME-WAIT, so that the client's next SYN gets in. The text takes it back itself, after its author had measured. What a NAT adds on this kernel is that second SYN, where a port comes back within the minute: mostly some 10 ms, and a second or more where that SYN meets another such port.
C68 holds On this kernel, or behind this router, a port that was used waits for its TIME-WAIT to end.
C69 holds-with-limits What bars the port is the server's own TIME-WAIT: there is none when the clients have closed first. And a TIME-WAIT inherits the option from its listener, so the server that crashed must have set SO_REUSEADDR, too.
C69 refuted A killed server's port was free at once, or SO_REUSEADDR did not free it.
C70 refuted On Linux no state of a connection stands in the way, only a listener does. Where old and new sockets have SO_REUSEADDR, the port can be listened on with connections in any state.
C70 holds With connections in other states than TIME-WAIT the port was refused.
C71 holds-with-limits A bound port comes out of TIME-WAIT at once where both ends use timestamps, whatever tcp_tw_reuse says. Without timestamps connect() is EADDRNOTAVAIL for 60 s, on Linux too.
C71 holds The client connected again from its port in every condition.
C71 refuted The client could not connect again from its port.
C72 refuted SO_REUSEADDR speaks to bind() alone: connect() takes a new port each time, and every forgotten connection keeps its own. With a bound port there is only one because nothing else connects to that server any more: the cure is close().
C72 holds All connections shared one port.
C73 holds-with-limits The document's own remark is right: what waits is the connection, two addresses and two ports. bind() without an option refuses the port; with SO_REUSEADDR it serves any other destination at once, and with timestamps even the same one.
C73 refuted A port in TIME-WAIT could be bound without more ado.
C73 holds A port in TIME-WAIT could be used in no way.
C74 obsolete On Linux SO_REUSEADDR never shares a port that somebody listens on, at whatever address; only between bind() and listen() may another program with the option come first
C74 holds-with-limits Another program could listen on a port where somebody listens.
C74 holds Another program could listen on a port where somebody listens.
C74 history on Windows, which the document is about, a second socket with SO_REUSEADDR took a port from whoever had it, until Windows Server 2003 asked the first one for the option as well
C75 obsolete Each destination has a beginning of its own, from a secret hash; from there connect() goes on in small even steps that are drawn, and leaves ports of the other parity to bind()
C75 holds Each port was the one before and one.
C75 holds-with-limits Each port was the one before and one, for one destination.
C75 history Linux 2.4 counted one tcp_port_rover upwards for all destinations
C76 obsolete The schedule needs two sysctls set by hand. By default tcp_syn_retries is 6, and since Linux 6.5 the first five waits are one second each (tcp_syn_linear_timeouts = 4), so more SYNs leave and connect() gives up after 131 s
C76 holds Each wait is twice the one before it, and after the last SYN the kernel waits once more
C76 history the default was 5 until Linux 3.6, and the first wait has been 1 s since 3.1: 63 s was true of 3.1 to 3.6
C77 holds-with-limits SYN-ACKs double from 1 s and linear timeouts do not concern them; but a crowded listener gives up old requests after two repetitions (7 s), to keep half of the room for new ones
C77 holds SYN-ACKs double from 1 s, whoever else waits
C77 refuted this kernel repeats SYN-ACKs by another schedule, or has another default
C78 obsolete The listener's backlog limits this queue too (24 with a backlog of 23), and there is no floor of 64. tcp_max_syn_backlog counts only with cookies off, and then three quarters of it for peers that are not known (13 of 16)
C78 holds the queue took all of them, whatever the backlog
C78 history Linux 2.4 and early 2.6 made the queue a power of two of at least 64 and at least tcp_max_syn_backlog; since 2.6.20 the backlog and somaxconn have limited it
C79 holds-with-limits The smaller limit decides. With SYN cookies on, tcp_max_syn_backlog is not asked at all; with them off and a long backlog it is the narrower of the two, and then raising it alone is what helps
C79 holds the backlog is always the narrower limit
C79 refuted on this kernel the sysctl alone makes the queue longer
C80 holds-with-limits listen() takes the smaller of backlog and somaxconn, and nobody looks at somaxconn again. But a second listen() on the same socket changes the limit, and a reload of nginx makes it when backlog= has changed: no restart. tcp_max_syn_backlog is read for every SYN and needs neither
C80 holds nothing but a restart changed anything
C80 refuted the running listener followed the sysctl
C81a holds-with-limits Both of the client's SYNs are dropped without a word. But the last quarter of tcp_max_syn_backlog is kept for addresses that the kernel knows (ip tcp_metrics): who has been here before gets in while strangers do not
C81a holds nobody gets in, known or not
C81a refuted the client got in
C81b holds-with-limits 0 is off, 1 begins when the SYN queue is full, 2 answers every SYN with a cookie and puts none down. Not even 2 helps where the accept queue is full: that SYN is dropped like any other
C81b holds 0 is off, 1 when there is no room, 2 always
C81b refuted one of the three values does something else here
C81c obsolete The kernel itself switches cookies on for the time when the SYN queue is full; whoever reads 0 has a distribution or an administrator who switched them off
C81c holds they are off until somebody switches them on
C81c history Linux 2.6 began with 0 (SYNC_INIT, "let the user enable it"), Linux 3.0 with 1
C82 holds-with-limits What netstat -s calls "SYNs to LISTEN sockets dropped" (ListenDrops) counts dropped SYNs, retries included, and those that a full accept queue drops too. TcpExtTCPReqQFullDrop counts the full SYN queue alone; with cookies on, nothing is dropped and SyncookiesSent moves instead
C82 holds the counter is the number of connections
C82 refuted the counter is not the number of connections
C83 holds-with-limits The limit is the smaller of the two, taken at listen(); the kernel calls the queue full when it is longer than that, so one more fits: 5 with a limit of 4
C83 holds the smaller of the two, and not one more
C83 refuted the limit is not the smaller of the two
C84 refuted It is the other way round: the third segment puts a connection into the queue, without the program's doing, and accept() takes it out
C84 holds nothing is queued before accept()
C85a obsolete It is 4096 now, so that the backlog that the program asks for is nearly always the limit
C85a holds this kernel still begins with 128
C85a history it was 128 until Linux 5.3
C85b holds-with-limits nginx on Linux asks for 511, and so does Node; Python's http.server asks for 5. Each gets no more than somaxconn. Apache and Tomcat were not tried: Apache's documentation says 511 (ListenBackLog), Tomcat's says 100 (acceptCount)
C85b holds all that were tried asked for 511
C85b refuted nginx asked for something else
C86 holds-with-limits Recv-Q counts finished handshakes that nobody has accepted, unfinished ones are not in it. Send-Q is the limit and not quite the maximum: a full queue shows one more, Recv-Q 5 with Send-Q 4
C86 holds Recv-Q never exceeds Send-Q
C86 refuted the columns mean something else here
C87 holds-with-limits The setting is asked when the third segment comes. A queue that is full already drops the SYN before that, with 0 and with 1 alike: most clients of a full queue see ETIMEDOUT and never a reset
C87 holds a full queue resets whoever comes
C87 refuted the setting changes nothing here
C88 holds-with-limits Every segment of the client acknowledges the server's SYN, so a repeated request does for the third segment, as long as the server still has the request. When its SYN-ACK retries are over it has forgotten, and the next repetition is answered with RST
C88 holds whenever there is room, the next repetition completes it
C88 refuted the repeated request did not complete the handshake
C89 holds Every overflow is counted as a drop as well, in the same place of the kernel; a full SYN queue is a drop and no overflow
C89 refuted there were overflows that were no drops
C90 holds-with-limits The server's clock starts at accept(), the client's at its SYN, and what lies between are retries a second apart. With tcp_abort_on_overflow a third segment that finds no room ends in an error within a round trip: no latency to see
C90 holds the client waits, and the server's log does not know
C90 refuted server and client agree about the time
C91 holds-with-limits The cookie that one connection brought lets the next one's data go with the SYN: one round trip less. A cookie is an address under one server's key: where machines behind one address have keys of their own nothing is saved, and where a box on the way drops such SYNs, a second is lost.
C92 holds The data of a SYN with a wrong cookie was dropped, whatever net.ipv4.tcp_fastopen said.
C92 refuted The data of the SYN was taken although the cookie was not that of the server.
C92 holds-with-limits Linux drops the data, acknowledges the SYN alone, and the client sends the data again. With the flag 0x200 in net.ipv4.tcp_fastopen it does not look at the cookie, and takes the data of any SYN.
C93 refuted On this kernel the values switch on something else.
C93 holds-with-limits The number is a sum of flags: 1 allows it to clients, 2 to servers. It is a permission and no more: the listener has to set TCP_FASTOPEN (unless 0x400 is in the sum), and the client has to send with MSG_FASTOPEN or set TCP_FASTOPEN_CONNECT.
C94 holds These are what a socket with SO_KEEPALIVE has unless it says otherwise.
C94 refuted Linux has the 7200 s and the 75 s, but sends 9 probes and not 10, so a peer that is gone is noticed after 7200 + 9 x 75 s. Ten is what TCP/IP Illustrated had in 1994. And only a socket with SO_KEEPALIVE is probed at all.
C95 refuted At least one of the four peers came to another end than the document says.
C95 holds Who is there answers; who is gone, or cannot be reached, does not, and the last probe ends the connection with ETIMEDOUT; a stack that was started again knows no such connection and answers with RST. The router's ICMP error changes nothing: Linux ignores one that quotes a probe.
C96 refuted Something ended an idle connection whose peer was there and answered.
C96 holds A probe asks a kernel whether it knows the connection, and not a program whether it needs it. A peer that only holds its connections, and even one whose process is stopped, answers for ever; to end what is idle is the server's own business.
C97 refuted Either the connection ended without SO_KEEPALIVE, or the probes did not end it.
C97 holds-with-limits Without a segment there is nothing to miss, and no timer runs; with SO_KEEPALIVE the probes find out. But the kernel's own times are two hours and more, and while sent data waits for its acknowledgement no probe leaves at all: then it is tcp_retries2, about a quarter of an hour, or TCP_USER_TIMEOUT.
C98 holds-with-limits each connection that a process holds takes a descriptor, and when "ulimit -n" is reached accept() fails with EMFILE; but one in the accept queue has none yet, and one in TIME-WAIT none any more. fs.file-max is the same limit for the whole machine (and the file is /etc/security/limits.conf)
C98 holds there was never a connection without a descriptor, and with more of them there were more connections
C98 refuted more descriptors made no difference, or their end turned nobody away
C99 holds-with-limits Node and nginx say so and close after their idle limit, and one end is enough to end it; but HTTP/1.1 asks for neither the header (a connection stays unless "close" is said, RFC 9112, section 9.3) nor for a limit: Python's server has neither
C99 holds every server said so, and closed after its idle limit
C99 refuted a server of HTTP/1.1 did not say so or had no limit, or kept a connection that the other end could not keep
C100a holds-with-limits from the second request on, a round trip (with TLS two, and the arithmetic) and seven segments are saved each time; the first one pays for all of it, so who asks once saves nothing
C100a holds time and segments were saved, even where each client asked only once
C100a refuted many requests over kept connections took as long, or as many segments
C100b refuted a page is many objects, and a handshake for each makes it slower and sends more segments. The fear of idle connections is right (short ones hold fewer), but an idle limit of seconds answers it: the server then holds no more than the visitors of those seconds. Only who asks for one thing and goes is served as well by short ones
C100b holds a page came sooner over short connections, and the server held fewer
C101 holds-with-limits a small segment waits for the acknowledgement of the small one before it, which the other end delays by 40 ms; but only where both meet: after a second small write, and where the reader is taken for one that answers at once. One write for the whole answer loses nothing, Nagle or not
C101 holds small answers waited for an acknowledgement however they were written
C101 refuted no answer waited, or it waited with TCP_NODELAY too
C102 holds accept() gives a new descriptor and no new port: the connections of a listener differ in the other end's address and port.
C102 refuted Accepted connections had other ports.
C103 holds-with-limits a FIN alone does nothing to a server that closes. But a client that asks for more than the send buffer takes, sends its FIN and closes its window keeps a correct server in CLOSE-WAIT, because the server's FIN has its place behind the answer; a limit on how long a write may make no progress takes that power away
C103 holds no limit that the server sets keeps the client from it
C103 refuted the server left CLOSE-WAIT, whatever the client did: it takes a server that does not close
C104 holds-with-limits After 4 GiB an old segment's number fits again, and only its timestamp gives it away (PAWS, RFC 7323). A RST is not asked for its timestamp: one with the right number ends the connection.
C104 holds Everything with an old timestamp was kept out, a RST too.
C104 refuted Timestamps made no difference to a segment whose number fits again.
C105 obsolete There is no tcp_tw_recycle to set, and no timestamp is held against an address. What is left is for one pair of ends in TIME-WAIT: a SYN older than what it remembers only ends it, and has to be sent again. Behind a NAT that gives ports again soon, that is still felt
C105 holds On this kernel it can be set, and clients behind one address are refused.
C105 history until Linux 4.11 it let a TIME-WAIT go after 3.5 retransmission timeouts, and refused SYNs whose timestamp was older than the last one from their address; since 4.10 timestamps began at random, and 4.12 took it out
C106 holds-with-limits ListenOverflows counts segments that met a full queue since the namespace began: SYNs, their repetitions and third segments, of all listeners together. One client that tries twice counts twice
C106 holds one for each lost connection, and it never falls
C106 refuted the counter does not follow the overflows
C107 holds-with-limits descriptors run out and newcomers are turned away; an idle timeout gives them back, but only from those who are silent: a client that sends a byte in time keeps everything
C107 holds descriptors ran out, and an idle timeout gave them back, from clients that talk too
C107 refuted the server went on taking newcomers, or an idle timeout did not help it
C108 holds-with-limits one address can no longer take everything; but the server sees addresses and not machines: several of them together still fill it, and all who share one address share its limit
C108 holds nobody who kept to the rules was turned away, not even beside the one who did not
C108 refuted the others were turned away in spite of the limit, or would not have been without it
C200 holds-with-limits The third segment completes the handshake if there is room in the accept queue, and if the listener does not wait for data (TCP_DEFER_ACCEPT). Otherwise the kernel drops that ACK and stays in SYN-RECEIVED, while the client is ESTABLISHED.
C201 holds The server's program has a whole socket as soon as the SYN is there: it accepts, reads, answers and may even close in SYN-RECEIVED, before the client has said a second word.
C202 holds Where one end may not or does not, the data waits for the handshake as ever: a client without the flag gets EOPNOTSUPP, and a server without it gives out no cookie.
C203 refuted It is the other way round: a FIN is the last thing that an end says, and whoever is in FIN-WAIT-2 has sent its own, so send() fails with EPIPE. The data that is still to come is the other end's, which is in CLOSE-WAIT.
C210 holds nothing that can be set moved it; the kernel never speaks of an MSL, only of the 60 s (TCP_TIMEWAIT_LEN), of which 30 s are the half
C210 holds-with-limits a setting of this kernel moves it
C211 holds TIME-WAIT is a record of the kernel's, with no descriptor and no process; its own timer ends it. That it lasts "2 to 4 minutes", as the same sentence says, is not so
C211 refuted it went with the programs
C212 holds the ACK of a FIN is never delayed: the kernel sends it while it makes the socket a TIME-WAIT, and again for each FIN that comes then
C212 refuted the ACK was late
C213 refuted it may receive, and that is what it waits for; to send it has given up with its FIN, and send() fails with EPIPE
C220 holds-with-limits Where nothing else keeps the two apart, the TIME-WAIT does, and a connection that went without it gave its bytes to the next. By default timestamps and the clock of sequence numbers keep them apart as well, and then a higher limit makes nothing safer.
C221 holds-with-limits A pile counts closes of the last minute: set-ups and releases, as the phrase says. It tells nothing of how many connections were open at once; a few workers that open one for each job leave the same pile.
C222 holds-with-limits At a client each TIME-WAIT that is allowed may cost a port towards its destination, and so a high limit lets the ports run out. At a listening server none costs a port; what it costs is a record in the kernel.
C223 holds-with-limits The second, and the timestamps without which there is no reuse, keep old data out of the next connection. A RST is not asked for its timestamp: one that was held up, and whose number happens to be the next of the new connection, ends it.
C223 holds Neither old data nor an old RST gets into the connection that has the port next.
C223 refuted A port was used again at once, or old data came into the next connection.
C230 holds-with-limits it is so when all was read and taken and nobody else holds the connection. shutdown() does it without close(); behind data that the peer does not take the FIN waits, in LAST-ACK; unread input and SO_LINGER {1, 0} make it a RST, and then there is no LAST-ACK; and where another process holds on, close() sends nothing
C230 refuted close() in CLOSE-WAIT did not send a FIN
C231 refuted the option only says what close() shall do, and CLOSE-WAIT is the want of a close(): it stays as long as without it. When close() comes it is a RST, and throws away what was not sent
C231 holds CLOSE-WAIT ended by itself with the option set
C232 holds-with-limits 0 says that the peer sends no more, which is one half of a close: after shutdown(SHUT_WR) it is the same 0, and the peer reads on
C232 refuted recv() did not return 0 though the peer had closed
C240 holds A new socket has linger off. So it is on Linux, as the document says of Windows: close() returns at once and delivers in the background.
C241 refuted By default close() does not wait, whatever is queued: the worry is groundless, and {1, 0} buys with lost data what one has for nothing. The only close() that waits is that with linger {1, n}.
C241 holds without the option close() waits here until what is queued was delivered.
C242 holds Only an end that will not write any more has something to say: SHUT_RD sends no segment at all, and the other end cannot know of it.
C243 holds-with-limits close() is a FIN only where nothing was left unread: otherwise the kernel sends a RST at once, from a program that did nothing else wrong, and the peer loses what was still queued for it.
C244 holds A fresh namespace has 0, and 0 is no number of tries but stands for one (C57).
C244 refuted a fresh namespace has another default here.
C250 holds SO_REUSEADDR lets sockets share a local address and port; connect() still refuses a pair of ends that is there already.
C250 refuted Two connections between the same two ends were there at once.
C251 refuted The kernel keeps old connections apart from the new listener: their data is answered by a RST. For old bytes to arrive there must be a new connection between the very two ports, without TIME-WAIT, without timestamps and with overlapping numbers; a restart is no part of that.
C251 holds Data of an old connection reached the new server.
C252 holds-with-limits Where a destination's ports begin cannot be guessed. But those that follow lie a few above it: whoever has seen one port knows about where the next is.
C252 holds Ports were far apart, for one destination as well.
C252 refuted The port followed from the one before.
C260 holds-with-limits The third segment brings back in its acknowledgement what the server did not write down, and the connection is made from that. It still needs a place in the accept queue: where that is full, the SYN is dropped and no cookie is sent
C260 holds a cookie is all that is needed
C260 refuted the client did not get in
C261 holds-with-limits It proves little either way: a full queue mostly drops SYNs, which no reset tells of, and a server that closes with unread input resets too. TcpExtListenOverflows says it without changing anything
C261 holds resets came with overflows, and only with them
C261 refuted no reset was seen
C262 holds-with-limits Who was dropped comes again and gets in, who was reset does not. But that is for handshakes that were half done and for queues that empty in time: SYNs are dropped with either value, and one whose SYN-ACKs are used up is reset in the end
C262 holds more were served with 0, everywhere
C262 refuted as many were served with 1
C263 holds-with-limits The third segment makes the connection and queues it, accept() takes it out. Where the queue is full it is not made, and the client is connected alone; with Fast Open the SYN itself queues it, a round trip before the third segment
C263 holds the third segment queues it, accept() takes it out
C263 refuted this kernel queues connections at another moment
C264 holds tcp_syn_retries bounds the time, not the number of SYNs: one retry is 3 s, two are 7 s, with linear timeouts too.
C270 holds-with-limits connect() fails only when every port towards that one destination is in use or in TIME-WAIT: when the rate times 60 s is more than the ports (470 a second with the usual 28,232), and the client closes first, and tcp_tw_reuse does not let it take them again
C270 holds short connections failed at every rate and setting that was tried
C270 refuted more connects than ports did not fail, or kept connections failed as well
C271 holds-with-limits a server closes after its answer, so a client that never asks is never closed: it needs a timeout all the same; and what was useful stays behind for a minute as TIME-WAIT, without a descriptor
C271 holds nothing was left, not even of clients that asked for nothing
C271 refuted connections stayed though each was answered and closed
C272 holds-with-limits an idle connection holds a descriptor and some kilobytes, a TIME-WAIT some 250 bytes and no descriptor; but each short connection is set up and closed anew, so a client who comes back often costs more segments that way
C272 holds kept connections cost more in everything that was measured
C272 refuted a connection that is kept cost the server no more than one that was closed
C273 holds-with-limits so it is where both ends speak the version; a client of HTTP/1.1 before a server that answers in HTTP/1.0 gets a short connection, whatever it would like
C273 holds the version that the client speaks decided it before every server
C273 refuted a server kept HTTP/1.0 connections, or closed those of HTTP/1.1, without having been asked
`;
