/** The same as in en.ts, in Chinese. */
export const ZH = `
C01 holds-with-limits 收到 SYN 时必须有处于 LISTEN 的套接字，握手由内核完成，不需要程序参与；但全连接队列满时，状态仍是 LISTEN，却不再接纳任何人。CLOSED 在任何表里都没有条目：它指的是第一个报文段之前和最后一个报文段之后。
C01 holds 收到 SYN 时必须有处于 LISTEN 的套接字；CLOSED 在任何表里都没有条目。
C02 refuted 即使链路很短，第三个报文段也让服务端久等，因此能观察到 SYN-RECEIVED。
C02 holds-with-limits SYN-RECEIVED 只持续一个往返时间，链路短时看不到。但不必有捣乱的客户端：链路长、第三个报文段丢失、全连接队列已满、TCP_DEFER_ACCEPT，都会让正常客户端的连接长时间停在这个状态。
C03 holds-with-limits 呼叫一个在线的服务端时确实如此。但 SYN-SENT 始于 connect()，而不是 SYN 发出：ARP 得不到回答时，一个 SYN 都没有离开本机。另外，不带 ACK 的 SYN 也会结束它：同时打开时两端都进入 SYN-RECEIVED。
C04 refuted 没有丢包、窗口也开着，对端内核却迟迟不确认 FIN。
C04 holds-with-limits 对端内核会自行确认 FIN，最多延迟 40 ms（延迟确认）。但前提是对端还在、窗口还开着：主机消失，或窗口关闭使 FIN 根本发不出去时，FIN-WAIT-1 会一直停留。
C05 holds-with-limits FIN-WAIT-2 就是等对方的 FIN；用 shutdown() 进入时还能接收数据。用 close() 进入则没有人能读：再来数据会被回以 RST，等待也受 tcp_fin_timeout 限制。对端立即关闭时，根本不会出现 FIN-WAIT-2。
C06 refuted 确认了己方 FIN 的 FIN 没有直接带来 TIME-WAIT，或根本没有这样的报文段。
C06 holds-with-limits 关键不在 ACK 标志（连接中的每个 FIN 都带 ACK），而在确认号是否覆盖己方的 FIN：覆盖则进入 TIME-WAIT，否则进入 CLOSING。
C07 holds-with-limits 两个 FIN 在途中交错时，两端都经过 CLOSING。若其中一个丢失，另一端会先收到 ACK，经过的是 FIN-WAIT-2。而且不交错也会出现 CLOSING：FIN 排在数据后面等窗口打开时同样未被确认，此时对方的 FIN 一到就进入 CLOSING。
C08 refuted FIN 要等程序动作才被确认，或远远超过延迟确认的时间。
C08 holds-with-limits 这与程序无关：还没有 accept()、甚至进程被暂停时，FIN 照样被确认，连接进入 CLOSE-WAIT。但 FIN 在序列中有自己的位置：若它先于前面的数据到达，要等数据补齐才会被确认、才改变状态。
C09 holds-with-limits 对其 FIN 的确认结束 LAST-ACK，未覆盖 FIN 的 ACK 不算。但不会无限等待：RST 会结束它，FIN 的重传次数用尽也会。
C10 holds SYN 和 FIN 各占一个序号，因此能像一个字节那样被确认和重传。ACK=j+1 针对不带数据的 SYN：Fast Open 携带 97 字节时是 j+98。
C11a refuted 第三个报文段的“发送”不会让任何一端进入 ESTABLISHED：客户端在收到 SYN-ACK 时就已进入，服务端要等它到达，即晚一个单程；若它丢失，则等到第一个数据到达。
C11a holds 看不出两端进入 ESTABLISHED 的时间差。
C11b holds-with-limits 客户端凭 SYN-ACK 就知道双方的 SYN 都已到达，服务端要等第三个报文段：晚一个单程，若该报文段丢失或被忽略则更晚。使用 Fast Open 时正好相反：服务端程序比客户端早半个往返就完成 accept 并读到数据。
C12 refuted Linux 对 FIN 的确认最多延迟 40 ms，而读到 EOF 就关闭的程序（多数如此）更快：它的 FIN 捎带 ACK，三个报文段就够了。只有程序还有事要做（文档自己给出的理由），或双方同时关闭时，才需要四个。
C12 holds ACK 与 FIN 各自单独发送。
C12 holds-with-limits 除非程序立即关闭，ACK 与 FIN 各自单独发送。
C13 refuted 僵局被打破：不带 SYN 的数据得到了回应，或重复的 SYN 得到了应答。
C13 holds-with-limits 在 SYN-SENT 中，Linux 丢弃一切不带 SYN 的报文，所以只会重发数据的“两次握手”服务端得不到回应，双方僵持，直到客户端的 SYN 重试用尽。前提是服务端不理会重复的 SYN：只要应答它，就只损失一秒。两次握手真正做不到的是区分旧的重复 SYN 和新的 SYN（RFC 9293 3.5 节）。
C14a obsolete Linux 中它是编译进内核的常量 TCP_TIMEWAIT_LEN，60 秒，不受任何设置影响
C14a holds 实测为四分钟
C14a history 240 秒是 RFC 793 所取 MSL（2 分钟）的两倍，曾是 Windows 2000（TcpTimedWaitDelay）与早期 Solaris（tcp_time_wait_interval）的默认值
C14b holds-with-limits Linux 为 60 秒，正好是“1-4 分钟”（MSL 取 30 秒到 2 分钟）的下限；“2-4 分钟”的说法不成立；合法的 RST 还会让它立即结束
C14b refuted 实测时长不在 1-4 分钟之内
C14c holds-with-limits 无人打扰时为 60 秒（时间轮粒度较粗，可能多出至多 4 秒）；对端每重发一次 FIN 就重新计时，而序号吻合的 RST 会立即结束它，除非 tcp_rfc1337 = 1
C14c refuted 这个内核上的时长不是 60 秒
C15 obsolete 主线 Linux 没有这样的开关：60 秒是编译时常量，tcp_fin_timeout、tcp_tw_reuse、tcp_max_tw_buckets 管的都是别的事
C15 holds 这个内核提供了相应的设置
C15 history 在别的系统上可调：Alibaba Cloud Linux 2/3 的 net.ipv4.tcp_tw_timeout（4 起弃用）、Windows 的 TcpTimedWaitDelay、FreeBSD 的 net.inet.tcp.msl
C16 refuted tcp_fin_timeout 限制的是没有进程持有的 FIN-WAIT-2；TIME-WAIT 仍是 60 秒。/proc/net/sockstat 把两者都计入 tw，误解或许由此而来
C16 holds 这个内核上确实如此
C17 holds-with-limits 不超过 60 秒时确如所说。超过 60 时，内核等待的是“超出部分”的两倍，于是 62 只等 4 秒；下限是 3.5 个 RTO；期间收到数据则立即以 RST 结束；它还占用 tcp_max_tw_buckets 的名额
C17 refuted 这里的时长与所说不符
C18 holds-with-limits 起作用的是描述符而不是调用：进程持有期间没有定时器；一旦 close() 或进程结束，tcp_fin_timeout 就开始计时；保活探测无人应答也会结束它
C18 refuted 进程持有的 FIN-WAIT-2 自行结束了
C19 holds-with-limits tcp_fin_timeout 的默认值被定义为 TIME-WAIT 的时长，所以起初相等；但一个是可调参数，一个是常量，FIN-WAIT-2 与 2MSL 无关：RFC 9293 并未给它时限
C19 refuted 默认就不相等
C19 holds 无论怎样设置都相等
C20 holds-with-limits 在收到对方 FIN 之前就发出 FIN 的一端留下 TIME-WAIT：普通关闭是其中一端，同时关闭是两端，用 RST 关闭则两端都没有
C20 refuted 留下它的是另一端
C21 refuted 它属于先关闭的一方，不用长连接的 HTTP 里就是服务端；也并非不可避免：发 RST（代价是可能丢数据），或者干脆复用连接
C21 holds 无论谁关闭，它都在客户端
C22 holds-with-limits 一个连接只用一次时，服务端以 FIN 结束响应并留下 TIME-WAIT；HTTP/1.1 默认长连接，由空闲时限较短的一端先关：Node 约 5-6 秒，nginx 75 秒，而讲 HTTP/1.0 的 Python 服务器立即关闭；像 curl 那样收完即关的客户端，随时可能抢先
C22 refuted 这些服务器中有的把关闭留给客户端
C23 holds-with-limits 对会等待下一个请求的服务器（Node、nginx）理由成立：答完并不关闭；但请求若声明只此一次（HTTP/1.0、Connection: close），它们都会先关闭
C23 refuted 这里是服务端先关闭
C24a obsolete 这里每个持续 60 秒而不是 240 秒，所以每秒 1000 个对应 60,000 个；试验用每秒 23 个，规律与速率大小无关
C24a history 按 Windows 2000 与 RFC 793 的 240 秒计算，这个数字是对的
C24b holds-with-limits 这就是利特尔法则，前提是每个都待满时长：tcp_max_tw_buckets 会封顶；而客户端从仍在等待的端口再次连来会取代那个 TIME-WAIT，所以单个客户端留下的不会多于它的端口数
C24b refuted 积压的数量与此不符
C25 holds 每条连接只留下一个 TIME-WAIT，不管它承载过多少请求。
C25 holds-with-limits 每条连接只留下一个 TIME-WAIT，不管它承载过多少请求；但若请求间隔大于任一端的空闲超时，每个请求又各用一条连接，TIME-WAIT 由超时较短的一端（多为服务端）承担。
C26 holds-with-limits 报文按四元组哈希查找 TIME-WAIT，监听端积压数千个也不会变慢，每个只占几百字节，不占端口。真正的负担在主动连接的一端：每个 TIME-WAIT 占用通往该目的地的一个端口，占到端口范围一半后 connect() 就要逐个试探，最后无端口可用。
C26 refuted 在这个内核上，积压会拖慢监听端的新连接，或者对客户端毫无代价。
C27 refuted 监听端的 TIME-WAIT 不占描述符、进程和端口，只是内核里的一条小记录；记录数达到上限后，新的关闭直接跳过 TIME-WAIT，新连接照样能建立。会耗尽端口的是客户端，或者连接后端的代理。
C27 holds 在这个内核上，大量 TIME-WAIT 确实挡住了新连接。
C28a holds-with-limits 当 ip_local_port_range 内的端口对该目的地址和端口都处于 TIME-WAIT 时，connect() 以 EADDRNOTAVAIL 失败。换一个目的地则所有端口又可用；tcp_tw_reuse = 1 时端口一秒后即可复用。
C28b refuted connect() 只在 ip_local_port_range 中选端口，默认 32768–60999，共 28232 个；最多放宽到 1024–65535，即 64512 个。0 号端口不可用，1024 以下不会自动分配。而且这个数目是对每个目的地分别计算的。
C28b holds 在这个内核上，本地端口范围包含全部 65536 个端口。
C28c refuted TIME-WAIT 固然到期自动消失，但要 60 秒，期间一直占着通往该目的地的端口：一分钟内对同一服务器建立的连接多于可用端口，客户端就会耗尽端口。监听端的 TIME-WAIT 则不会耗尽什么。
C28c holds 在这个内核上，没有连接因 TIME-WAIT 占用资源而失败。
C29 holds-with-limits 上限是精确的，超出的每次关闭都计入 TcpExtTCPTimeWaitOverflow；已有的 TIME-WAIT 不受影响。但它限制的是 timewait 记录的总数，孤儿 FIN-WAIT-2 也占用这种记录：它们可以在一个 TIME-WAIT 都没有时就把额度用光。
C29 holds 上限精确，且只统计 TIME-WAIT。
C30 obsolete 默认值是 2，只对回环生效：主机之间等同于关闭，回环上的端口一秒后即可复用
C30 holds 在这个内核上默认关闭，回环上也一样。
C30 history Linux 4.19 之前没有 2 这个取值，默认是 0
C31 holds-with-limits 由 connect() 选端口时，设为 1 可以复用已存在一秒的 TIME-WAIT（Linux 6.14 起由 tcp_tw_reuse_delay 调节），设为 0 则不行。监听端无论取何值，都会在 TIME-WAIT 的四元组上接受更新的 SYN。但客户端若自行 bind 端口，只要启用时间戳，即使值为 0 也能立刻复用。
C31 holds 只有 connect() 受它影响，且要满一秒，自行 bind 的端口也不例外。
C32 holds 只有两端都提供时间戳，连接才会使用它；从未见过时间戳的 TIME-WAIT 在 60 秒内不会被复用，因为没有东西能区分新旧报文。
C32 refuted 在这个内核上，一端没有时间戳也能复用 TIME-WAIT 的端口。
C33a obsolete 已经没有这个参数可设：sysctl -p 会对这一行报错，TIME-WAIT 照样保留 60 秒
C33a holds 在这个内核上可以设置，TIME-WAIT 几秒内即被回收。
C33a history Linux 4.11 及以前，它让 TIME-WAIT 只保留 3.5 倍 RTO，并拒绝时间戳早于同一地址上次记录的 SYN；4.10 起时间戳起点随机化，4.12 将其移除
C33b holds 内核已不认识这个名字，也没有别的机制在做快速回收。
C33b refuted 这个内核仍然保留该参数。
C34 holds-with-limits 这正是 TIME-WAIT 的用途：每来一次 FIN 就回一次 ACK，并重新计时一分钟；再晚到的 FIN 已不属于任何连接，得到的是 RST
C34 refuted 重发的 FIN 没有得到 ACK
C35 refuted TIME-WAIT 只有到期定时器，没有重传 ACK 的定时器：只有对端（由它的重传定时器驱动）重发 FIN 时才再发一次 ACK
C35 holds 出现了无人触发的 ACK
C36 holds-with-limits “至少一次”没错，但远远低估了：FIN 何时重来取决于对端的重传定时器而不是 MSL，起初只需零点几秒，而且每次都重新计时一分钟；只有距上一个 FIN 超过一分钟才来不及
C36 refuted 一次丢失也未能补救
C37 holds CLOSE-WAIT 上没有任何定时器，只有程序自己 close() 才能离开这个状态
C37 holds-with-limits 内核不给 CLOSE-WAIT 设定时器，会一直等程序关闭；但对端的 RST，或得不到应答的 keepalive 探测，会在程序不参与的情况下结束连接（描述符仍被占用）
C37 refuted 程序没有关闭，CLOSE-WAIT 却结束了；或者程序已关闭，它却还在
C38 refuted CLOSE-WAIT 既无下限也无上限：程序 close() 它就结束，不 close() 就永远存在。两小时是 tcp_keepalive_time（7200 秒），即首次探测前的空闲时间，只对设置了 SO_KEEPALIVE 的套接字有效（默认关闭），而且只要对端还应答，探测也不会结束它
C38 holds-with-limits 没有别的事情结束它时，它确实持续了两个小时
C39 refuted 原文说“有助于解决”，但只改参数毫无作用：它们只规定探测怎么发，没有 SO_KEEPALIVE 的套接字根本不发探测。就算设置了，对端还在就会应答，CLOSE-WAIT 照旧；对端不在时 ss 里那一行会消失，但描述符照样泄漏。真正的办法只有 close()
C39 holds-with-limits 探测能清掉对端已不在的连接，却收不回描述符
C39 holds 探测结束了这些连接，描述符也归还了
C40a holds-with-limits 每个 CLOSE-WAIT 占一个描述符，达到 RLIMIT_NOFILE 后 accept() 返回 EMFILE：新客户端由内核完成握手，然后被断开或一直得不到应答，直到全连接队列也满。没到上限之前，堆积并不影响新客户端：耗尽的是描述符，而不是状态本身在阻塞
C40a holds 无论怎样安排，堆积都耗尽了服务器的资源
C40a refuted 尽管堆积着 CLOSE-WAIT，服务器仍能应答新客户端
C40b refuted 这些套接字属于进程：进程无论怎样结束，内核都会关闭它的全部描述符并发出 FIN。重启程序即可，不必重启系统；但泄漏会重新开始
C40b holds-with-limits 重启服务无效，但别的办法有效
C41 holds FIN 进入发送队列的同时状态就改变，所以 CLOSE-WAIT 一定还没发过 FIN。反过来不成立：LAST-ACK 只说明程序已关闭，FIN 可能还排在对端不肯接收的数据后面
C41 refuted 处于 CLOSE-WAIT 的套接字发出了 FIN
C42 refuted CLOSE-WAIT 由收到 FIN 引起，而网络中断不会送来 FIN：没有察觉的一端停在 ESTABLISHED。造成 CLOSE-WAIT 的是对端正常的关闭：内核已经知道，程序却不处理
C42 holds 没有收到 FIN 而失去对端的一端进入了 CLOSE-WAIT
C43 refuted FIN 是正常结束，不是错误：recv() 返回 0，随后的 send() 照样成功。只有收到 RST 之后才报错：这里是对端内核拒收第一次的数据之后，第二次 send() 得到 EPIPE
C43 holds 收到 FIN 之后的调用都失败了
C44 holds-with-limits 两端等的是同一个 FIN。对端还持有描述符时会一直等；但调用了 close() 的对端是孤儿连接，tcp_fin_timeout（60 秒）后就被内核遗忘，只剩下本端的 CLOSE-WAIT
C44 holds 两端一直对等地等着
C44 refuted 两个状态中有一个没有出现
C45 holds close() 只归还一个描述符；要等所有进程里指向该连接的最后一个描述符关闭，TCP 才知道，此前连 SO_LINGER {1, 0} 也不起作用。子进程 exec 之后是否还持有，取决于描述符有没有设 close-on-exec
C45 refuted 另一个进程仍持有描述符时 FIN 就发出了，或者根本没有第二个持有者
C46 holds-with-limits shutdown() 作用于连接而不是某个描述符，所以 SHUT_WR、SHUT_RDWR 不管还有谁持有都会发 FIN；但原文说的是任意 HOW，而 SHUT_RD 什么都不发
C46 holds 三种方式在有第二个持有者时都发出了 FIN
C46 refuted 另一个进程仍持有连接时没有发出 FIN
C47 holds-with-limits close() 把 FIN 排在发送队列末尾就返回，其余由内核继续发送。但若接收队列里有未读数据，close() 发的是 RST，发送队列被直接清空；对端一直不收，重试 tcp_orphan_retries 耗尽后内核也会放弃。
C47 refuted 对端一直在读，close() 时排队的数据却没有送到。
C48 holds-with-limits FIN 只结束一个方向，FIN-WAIT-2 状态下照常收数据。但 close() 连描述符也交还了：没有可读的对象，之后到达的数据会被回以 RST。两种 FIN 在线路上看不出区别。
C49a holds-with-limits 进程一结束，内核就替它关闭所有描述符，与 close() 无异：发 FIN；只有接收队列里还有未读数据时才发 RST。进程是怎么结束的，内核并不关心。
C49b refuted 崩溃和 kill -9 也与正常退出一样，发的是 FIN。是否发 RST 取决于有没有未读数据（或设了 SO_LINGER {1, 0}），与死法无关；只不过进程崩溃时往往正好有请求没读完。
C49b holds 这里被信号杀死的进程，即使没有未读数据，连接也会被复位。
C50 holds-with-limits close() 直接发 RST，没发出去的数据全部丢弃；对端先读到已到达的部分，再得到 ECONNRESET。但该选项只在 close() 时生效：若之前双方 FIN 已交换完，就没有可复位的连接，TIME-WAIT 照样留满 60 秒。
C51 refuted 关闭立即开始，这个秒数只是 close() 等待 FIN 被确认的上限，通常一两个往返就返回。时间用完也不会强行关闭：close() 照样返回 0，内核继续在后台发送，与没设该选项一样。
C51 holds 这里的 close() 总要等满设定的时间，哪怕早已全部确认。
C52 refuted 两者恰好相反：SO_DONTLINGER（Winsock 的叫法，Linux 没有）即 linger {0, …}，数据在后台继续发完；{1, 0} 则用 RST 把数据丢掉。两者的 close() 都立即返回，混淆大概由此而来。
C52 holds 这里两者效果相同。
C53 holds-with-limits 最后一个描述符关闭后，连接没有 inode、也没有进程，netstat -p 和 ss -p 的进程栏为空。但 close() 只是交还一个描述符：子进程还持有时，它就不是孤儿，FIN 也没发。
C54 refuted Linux 的 SHUT_RD 什么也不丢：已有的和后来的数据都会被确认，recv() 也都能读到，只是不再阻塞等待。“丢弃”是 BSD 的做法。换成 SHUT_RDWR 也不是悄悄丢弃，而是回 RST。
C54 holds 这里的 SHUT_RD 会清空接收队列，之后到达的数据确认后即丢弃。
C55 holds-with-limits shutdown() 把 FIN 排在队尾，在窗口允许的范围内尽量发送；SHUT_RDWR 与先后调用两次完全一样，连对后来数据回 RST 也一样。但“立即”要看对方：窗口为零时，剩余数据和 FIN 都发不出去。
C56 refuted 正如其名，它只管孤儿，而且与状态无关。进程只做了 shutdown() 的 FIN-WAIT-1 按 tcp_retries2 重发，默认要一刻钟左右。
C56 holds 这里无论有没有进程持有，FIN 重发的次数都一样。
C57 holds-with-limits 只要重传定时器未到上限（默认 120 秒），0 就按 8 处理；到了上限或收到 ICMP 差错后，0 就是 0。对 FIN 而言，8 其实是一段时间：从 200 ms 起翻倍八次，共 102 秒；往返慢的路径在此期间试不到八次。
C57 refuted 这里默认值 0 的孤儿并没有试八次。
C58 obsolete 零窗口确实会把 FIN 压住，但孤儿即使次次得到应答，探测间隔退避到定时器上限时也会被放弃：默认上限 120 秒，约五六分钟。只有进程仍持有的套接字才会一直探测下去
C58 holds 这里只要窗口一直为零且有应答，孤儿就一直保留。
C58 history Linux 3.18 之前，每个应答都会把探测计数清零，这样的孤儿会一直存在
C59 untestable tcp_max_orphans 整机只有一个，网络命名空间里没有自己的：要触发它，得有一台可以塞满孤儿的机器
C59 instead 改用单个套接字验证内核拒收孤儿时的做法（TCP_LINGER2 = -1）：close() 直接发 RST。超过 tcp_max_orphans 时计入 TcpExtTCPAbortOnMemory，而且已有的孤儿在定时器到期时同样会被清掉
C60 holds-with-limits close() 之后的 LAST-ACK 是孤儿，受 tcp_orphan_retries 控制；进程只做了 shutdown() 的则按 tcp_retries2。这个数值代表的是一段时间，实际可能多重发一次。
C61 refuted 前半句对：确实回 RST。后半句不成立：close() 之后的 LAST-ACK 已没有进程，谁也不会“认为出错”——close() 早就返回了 0，复位计数器也不动。只有用 shutdown() 且仍持有描述符的程序，主动去问才会得到 ECONNRESET。
C61 holds RST 来了，服务端也得知了错误。
C62 refuted LAST-ACK 有定时器：重发的 FIN 会被不认识该连接的主机回以 RST；若对端毫无应答，重试 tcp_orphan_retries 耗尽后内核也会放弃。新 SYN 得到的是 ACK（RFC 5961）而不是 RST，客户端对它回 RST，随后重发的 SYN 就能通过：connect() 只是晚一个往返。
C62 holds 直到试验结束仍是 LAST-ACK，新的 SYN 被回以 RST。
C63 holds-with-limits 确实可能，而且谁都察觉不到；但要三道防线同时缺席。没有 TIME-WAIT 时，初始序列号的时钟或时间戳（PAWS）任何一个都能把旧报文挡在外面。
C63 refuted 在这里即使三道防线都没有，旧报文也进不来。
C64 holds-with-limits 旧数据确实会因时间戳过期被丢弃。但 RST 只看序列号、不做 PAWS 检查，旧的 RST 能终止新连接；而 2MSL 的另一个任务——回应重传的 FIN——与时间戳无关。
C64 refuted 尽管有时间戳，旧数据仍进入了新连接。
C65 holds-with-limits TIME-WAIT 会让位给序列号更大的 SYN。但双方都用时间戳时，时间戳更旧的 SYN 不论序列号多大都被拒绝：同一 NAT 地址后面时钟不一致的多台客户端就会碰到。
C65 holds 序列号更大的 SYN 一律被接受，与时间戳无关。
C65 refuted TIME-WAIT 没有让位给序列号更大的 SYN。
C66 refuted Linux 并非毫无反应：它用旧连接的 ACK 回应。客户端在 SYN-SENT 收到后发 RST，TIME-WAIT 随之结束，下一个 SYN 就被接受；若时间戳更新，第一个 SYN 就被接受。文档观察的是 Windows Server 2003。
C66 holds-with-limits 该 SYN 没有任何回应；但时间戳更新时会被接受。
C66 holds 该 SYN 没有任何回应。
C67 refuted 只要安全，两端都会建立新的化身：主动连接方靠时间戳挡住旧报文，监听方看 SYN 的序列号或时间戳是否更大。RFC 1122（4.2.2 节）1989 年就允许这样做。只有没有时间戳时 connect() 才会拒绝。
C67 holds 旧连接处于 TIME-WAIT 时，两端都不会建立新连接。
C68 refuted 监听端处于 TIME-WAIT 的四元组并没有被禁用：时间戳更新或序列号更大的 SYN 会立即开始新连接，其他 SYN 会终结 TIME-WAIT，客户端重传的 SYN 即可建连。原文作者实测后自己也否定了这个说法。在这个内核上 NAT 带来的影响是：端口在一分钟内被复用时，不少连接要重传一次 SYN，多数只多花约 10 毫秒；若重传的 SYN 又撞上这样的端口，则要多等一秒以上。
C68 holds 在这个内核（或这个路由器）上，用过的端口要等 TIME-WAIT 结束才能再用。
C69 holds-with-limits 占住端口的是服务器自己的 TIME-WAIT：若客户端先关闭就没有它，bind 立即成功。TIME-WAIT 还继承原监听套接字的选项，所以崩溃的那个进程也必须设过 SO_REUSEADDR，只给新进程设没有用。
C69 refuted 被杀死的服务器的端口立即可用，或者 SO_REUSEADDR 没能让它可用。
C70 refuted 在 Linux 上，连接处于什么状态都不妨碍，只有监听者才妨碍。新旧套接字都设 SO_REUSEADDR 时，不论旧连接处于哪个状态都能重新监听。
C70 holds 旧连接处于 TIME-WAIT 以外的状态时，端口被拒绝。
C71 holds-with-limits 双方都用时间戳时，绑定的端口可立即从 TIME-WAIT 中取出，与 tcp_tw_reuse 无关。没有时间戳时，Linux 上 connect() 同样在 60 秒内返回 EADDRNOTAVAIL。
C71 holds 各种条件下客户端都能从该端口再次连接。
C71 refuted 客户端不能从该端口再次连接。
C72 refuted SO_REUSEADDR 只影响 bind()：每次 connect() 仍取新端口，忘记关闭的连接各占一个。绑定固定端口后确实只占一个，但那是因为再也连不上同一服务器了：解决办法是 close()。
C72 holds 所有连接共用一个端口。
C73 holds-with-limits 文档自己的括注是对的：等待的是这个连接（四元组）。不设选项的 bind() 拒绝该端口；设 SO_REUSEADDR 后可立即用于任何其他目的地，有时间戳时甚至可用于同一目的地。
C73 refuted 处于 TIME-WAIT 的端口可以直接 bind。
C73 holds 处于 TIME-WAIT 的端口怎样都不能用。
C74 obsolete 在 Linux 上，只要有人监听，SO_REUSEADDR 就不会让别人分享这个端口，换成更具体的地址也不行；只有在 bind() 之后、listen() 之前，同样设了该选项的程序可能抢先监听
C74 holds-with-limits 另一个程序能在已有监听者的端口上监听。
C74 holds 另一个程序能在已有监听者的端口上监听。
C74 history 文档讲的是 Windows：那里第二个套接字只要设 SO_REUSEADDR 就能抢走别人的端口，直到 Windows Server 2003 才要求第一个套接字也设该选项
C75 obsolete 每个目的地各有起点，由带密钥的散列决定；此后每次 connect() 得到的端口比上一个大一个随机偶数（2 到 16），另一种奇偶性的端口留给 bind()
C75 holds 每个端口都是上一个加 1。
C75 holds-with-limits 对同一目的地，每个端口都是上一个加 1。
C75 history Linux 2.4 用一个计数器（tcp_port_rover）逐一递增，所有目的地共用
C76 obsolete 文中的时间表要手工设置两个参数才会出现：如今 tcp_syn_retries 默认为 6，而且自 Linux 6.5 起前五次等待都是 1 秒（tcp_syn_linear_timeouts = 4），重传的 SYN 更多，connect() 约 131 秒后才放弃
C76 holds 每次等待是上一次的两倍，最后一个 SYN 之后还要再等一轮
C76 history Linux 3.6 及以前默认值为 5，而首次等待自 3.1 起才是 1 秒：63 秒只适用于 3.1 到 3.6
C77 holds-with-limits SYN-ACK 的间隔确实从 1 秒起加倍，也不受线性超时影响；但监听套接字拥挤时，内核会在重传两次之后（约 7 秒）放弃旧的半连接，给新来的留出一半位置
C77 holds SYN-ACK 的间隔从 1 秒起加倍，与其他等待者无关
C77 refuted 这个内核按另一种时间表重传 SYN-ACK，或默认值不同
C78 obsolete 半连接队列同样受 backlog 限制（backlog 为 23 时只有 24 个），也没有 64 这个下限。tcp_max_syn_backlog 只有在关闭 cookie 时才起作用，而且陌生对端只能用到它的四分之三（16 时为 13 个）
C78 holds 不管 backlog 多大，队列都装得下
C78 history Linux 2.4 和 2.6 早期按 2 的幂取不小于 64、也不小于 tcp_max_syn_backlog 的长度；从 2.6.20 起就受 backlog 与 somaxconn 限制了
C79 holds-with-limits 起作用的是较小的那个限制。开启 SYN cookie 时内核根本不看 tcp_max_syn_backlog；关闭 cookie 而 backlog 又很大时它才是瓶颈，这时单独调大它就有效
C79 holds backlog 始终是更窄的那个限制
C79 refuted 在这个内核上单独调大该参数就能加长队列
C80 holds-with-limits listen() 取 backlog 与 somaxconn 中较小者，此后不再看 somaxconn。但对同一套接字再次调用 listen() 就能改，backlog= 有变化时 nginx reload 就会这样做，不必重启；tcp_max_syn_backlog 每来一个 SYN 都会读取，两者都不需要
C80 holds 除了重启，怎么改都不生效
C80 refuted 运行中的监听套接字会跟着参数变
C81a holds-with-limits 客户端的两个 SYN 都被静默丢弃。不过 tcp_max_syn_backlog 的最后四分之一留给内核认识的地址（ip tcp_metrics）：以前连过的客户端仍能进来，陌生的不行
C81a holds 不论是否连过，谁都进不来
C81a refuted 客户端仍然连上了
C81b holds-with-limits 0 关闭；1 在半连接队列满后才启用；2 对每个 SYN 都回 cookie、不入队。但全连接队列已满时，取 2 也没用：SYN 照样被丢弃
C81b holds 0 关闭，1 放不下时启用，2 无条件启用
C81b refuted 三个取值之一在这里的效果不同
C81c obsolete 内核自己默认就是 1：半连接队列满时启用。读到 0 说明是发行版或管理员关掉的
C81c holds 不手工打开就是关闭的
C81c history Linux 2.6 的初值为 0（SYNC_INIT，由用户自行打开），Linux 3.0 已经是 1
C82 holds-with-limits netstat -s 的 “SYNs to LISTEN sockets dropped”（ListenDrops）数的是被丢的 SYN，重传也算，全连接队列满时丢的也算在内。只数半连接队列的是 TcpExtTCPReqQFullDrop；开启 cookie 时什么都不丢，动的是 SyncookiesSent
C82 holds 计数就是连接数
C82 refuted 计数并不等于连接数
C83 holds-with-limits 上限是两者中较小的，在 listen() 时取定；内核要等长度超过上限才算满，所以会多容纳一个：上限 4 时实际能排 5 个
C83 holds 两者中较小者，一个也不多
C83 refuted 上限并不是两者中较小者
C84 refuted 恰好相反：收到第三个报文段时由内核放入队列，与程序无关；accept() 是把它取出来
C84 holds accept() 之前队列是空的
C85a obsolete 现在默认是 4096，真正起作用的几乎总是程序自己传的 backlog
C85a holds 这个内核的初值仍是 128
C85a history Linux 5.3 及以前默认为 128
C85b holds-with-limits Linux 上的 nginx 和 Node 要的是 511，Python 的 http.server 只要 5，而且都不会超过 somaxconn。这里没有试 Apache 和 Tomcat：按各自文档，Apache 是 511（ListenBackLog），Tomcat 是 100（acceptCount）
C85b holds 试过的都是 511
C85b refuted nginx 要的不是 511
C86 holds-with-limits Recv-Q 数的是已完成握手而未被 accept 的连接，半连接不算。Send-Q 是上限，却不完全是最大值：满的时候会多一个，即 Recv-Q 5、Send-Q 4
C86 holds Recv-Q 从不超过 Send-Q
C86 refuted 这里这两列另有含义
C87 holds-with-limits 只有第三个报文段到达时才看这个参数。队列早已满的话，SYN 先就被丢弃，取 0 取 1 都一样：大多数客户端看到的是 ETIMEDOUT，而不是 reset
C87 holds 队列满时，来者一律被复位
C87 refuted 这个参数在这里不起作用
C88 holds-with-limits 客户端的每个报文段都确认了服务端的 SYN，只要服务端还记着这个半连接，重传的请求就能当作第三个报文段。SYN-ACK 重传用尽之后它就被忘掉，下一次重传换来的是 RST
C88 holds 什么时候有空位，下一次重传就能完成
C88 refuted 重传的请求没能完成握手
C89 holds 每次溢出在内核的同一处也会计为一次 drop；半连接队列满只计 drop，不计 overflow
C89 refuted 有的溢出没有计入 drop
C90 holds-with-limits 服务端从 accept() 开始计时，客户端从 SYN 开始，两者之间是以秒计的重传。若打开 tcp_abort_on_overflow，第三个报文段找不到位置就立刻收到 RST：看到的是报错而不是高延迟
C90 holds 客户端在等，服务端日志却看不出来
C90 refuted 服务端与客户端的耗时一致
C91 holds-with-limits 前一条连接得到的 Cookie 让后一条连接的数据随 SYN 发出，省一个往返。但 Cookie 是用某台服务器的密钥对地址加密的结果：同一地址后的机器密钥不同时，什么也省不了；途中设备丢弃这种 SYN 时，反而多花一秒。
C92 holds 无论 net.ipv4.tcp_fastopen 取何值，Cookie 错误的 SYN 中的数据都被丢弃。
C92 refuted Cookie 并非该服务器所发，SYN 中的数据却被接受了。
C92 holds-with-limits Linux 丢弃数据，只确认 SYN，客户端随后重发数据。若 net.ipv4.tcp_fastopen 含 0x200 标志，则不检查 Cookie，任何 SYN 的数据都收。
C93 refuted 在这个内核上，这些取值打开的是别的东西。
C93 holds-with-limits 这个数是标志之和：1 允许客户端使用，2 允许服务端使用。它只是许可：监听套接字还要设置 TCP_FASTOPEN（除非含 0x400），客户端还要用 MSG_FASTOPEN 发送或设置 TCP_FASTOPEN_CONNECT。
C94 holds 设置了 SO_KEEPALIVE 而未另行指定的套接字就是这些数值。
C94 refuted Linux 的确是 7200 s 和 75 s，但探测是 9 次而不是 10 次：对端消失后经过 7200 + 9 x 75 s 才会发现。“10 次”出自《TCP/IP 详解》（1994）。而且只有设置了 SO_KEEPALIVE 的套接字才会探测。
C95 refuted 四种对端中至少有一种的结局与文档不同。
C95 holds 在线的会应答；消失或不可达的不应答，最后一次探测后以 ETIMEDOUT 结束；重启过的协议栈不认识这个连接，回以 RST。路由器的 ICMP 差错不起作用：引用探测报文的差错会被 Linux 忽略。
C96 refuted 对端在线且有应答，空闲连接仍被结束了。
C96 holds 探测问的是对端内核认不认得这个连接，而不是程序还要不要它。只占着连接不用的对端，甚至进程已被暂停的对端，都会一直应答；清理空闲连接只能靠服务端自己的超时。
C97 refuted 要么没有 SO_KEEPALIVE 连接也结束了，要么探测没有结束它。
C97 holds-with-limits 没有报文往来就察觉不到，也没有定时器在跑；设了 SO_KEEPALIVE，探测会发现。但默认要等两个多小时；而且已发送的数据未被确认期间根本不发探测：那时取决于 tcp_retries2（约一刻钟）或 TCP_USER_TIMEOUT。
C98 holds-with-limits 进程手里的每个连接占一个描述符，达到 ulimit -n 后 accept() 返回 EMFILE；但全连接队列里的连接还没有描述符，TIME-WAIT 的已经没有了。fs.file-max 是整机的同类上限（另外，文件名应为 /etc/security/limits.conf）
C98 holds 没有出现过不占描述符的连接；描述符多了，连接才多
C98 refuted 描述符的多少不起作用，或者用尽之后并没有客户端被拒之门外
C99 holds-with-limits Node 和 nginx 会带这个响应头，并在空闲时限后关闭，任何一方都可以不保持；但 HTTP/1.1 既不要求这个头（没说 close 就是保持，RFC 9112 第 9.3 节），也不要求时限：Python 的服务器两样都没有
C99 holds 所有服务器都带这个响应头，并在空闲时限后关闭
C99 refuted HTTP/1.1 服务器没带这个头或没有时限，或者一方不支持却仍然保持
C100a holds-with-limits 从第二个请求起，每次省一个往返（TLS 是两个，外加计算）和七个报文段；第一个请求照付全价，所以只请求一次的客户端什么也省不下
C100a holds 时间和报文段都省了，连只请求一次的客户端也是
C100a refuted 保持连接时，许多请求花的时间或报文段并没有变少
C100b refuted 页面由许多对象组成，每个对象握手一次只会更慢，报文段也更多。担心空闲连接没有错（短连接占着的确实少），但几秒的空闲时限就够了：服务器手里最多是这几秒里的访客。只有取一样东西就走的访客，短连接才不吃亏
C100b holds 用短连接页面来得更快，服务器占着的连接也更少
C101 holds-with-limits 小段要等前一个小段的确认，而对端把确认推迟 40 ms；但只有两者碰到一起才会：第二次小写，并且读的一方被内核当成会立刻回话的一方。应答一次写完就不受影响，开不开 Nagle 都一样
C101 holds 无论怎么写，小应答都在等确认
C101 refuted 应答没有等待，或者设置了 TCP_NODELAY 也照样等待
C102 holds accept() 只返回新的描述符，不分配新端口：同一监听端口的连接靠对端的地址和端口区分。
C102 refuted 已接受的连接用了别的端口。
C103 holds-with-limits 对会关闭连接的服务器，只发 FIN 毫无作用。但客户端若请求超过发送缓冲区的数据、发出 FIN 后把窗口关死，正确的服务器也会停在 CLOSE-WAIT，因为它的 FIN 排在应答数据之后；给“写无进展”设一个超时就能化解
C103 holds 服务器设什么限制都挡不住客户端
C103 refuted 无论客户端怎么做，服务器都离开了 CLOSE-WAIT：必须服务器自己不关闭才会堆积
C104 holds-with-limits 传过 4 GiB 后旧报文的序列号会再次对上，只有时间戳能识破它（PAWS，RFC 7323）。但 RST 不检查时间戳：序列号对上就会终止连接。
C104 holds 时间戳过旧的报文一律被挡住，RST 也不例外。
C104 refuted 对序列号再次对上的旧报文，时间戳没有起作用。
C105 obsolete tcp_tw_recycle 已不存在，内核也不再按地址比较时间戳。剩下的只是四元组级别的检查：时间戳早于 TIME-WAIT 记录的 SYN 只会终结该 TIME-WAIT，重传的 SYN 才建立连接。NAT 很快复用端口时仍能感觉到
C105 holds 在这个内核上可以设置，NAT 后的客户端会被拒绝。
C105 history Linux 4.11 及以前，它让 TIME-WAIT 只保留 3.5 倍 RTO，并拒绝时间戳早于同一地址上次记录的 SYN；4.10 起时间戳起点随机化，4.12 将其移除
C106 holds-with-limits ListenOverflows 累计的是遇到满队列的报文段：SYN、它的重传、第三个报文段都算，本命名空间内所有监听端口加在一起。一个客户端试两次就计两次
C106 holds 每丢一个连接计一次，只增不减
C106 refuted 计数与溢出不符
C107 holds-with-limits 描述符用尽，新来的客户端被拒；空闲超时能把描述符收回来，但只收得回沉默的连接：客户端按时发一个字节，就什么都不会被收走
C107 holds 描述符用尽之后，空闲超时把它们收了回来，连不断说话的客户端也不例外
C107 refuted 服务器照样接待新客户端，或者空闲超时帮不上忙
C108 holds-with-limits 单个地址再也占不满服务器；但服务器看到的是地址，不是机器：几个地址合起来照样能占满，而共用一个地址的客户端也共用一份限额，谈不上“完全避免”
C108 holds 守规矩的客户端没有一个被拒，哪怕与占满限额者共用地址
C108 refuted 有了限制其他客户端还是被拒，或者没有限制也不会被拒
C200 holds-with-limits 只有全连接队列有空位、且监听套接字不等数据（没有 TCP_DEFER_ACCEPT）时，第三个报文段才完成握手。否则内核丢弃这个 ACK，停在 SYN-RECEIVED，而客户端已是 ESTABLISHED。
C201 holds SYN 一到，服务端程序就得到一个完整的套接字：客户端还没说第二句话，它就可以在 SYN-RECEIVED 中 accept、读取、应答，甚至关闭。
C202 holds 只要有一端不允许或不使用，数据就照旧等握手完成：没有该标志的客户端得到 EOPNOTSUPP，没有该标志的服务端不发放 Cookie。
C203 refuted 正好相反：FIN 是一端说的最后一句话，处于 FIN-WAIT-2 的一端已经发过 FIN，再 send() 会得到 EPIPE。还有数据要发的是对端，它处于 CLOSE-WAIT。
C210 holds 所有可设的参数都没能改变它；内核里其实没有 MSL，只有 60 秒的 TCP_TIMEWAIT_LEN，30 秒是它的一半
C210 holds-with-limits 这个内核有参数能改变它
C211 holds TIME-WAIT 只是内核里的一条记录，没有描述符也不属于任何进程，由自己的定时器结束；但同一句里的“2-4 分钟”在 Linux 上不成立
C211 refuted 它随程序一起消失了
C212 holds 对第二个 FIN 的 ACK 不延迟：内核在把 FIN-WAIT-2 的套接字变为 TIME-WAIT 的同时发出，此后每收到一次 FIN 再发一次。第一个 FIN 则不同：收到它的一端还在 ESTABLISHED，ACK 可以延迟至多 40 毫秒（C04、C08、C12）
C212 refuted 对第二个 FIN 的 ACK 来迟了
C213 refuted 可以接收，它等的正是这个；但 FIN 已发出，发送方向就此关闭，send() 返回 EPIPE
C220 holds-with-limits 若没有其他手段区分新旧连接，TIME-WAIT 确实能防止数据错乱，跳过它的连接会把数据混进下一条连接。但默认还有时间戳和按时钟递增的初始序列号两道防线，此时调大上限并不会更安全。
C221 holds-with-limits TIME-WAIT 的数量反映的是最近一分钟主动关闭的连接数，即“大量的建立和释放”；它与同时打开的连接数无关，几个工作线程逐个建连也会留下同样多。
C222 holds-with-limits 在客户端，每多允许一个 TIME-WAIT，就可能多占一个通往该目的地的端口，上限越大越容易耗尽端口。监听端的 TIME-WAIT 不占端口，只占内核里的一条记录。
C223 holds-with-limits 一秒的间隔，加上复用所必需的时间戳，足以把旧数据挡在新连接之外。但 RST 不检查时间戳：被延迟的 RST 若序列号恰好等于新连接期望的值，就会终止新连接。
C223 holds 旧数据和旧 RST 都进不了复用端口的新连接。
C223 refuted 端口被立即复用，或者旧数据进入了新连接。
C230 holds-with-limits 数据都读完、对端都收下、没有别的进程持有时确实如此。但 shutdown() 不用 close() 也能做到；对端不收数据时，FIN 在 LAST-ACK 里排队等待；有未读数据或 SO_LINGER {1, 0} 时发的是 RST，没有 LAST-ACK；别的进程还持有时 close() 什么都不发
C230 refuted 在 CLOSE-WAIT 下 close() 没有发出 FIN
C231 refuted 这个选项只规定 close() 怎么做，而 CLOSE-WAIT 缺的正是 close()：设置了它照样停在那里。等到 close() 时发的是 RST，未发出的数据也丢了
C231 holds 设置该选项后 CLOSE-WAIT 自行结束
C232 holds-with-limits 返回 0 只说明对端不再发送，这只是关闭的一半：对端只做 shutdown(SHUT_WR) 时同样返回 0，而它还在继续接收
C232 refuted 对端已关闭，recv() 却没有返回 0
C240 holds 新套接字的 linger 是关的；文中说的是 Windows，Linux 也一样：close() 立即返回，数据在后台继续送。
C241 refuted 默认情况下，不管排了多少数据，close() 都不会等待，这个担心没有必要：{1, 0} 是用丢数据去换本来就有的东西。唯一会等待的是 linger {1, n}。
C241 holds 这里不设选项时，close() 会等排队的数据送完。
C242 holds 只有不再写的一端才有话要说：SHUT_RD 一个报文都不发，对端无从知道。
C243 holds-with-limits 只有接收队列已空，close() 才发 FIN；否则内核立即发 RST，哪怕程序别无过错，对端也会丢掉尚未送达的数据。
C244 holds 全新命名空间里就是 0；0 并不是次数，而是代指（见 C57）。
C244 refuted 这里全新命名空间的默认值不是 0。
C250 holds SO_REUSEADDR 只让套接字共用本地地址和端口；五元组已存在时 connect() 仍然拒绝。
C250 refuted 同一五元组同时存在两个连接。
C251 refuted 内核把旧连接与新的监听套接字分得很清楚：旧连接上的数据只会得到 RST。旧字节要混进来，必须有同一四元组的新连接，而且没有 TIME-WAIT、没有时间戳、序列号还重叠；这与是否重启无关。
C251 holds 旧连接的数据到了新进程。
C252 holds-with-limits 每个目的地的起始端口无法预测；但随后的端口只比上一个大一点，看到一个就大致知道下一个。
C252 holds 端口相差很远，同一目的地也是如此。
C252 refuted 端口可由上一个推出。
C260 holds-with-limits 第三个报文段的确认号带回了服务端没有记下的内容，连接据此建立。但它仍要占全连接队列的位置：那里满了，SYN 就被丢弃，根本不发 cookie
C260 holds 有 cookie 就够了
C260 refuted 客户端没有连上
C261 holds-with-limits 两个方向都证明不了什么：队列满时大多是 SYN 被丢，看不到 reset；而服务端带着未读数据关闭同样会复位。直接看 TcpExtListenOverflows 即可，不必改参数
C261 holds 有溢出才有复位，反之亦然
C261 refuted 没有看到复位
C262 holds-with-limits 被丢弃的会重来并最终连上，被复位的不会。但这只适用于握手已完成一半、且队列及时腾出空位的情形：SYN 被丢与取值无关；SYN-ACK 重传用尽的最后还是被复位
C262 holds 取 0 时处处更多
C262 refuted 取 1 时得到服务的一样多
C263 holds-with-limits 第三个报文段到达时建立连接并入队，accept() 取出。队列已满时不会建立，只剩客户端自以为已连接；用 Fast Open 时 SYN 一到就入队，比第三个报文段早一个往返
C263 holds 第三个报文段使其入队，accept() 取出
C263 refuted 这个内核在别的时刻入队
C264 holds tcp_syn_retries 限定的是总时间而不是 SYN 的个数：一次为 3 秒，两次为 7 秒，线性超时下也一样
C270 holds-with-limits 只有通向这一个目的地的端口全部在用或处于 TIME-WAIT 时 connect() 才失败：速率乘以 60 s 超过端口数（常见的 28,232 个端口对应每秒 470 个）、客户端先关闭，并且 tcp_tw_reuse 不允许重用
C270 holds 试过的各种速率和设置下，短连接都会出错
C270 refuted 连接次数多于端口也没有出错，或者长连接同样出错
C271 holds-with-limits 服务器在应答之后才关闭，从不发请求的客户端也就从不被关闭，所以照样需要超时；用过的连接还会以 TIME-WAIT 的样子留一分钟，只是不占描述符
C271 holds 什么也没有留下，包括只连接不请求的客户端
C271 refuted 每个连接都应答并关闭了，却仍有连接留下
C272 holds-with-limits 空闲连接占一个描述符和几 KB 内存，TIME-WAIT 只占约 250 字节，不占描述符；但短连接每次都要重新建立和关闭，常来的客户端反而要多费报文段
C272 holds 测过的每一项都是长连接费得多
C272 refuted 保持着的连接并不比关闭了的费资源
C273 holds-with-limits 双方都说同一版本时如此；HTTP/1.1 的客户端遇到以 HTTP/1.0 应答的服务器，得到的仍是短连接
C273 holds 在所有服务器面前，都由客户端所说的版本决定
C273 refuted 没有要求，服务器却保持了 HTTP/1.0 的连接，或关闭了 HTTP/1.1 的连接
`;
