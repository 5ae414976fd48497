import type { Text } from "../model/text.ts";

/** A question that the documents answer in different ways, and the claims that are the answers. */
export interface Contradiction {
  about: Text;
  answers: string[];
  /** Why the answers differ. The verdicts show who is right. */
  because: Text;
}

/** Each in five lines: the claims, the question in both languages, and why the answers differ in both languages. */
const TABLE = `
C14a C14b C14c
  How long does TIME-WAIT last?
  TIME-WAIT 持续多久？
  240 s was the default of Windows, and 1 to 4 minutes is the range over various systems. Linux has one length, and it is compiled in.
  240 秒是 Windows 的默认值，1 到 4 分钟是各种系统的范围；Linux 只有一个时长，编译时就定死了。
C15 C210 C16 C17 C19
  Can the length of TIME-WAIT be changed?
  TIME-WAIT 的时长能调吗？
  tcp_fin_timeout controls another state: a FIN-WAIT-2 that no process holds any more. The two are often confused because both are 60 s by default.
  tcp_fin_timeout 管的是另一个状态：已无进程持有的 FIN-WAIT-2。两者默认都是 60 秒，所以常被混为一谈。
C20 C21 C22 C23
  Which end has the TIME-WAIT?
  TIME-WAIT 留在哪一端？
  The end that sends the first FIN, whether client or server. In HTTP the headers and the programs decide that, for each connection.
  不在于客户端还是服务端，而在于谁先发 FIN。在 HTTP 里这由报头和程序决定，每个连接都可能不同。
C26 C27 C28a C28c
  What do many TIME-WAIT use up?
  大量 TIME-WAIT 会耗尽什么？
  At the connecting end each TIME-WAIT blocks a port towards one destination, and ports are few. At the listening end it takes no port, only a little memory.
  在连接发起端，每个 TIME-WAIT 占住一个通往同一目的地的端口，而端口不多；在监听端不占端口，只占一点内存。
C33a C33b C105
  Does tcp_tw_recycle still exist?
  还有 tcp_tw_recycle 吗？
  It existed until Linux 4.12. It was removed because it broke connections of clients behind one address.
  Linux 4.12 之前有；它对同一地址后面的多个客户端造成的破坏，正是它被删除的原因。
C11a C11b
  When is the server ESTABLISHED?
  服务端何时进入 ESTABLISHED？
  Between sending and arrival lies a one-way delay, and the server cannot know of a segment before it arrives.
  发出与到达之间隔着一个单程时延；报文没到，服务端无从知晓。
C49a C49b
  What does the kernel send for a process that ends?
  进程结束时内核替它发什么？
  The kernel closes the descriptors of a dead process as close() would, however the process died. Two things decide: whether input was left unread, and whether SO_LINGER was set to zero.
  内核像 close() 那样关闭死去进程的描述符，不问死因；要紧的是有没有未读的数据，或是否把 SO_LINGER 设成了 0。
C37 C38 C39 C40b
  How long does CLOSE-WAIT last, and what ends it?
  CLOSE-WAIT 持续多久，怎样才能结束？
  The program determines its length, and no timer does. Probes only find out whether the other end still answers, which is another question.
  它的长短由程序决定，不由任何定时器决定。保活探测只问对端还在不在，那是另一个问题。
C65 C66 C67 C71 C73
  Can a pair of addresses and ports in TIME-WAIT be used again?
  处于 TIME-WAIT 的四元组能否再次使用？
  At the listening end a new SYN takes over the pair when its timestamp is newer than the last one or, without timestamps, when its sequence number is higher. At the connecting end a program that names the port can use it again if both ends have timestamps. connect() itself chooses such a port only if tcp_tw_reuse allows it.
  在监听端，新 SYN 的时间戳比上一个新（没有时间戳时序号更大），就能接管 TIME-WAIT 的四元组。在连接端，双方都有时间戳时，程序可以指名使用这个端口；connect() 自己挑选时则受 tcp_tw_reuse 约束。
C78 C79
  How large is the SYN queue, and what limits it?
  半连接队列有多大，由什么决定？
  The formula is from an older kernel. Today the listener's backlog limits both queues, and tcp_max_syn_backlog is used only when SYN cookies are off.
  那个公式出自老内核。如今两个队列都受监听者的 backlog 限制，只有关闭 SYN cookie 时才会看 tcp_max_syn_backlog。
C43 C44 C232
  What does a program see of a FIN?
  程序从 FIN 上看到什么？
  It sees end-of-file: recv() returns 0, without an error. An error comes only after the program has written to a peer that is gone, and a RST has come back.
  看到的是文件结束，即 recv() 返回 0，不是错误。只有继续写、而对端已不在并回了 RST 之后，才会出错。
C05 C203 C213
  Who still has data to send in FIN-WAIT-2?
  FIN-WAIT-2 时谁还有数据要发？
  The other end. An end in FIN-WAIT-2 has sent its FIN, and all of its bytes before it.
  是对端。处于 FIN-WAIT-2 的一方已经发出 FIN，也就发完了自己的数据。
C34 C35
  What answers a repeated FIN?
  重发的 FIN 由什么来应答？
  TIME-WAIT sends only in answer to a segment: it has no timer that sends anything.
  TIME-WAIT 只在收到报文时才应答，没有会主动发送的定时器。
C69 C70 C72 C74
  What does SO_REUSEADDR do?
  SO_REUSEADDR 有什么用？
  It affects only bind(). Both the old and the new socket must set it, whatever the state of the old connections. It ends no CLOSE-WAIT, and on Linux it takes no port from a listener.
  它只影响 bind()，新旧套接字都要设置，与旧连接处于什么状态无关。它不能解除 CLOSE-WAIT，在 Linux 上也抢不走监听者的端口。
C75 C252
  Where do a client's ports come from?
  客户端的端口是怎么分配的？
  Each destination has a secret start. From there ports follow in small random steps, first those of one parity.
  每个目的地有一个保密的起点，随后按随机抽取的小步长前进，先用同一奇偶性的端口。
C100a C100b C271 C272 C107
  Short connections or long ones for a web site?
  网站该用短连接还是长连接？
  A kept connection costs the server memory and a descriptor; a new one costs a round trip and eight segments. An idle limit of seconds keeps the first cost small, and short connections need such a limit as well.
  保持的连接占内存和一个描述符，新建的连接要多一个往返和八个报文段；几秒的空闲上限就能让前者很小，而短连接同样需要这样的上限。
C50 C52 C240 C241
  What does SO_LINGER {1, 0} do?
  SO_LINGER {1, 0} 等于什么？
  It sends a RST and discards all data that was not yet delivered. The default does the opposite: close() leaves the data to the kernel and returns at once.
  它等于发 RST 并丢掉尚未送达的数据，与默认行为正相反；默认时 close() 把数据交给内核后立即返回。
C84 C263
  When does a connection join the accept queue?
  连接何时进入全连接队列？
  The third segment puts a connection into the queue, and accept() takes it out.
  第三个报文段把连接放进队列，accept() 把它取出来。
`;

/** The questions on which the documents contradict each other or themselves. */
export const CONTRADICTIONS: Contradiction[] = [
  ...TABLE.matchAll(/^(C.+)\n {2}(.+)\n {2}(.+)\n {2}(.+)\n {2}(.+)$/gm),
].map(([, ids = "", about = "", aboutZh = "", because = "", becauseZh = ""]) => ({
  about: { en: about, zh: aboutZh },
  answers: ids.split(" "),
  because: { en: because, zh: becauseZh },
}));
