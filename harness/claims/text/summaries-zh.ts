/** What each variant of the catalogue does differently, in Chinese. One line each: experiment, variant, text. */
export const SUMMARIES_ZH = `
accept-queue-length backlog-4 listen() 传 4、somaxconn 为 4096
accept-queue-length somaxconn-4 listen() 传 511、somaxconn 为 4
accept-queue-length abort listen() 传 4、tcp_abort_on_overflow 为 1
accept-queue-length cookies-always listen() 传 4、tcp_syncookies 为 2
accept-queue-length both-large listen() 传 511、somaxconn 为 4096
accept-queue-overflow buggy backlog 为 4，事件循环每次被一项任务阻塞 0.8 秒
accept-queue-overflow fixed backlog 为 4，任务每做一步就让出事件循环
accept-queue-overflow fixed-by-backlog 事件循环每次被一项任务阻塞 0.8 秒，backlog 为 511
bind-again neither 有连接时服务器被杀死，新旧进程都不设 SO_REUSEADDR
bind-again successor-only 只有新进程设 SO_REUSEADDR
bind-again old-only 只有被杀死的服务器设过 SO_REUSEADDR
bind-again both 新旧进程都设 SO_REUSEADDR；旧进程的客户端继续发送
bind-again client-closed 都不设 SO_REUSEADDR；服务器被杀死之前客户端已先关闭
bind-again all-states 端口的连接处于六种状态时关闭监听套接字；全部设了 SO_REUSEADDR
bind-again taker 另一个程序试图占用端口；全部设了 SO_REUSEADDR
client-ports one-destination 反复连接同一服务器，设 SO_REUSEADDR，一个也不关闭
client-ports bound 从同一端口反复连接同一服务器
client-ports destinations 向许多端口各 connect() 一次
close-wait-ends no-probes 整机的保活参数以秒计，但没有套接字要求探测
close-wait-ends probes 整机的保活参数以秒计，服务器设置了 SO_KEEPALIVE
close-wait-ends defaults 内核默认参数，持续时间超过一切以分钟计的时限；其中一个连接设了 SO_KEEPALIVE
close-wait-exhaustion drops 遇到 EMFILE 时照 Node 的做法：接受不了的先接受再关闭
close-wait-exhaustion waits 遇到 EMFILE 时照通常的做法：报告、等待、重试
close-wait-exhaustion room 同样泄漏，但描述符足够
close-wait-exhaustion closes 描述符很少，但服务器会关闭连接
close-wait-exhaustion restarted 照 Node 的做法，描述符用尽时重启服务器
close-wait-held buggy 服务器等应答发完才关闭，并为此一直等下去
close-wait-held fixed 连接一秒没有进展，服务器就将其复位
close-wait-leak buggy 程序读到 EOF，却从不关闭
close-wait-leak fixed 读到 EOF 就调用 end()
closing-otherwise never-accepted 服务端程序还没有 accept，客户端就关闭
closing-otherwise stopped 服务端进程被暂停时客户端关闭
closing-otherwise overtaken FIN 比先于它发出的 97 字节早到 600 ms
closing-otherwise fin-lost 两端同时关闭，客户端的 FIN 丢失
closing-otherwise window-shut 客户端关闭时还有服务端不收的数据，服务端半秒后关闭
closing-otherwise half-closed 客户端调用 shutdown(SHUT_WR) 之后两端都尝试发送
closing-otherwise unanswered 客户端关闭后消失：服务端的 FIN 无人确认，tcp_orphan_retries 为 2
closing-otherwise http 默认设置的 Node.js HTTP 服务器，客户端收到应答就关闭
connection-limits many-descriptors idle-connection-hoard 的占用者，面对可有 997 个描述符的服务器
connection-limits queued 服务器的 accept() 以 EMFILE 告终，其余连接留在队列里
connection-limits short 每个请求一条连接，由服务器关闭
connection-limits short-silent 应答后就关闭的服务器，客户端只连接、不发请求
connection-limits trickle 空闲超时 1 秒，客户端在每条连接上每 100 ms 说一句话
connection-limits many-machines 每个地址至多 11 条连接，有六个地址来占
connection-limits shared-address 每个地址至多 11 条连接，一些客户端与占用者共用地址
connection-memory kept 保持 1067 条连接的两端
connection-memory closed 10,967 条连接，每条立即关闭：TIME-WAIT
ephemeral-port-exhaustion buggy 每项任务新建一条连接，并由自己先关闭
ephemeral-port-exhaustion fixed 所有任务共用一条连接
ephemeral-port-exhaustion fixed-by-reuse 同样每项任务一条连接，但 tcp_tw_reuse 为 1
fast-open plain 第二条连接用 connect() 和 send() 建立
fast-open with-cookie 第二条连接的数据随 SYN 和 Cookie 一起发出
fast-open another-key 第二条连接到了同一地址后面密钥不同的另一台服务器
fast-open-switches as-client 取 0、1、2、3 的客户端各两次呼叫什么都允许的服务器
fast-open-switches as-server 取 0、1、2、3 的服务器；取 3 但程序没有要求的；取 0x403 且程序没有要求的
fast-open-switches forged 带数据的 SYN，Cookie 是伪造的
fast-open-switches unchecked 带数据的 SYN，Cookie 是伪造的，而服务器的 tcp_fastopen 含 0x200
fast-open-switches syn-dropped 途中的设备丢弃带数据的 SYN
fin-wait-1-held buggy 内核收下应答后程序就关闭
fin-wait-1-held fixed 程序保持连接直到客户端关闭，1.5 秒后将其复位
fin-wait-1-held fixed-by-user-timeout 1.5 秒没有进展内核就放弃：TCP_USER_TIMEOUT
fin-wait-2-limits above-a-minute 已 close，tcp_fin_timeout 为 62 秒
fin-wait-2-limits slow-link 已 close，tcp_fin_timeout 为 1 秒，往返 400 ms
fin-wait-2-limits no-buckets 已 close，tcp_fin_timeout 为 5 秒，不允许 TIME-WAIT
fin-wait-2-limits probed 已 shutdown，有保活探测，对端主机消失
fin-wait-2-limits unprobed 已 shutdown，没有探测，对端主机消失
fin-wait-2-pileup buggy 结束空闲连接之后，等客户端的 EOF 没有时限
fin-wait-2-pileup fixed 程序结束自己的方向 1 秒后关闭
fin-wait-2-pileup fixed-by-close 程序立即关闭：FIN-WAIT-2 一开始就归内核
fixed-client-port defaults 什么也不设
fixed-client-port reuse-off tcp_tw_reuse 为 0
fixed-client-port no-timestamps tcp_timestamps 为 0
forked-child-holds-connection buggy 两个进程中一个关闭描述符，另一个从不关闭
forked-child-holds-connection fixed 先 end() 再 destroy()：shutdown() 作用于连接，不管谁持有描述符
forked-child-holds-connection fixed-by-cloexec 子进程得不到描述符，close() 就是最后一个
half-close shutdown-write 客户端结束自己的方向，随后读取应答
half-close close 客户端关闭，没有人来读应答
half-close shutdown-read 客户端声明不再读取，内核不告诉任何人
half-open-idle buggy 没有保活，没有空闲超时
half-open-idle fixed 程序结束空闲 2 秒的连接
half-open-idle fixed-by-keepalive 静默 1 秒后内核发送探测
half-open-writer buggy write() 成功，没有人问数据是否到达
half-open-writer fixed 1.5 秒毫无应答的连接，程序就放弃
half-open-writer fixed-by-user-timeout TCP_USER_TIMEOUT：未确认的数据不超过 1.5 秒
half-open-writer fixed-by-retries tcp_retries2 = 1：重传三四次后内核放弃
handshake accepted 一端 connect()，另一端 accept()，单程 200 ms
handshake nobody-accepts 服务端监听，但从不调用 accept()
handshake refused 端口上无人监听
handshake no-options 客户端内核不提供任何可关闭的选项
handshake-otherwise quick 无延迟的线路上 23 条连接，由客户端先关闭，服务端读到 EOF 就关闭
handshake-otherwise withheld 客户端从不发送第三个报文段
handshake-otherwise deferred 服务端设了 TCP_DEFER_ACCEPT，客户端起初什么也不发
handshake-otherwise crossing-syns 两端互相呼叫，两个 SYN 在途中交错
handshake-otherwise no-neighbour connect() 到链路上没有主机的地址
handshake-otherwise two-way-deaf 服务端以 SYN-ACK 为握手结束，不理会重复的 SYN；SYN-ACK 丢失
handshake-otherwise two-way-again SYN-ACK 丢失，服务端应答重复的 SYN
handshake-retries defaults 什么也不设
handshake-retries doubling tcp_syn_retries 为 5、tcp_synack_retries 为 5、没有线性超时：教科书的等待时间
http-first-close http-1.0 HTTP/1.0 请求
http-first-close connection-close HTTP/1.1 请求，带 Connection: close
http-first-close keep-alive HTTP/1.1 请求，客户端收到应答半秒后关闭
http-first-close idle HTTP/1.1 请求，客户端愿意等 9 秒
http-keep-alive node 默认设置的 Node http 服务器
http-keep-alive nginx nginx，keepalive_timeout 2s
http-keep-alive python 默认设置的 Python http.server，只说 HTTP/1.0
http-keep-alive python-http-1.1 Python http.server，改用 HTTP/1.1
idle-connection-hoard buggy 没有空闲超时，也不限制单个客户端；开启了保活探测
idle-connection-hoard fixed 程序关闭空闲 1 秒的连接
idle-connection-hoard fixed-by-limit 每个地址至多 11 条连接，不论是否空闲
keep-alive-gap idle-limit-longer 每 500 ms 一个请求，服务器等 3 秒
keep-alive-gap idle-limit-shorter 每 500 ms 一个请求，服务器等 50 ms
keep-alive-probes not-asked 没有 SO_KEEPALIVE，内核的时间设得再短也没用
keep-alive-probes defaults 设 SO_KEEPALIVE，时间用内核默认值
keep-alive-probes default-count 设 SO_KEEPALIVE，1 秒后每秒探测，次数用内核默认值
keep-alive-probes three-probes 设 SO_KEEPALIVE，1 秒后每秒探测，共 3 次
keep-alive-probes data-under-way 设 SO_KEEPALIVE，1 秒后每秒探测，共 3 次；断线后服务端又发送 97 字节
keep-alive-probes peer-stopped 网线没断，客户端进程被暂停
last-ack-lost time-wait 客户端一侧保留 TIME-WAIT
last-ack-lost no-time-wait 客户端协议栈不允许 TIME-WAIT
last-ack-lost no-time-wait-and-kept 客户端协议栈不允许 TIME-WAIT；服务端只做了 shutdown，仍持有描述符
last-ack-lost port-used-again 没有 TIME-WAIT，客户端立即从同一端口再次连接
linger off 不设 SO_LINGER，即套接字的默认状态
linger off-with-time 显式设 SO_LINGER {0, 0}：关闭
linger zero SO_LINGER {1, 0}
linger zero-after-both-ended SO_LINGER {1, 0}，双方 FIN 已交换之后才 close()
linger seconds SO_LINGER {1, 3}
linger seconds-unanswered SO_LINGER {1, 3}，对端毫无确认
linger-zero-reset buggy 发出应答，内核一收下就复位连接
linger-zero-reset fixed end()：内核发完全部数据，再发 FIN
linger-zero-reset fixed-by-closing-second 等客户端的 FIN：这里没有 TIME-WAIT，也没有丢数据
lingering-close close-at-once 应答后立即关闭
lingering-close drain 应答、shutdown，然后读到客户端关闭为止
lingering-close drain-with-bound 应答、shutdown，然后读到客户端关闭为止，至多 2 秒
listener-backlog nginx nginx，没有指定 backlog
listener-backlog node Node 的 http，没有指定 backlog
listener-backlog python Python 的 http.server，没有指定 backlog
listener-backlog somaxconn-raised somaxconn 为 128 时启动的 nginx，运行中调到 4096
listener-backlog somaxconn-raised-reload somaxconn 从 128 调到 4096 后，nginx 只 reload
listener-backlog somaxconn-raised-restart somaxconn 从 128 调到 4096 后，重启 nginx
listener-backlog backlog-raised-reload nginx 的 backlog=47，改成 97 后 reload
nagle-delayed-ack buggy 头和正文分两次小写
nagle-delayed-ack fixed TCP_NODELAY：正文不等确认
nagle-delayed-ack fixed-by-one-write 一次写完：没有第二个报文段
nat-shares-ports no-router 只有 46 个端口的单个客户端，与服务器之间没有别的设备
nat-shares-ports router 端口足够的单个客户端，在只有 46 个端口的路由器后面
nat-shares-ports two-clients 两个客户端在 16 个端口的路由器后面，逐个报文段观察
old-duplicate no-guard 没有 TIME-WAIT、没有时间戳、序列号重叠
old-duplicate clock 没有 TIME-WAIT、没有时间戳，初始序列号由客户端的时钟选取
old-duplicate timestamps 没有 TIME-WAIT、序列号重叠，但有时间戳
old-duplicate time-wait 没有时间戳、序列号重叠，但客户端一侧保留 TIME-WAIT
old-timestamp data 序列号恰好对上、时间戳比连接上次的旧的数据
old-timestamp data-no-timestamps 序列号恰好对上的数据，没有时间戳
old-timestamp reset 序列号恰好对上、时间戳更旧的 RST
old-timestamp former-connection 已结束连接的数据和 RST，落到同一四元组的下一条连接上
orphans few-retries tcp_orphan_retries 为 2、tcp_retries2 为 4，FIN 全部丢失
orphans unanswered-probes 零窗口，且对端不再应答：本机什么也不设，另一台主机的 tcp_orphan_retries 为 8
orphans short-longest-wait tcp_orphan_retries 在客户端为 0、在服务端为 8，定时器上限 1 秒
orphans zero-window 对端窗口为零；定时器上限 2 秒
orphans unwanted 两个处于 FIN-WAIT-2 的已关闭套接字，其中一个设了 TCP_LINGER2 -1，内核不予保留
passive-close answer-then-close 客户端半关闭；服务端半秒后应答并关闭
passive-close peer-closed 客户端已关闭，服务端照样应答
passive-close nobody-reads 服务端的应答多于客户端肯收的，随后关闭；客户端一秒后才读
passive-close shut-down 服务端用 shutdown 代替 close，描述符再保留一会儿
passive-close linger-zero 服务端设了 SO_LINGER {1, 0}，两秒后关闭
passive-close unread 服务端没有读完 FIN 之前的数据就关闭
phantom-established buggy backlog 为 11，首个客户端到来时要准备 1.8 秒
phantom-established fixed 监听之前就做完同样的准备
phantom-established fixed-by-backlog 首个客户端到来时同样准备，但 backlog 为 511
phantom-established fixed-by-abort 同样的服务器，但内核没有空位时回 RST
process-ends all-read 五个程序都读完了到达的数据，以五种方式结束
process-ends unread-input 五个程序都没有读到达的数据，以五种方式结束
reset-on-unread-data buggy 应答后关闭，没有读完请求
reset-on-unread-data fixed 应答后把到达的数据读完，客户端关闭后才关闭
restart-refused buggy 监听套接字没有设 SO_REUSEADDR 的服务器重新启动
restart-refused fixed 监听套接字设了 SO_REUSEADDR 的服务器重新启动
shared-descriptor close 服务端关闭自己的描述符
shared-descriptor linger-zero 服务端设了 SO_LINGER {1, 0}，然后关闭描述符
shared-descriptor shutdown-write 服务端结束自己的发送方向
shared-descriptor shutdown-both 服务端结束两个方向
shared-descriptor shutdown-read 服务端结束接收方向
short-against-long short-http HTTP，每个请求一条连接
short-against-long long-http HTTP 长连接
short-against-long short-https HTTPS，每个请求一条连接和一次 TLS 握手
short-against-long long-https HTTPS 长连接
short-against-long short-tcp 裸 TCP，每个请求一条连接
short-against-long long-tcp 裸 TCP，连接保持打开
shutdown-three-ways read 接收队列里已有数据、后面还有数据时 SHUT_RD
shutdown-three-ways both 接收队列里已有数据、后面还有数据时 SHUT_RDWR
shutdown-three-ways read-then-write 接收队列里已有数据、后面还有数据时先 SHUT_RD 再 SHUT_WR
shutdown-three-ways write-with-output 还有数据待发送时 SHUT_WR
shutdown-three-ways both-with-output 还有数据待发送时 SHUT_RDWR
simultaneous-close both 两端在一个单程（250 ms）之内都关闭
simultaneous-close one-first 服务端等到 EOF 才关闭
state-zoo slow-motion 单程 250 ms 的线路上，一次正常关闭，一次交错关闭
syn-ack-lost nothing-lost 所有报文段都到达
syn-ack-lost syn-ack-lost 第一个 SYN-ACK 被丢弃
syn-ack-lost third-segment-lost 客户端的 ACK 被丢弃；半秒后才有它的第一个数据
syn-on-time-wait higher 序列号大于旧连接的全部，无时间戳
syn-on-time-wait lower 序列号小于旧连接的，无时间戳
syn-on-time-wait higher-older-timestamp 序列号更大，但时间戳比旧连接的更旧
syn-on-time-wait lower-newer-timestamp 序列号更小，但时间戳更新
syn-queue-length short-backlog 关闭 cookie、backlog 为 23、tcp_max_syn_backlog 为 64
syn-queue-length short-backlog-wide-sysctl 关闭 cookie、backlog 为 23、tcp_max_syn_backlog 为 1024
syn-queue-length narrow-sysctl 关闭 cookie、backlog 为 997、tcp_max_syn_backlog 为 16
syn-queue-length narrow-sysctl-known-client 关闭 cookie、backlog 为 997、tcp_max_syn_backlog 为 16，而客户端此前连过
syn-queue-length narrow-sysctl-raised 开始监听时 tcp_max_syn_backlog 为 16，陌生连接到来时为 1024
syn-queue-length wide 关闭 cookie、backlog 为 997、tcp_max_syn_backlog 为 1024
syn-queue-length cookies tcp_syncookies 为 1、backlog 为 23、tcp_max_syn_backlog 为 64
syn-queue-length cookies-wide-sysctl tcp_syncookies 为 1、backlog 为 23、tcp_max_syn_backlog 为 1024
syn-queue-length cookies-always tcp_syncookies 为 2、backlog 为 997、tcp_max_syn_backlog 为 1024
syn-received-held no-retry tcp_synack_retries 为 0
syn-received-held one-retry tcp_synack_retries 为 1
syn-unanswered one-retry tcp_syn_retries 为 1，没有线性超时
syn-unanswered two-retries tcp_syn_retries 为 2，没有线性超时
syn-unanswered linear tcp_syn_retries 为 2，加四次线性超时，即 Linux 默认
teardown at-once 客户端关闭，服务端读到 EOF 就 close()
teardown later 服务端读到 EOF 240 ms 后才关闭
teardown server-first 服务端应答后关闭，客户端读到 EOF 后关闭
third-segment-refused dropped tcp_abort_on_overflow 为 0，服务器一秒半后才 accept
third-segment-refused given-up tcp_abort_on_overflow 为 0、tcp_synack_retries 为 1，服务器不 accept
third-segment-refused abort tcp_abort_on_overflow 为 1，服务器不 accept
time-wait-answers five-lost 最后一个 FIN 的 ACK 丢失 5 次
time-wait-answers late-fin ACK 丢失，对端沉默到 TIME-WAIT 结束之后才重发 FIN
time-wait-answers reset 收到序号吻合的 RST，tcp_rfc1337 为 0
time-wait-answers reset-ignored 收到序号吻合的 RST，tcp_rfc1337 为 1
time-wait-length default tcp_fin_timeout 为内核默认值
time-wait-length fin-timeout-30 tcp_fin_timeout = 30，常见的推荐值
time-wait-length all-else tcp_fin_timeout = 70，保活定时器与重试次数为 1，TIME-WAIT 的其他设置取反
time-wait-limit below 97 个连接由服务端关闭，上限 997 个 TIME-WAIT
time-wait-limit above 97 个连接由服务端关闭，上限 23 个 TIME-WAIT
time-wait-limit held-by-fin-wait-2 客户端上限 23，且已有 23 个对端不关闭的连接
time-wait-limit few-ports 97 个连接由客户端关闭，它有 46 个端口、上限 23 个 TIME-WAIT
time-wait-pile at-the-server 服务端关闭 4999 个连接，之后再接受 47 个
time-wait-pile at-the-client 客户端有 5000 个端口，关闭 2903 个连接，之后再建 94 个
time-wait-rate steady 每秒 23 个连接，持续一分多钟
time-wait-rate capped 每秒 23 个连接，tcp_max_tw_buckets = 47
time-wait-recycle set-to-1 要求服务端主机做快速回收，之后有 23 个 TIME-WAIT
time-wait-reuse off tcp_tw_reuse = 0，两台主机之间
time-wait-reuse on tcp_tw_reuse = 1，两台主机之间
time-wait-reuse default tcp_tw_reuse 为内核默认值，两台主机之间
time-wait-reuse default-on-loopback tcp_tw_reuse 为内核默认值，两端在同一主机
time-wait-reuse loopback-without-timestamps tcp_tw_reuse 为内核默认值，两端在同一主机，不用时间戳
time-wait-reuse client-without-timestamps tcp_tw_reuse = 1，客户端不用时间戳
time-wait-reuse server-without-timestamps tcp_tw_reuse = 1，服务端不用时间戳
time-wait-reuse port-by-name tcp_tw_reuse = 0，客户端每次绑定同一端口
time-wait-reuse server-closes-first-off 服务端 tcp_tw_reuse = 0，TIME-WAIT 在它那一端
time-wait-reuse server-closes-first-on 服务端 tcp_tw_reuse = 1，TIME-WAIT 在它那一端
web-visits page-short 一个访客，47 个对象，同时六个，每个对象一条连接
web-visits page-kept 一个访客，47 个对象，同时六个，用六条保持的连接
web-visits visitors-short 一秒内 23 个访客，各发一个请求，每个请求一条连接
web-visits visitors-kept 一秒内 23 个访客，各发一个请求，服务器把连接保持一两秒
web-visits visitors-kept-for-long 一秒内 23 个访客，各发一个请求，服务器把连接保持 75 秒
`;
