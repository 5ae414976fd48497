/** The same as in parts-en.ts, in Chinese. */
export const PARTS_ZH = `
accept-queue-length scene 八个客户端，只 accept 两个
accept-queue-length cookies-1 tcp_syncookies 为默认值
bind-again closed 已经没有监听者
bind-again listening 原来的监听者还在
bind-again listened-on 有人在监听的端口
bind-again bound 已 bind、尚未 listen 的端口
close-wait-ends there 对端已半关闭，主机仍在
close-wait-ends forgotten 对端已 close()，tcp_fin_timeout 之后被其内核遗忘
close-wait-ends gone 对端主机已消失
close-wait-ends late 程序 3 秒后关闭
close-wait-ends reset 对端发来 RST
close-wait-ends killed 最后杀死进程
close-wait-exhaustion scene 客户端都发 FIN；未另说明时服务器有 61 个描述符
close-wait-held takes-nothing 23 个客户端发出 FIN 后不再接收
close-wait-held only-a-fin 47 个客户端只建连并发 FIN
ephemeral-port-exhaustion scene 客户端只有 46 个端口
fast-open-switches asking 程序设置了 TCP_FASTOPEN 的那些
fast-open-switches silent 取 3 但程序没有设置 TCP_FASTOPEN 的那一个
fin-wait-1-held scene 客户端请求的数据多于它肯接收的
fixed-client-port scene 客户端绑定固定端口
fixed-client-port again 设 SO_REUSEADDR，连接同一目的地
fixed-client-port elsewhere 设 SO_REUSEADDR，连接别的目的地
fixed-client-port no-option 端口处于 TIME-WAIT 时不设 SO_REUSEADDR 而 bind()
fixed-client-port established 设 SO_REUSEADDR，第一个连接仍为 ESTABLISHED
forked-child-holds-connection child-holds 父进程关闭、子进程仍持有
forked-child-holds-connection parent-holds 处理业务的子进程退出、父进程仍持有
half-open-idle scene 客户端主机掉电、重启或不可达
half-open-idle limited 同时设置 TCP_USER_TIMEOUT
half-open-writer scene 客户端主机已消失
handshake-retries scene 无人应答的 SYN，与无人确认的 SYN-ACK
http-first-close scene Node、nginx、Python http.server
idle-connection-hoard scene 一个客户端不断占用连接
keep-alive-probes cable 网线被拔掉
last-ack-lost scene 最后一个 ACK 丢失
linger scene 发送队列里有数据时 close()
nagle-delayed-ack unhurried 请求之间有停顿
nat-shares-ports same-pair 四元组处于 TIME-WAIT 时的 SYN
old-duplicate scene 迟到的报文遇上同一四元组的下一条连接
orphans closed 已 close 的套接字
orphans held 只做了 shutdown、进程仍持有的套接字
orphans closed-and-held 一个已 close，一个只做了 shutdown、仍被持有
reset-on-unread-data scene 服务器收到的比它读取的多
shared-descriptor scene 两个进程都持有该连接
syn-on-time-wait scene 服务端的四元组处于 TIME-WAIT 时来了 SYN
syn-queue-length scene 47 个无人完成的 SYN，之后来一个客户端
syn-queue-length crowded 等待中的半连接占了 backlog 的一半以上
syn-queue-length one-each 它们各发一个 SYN
syn-queue-length again 加上会重传 SYN 的客户端
syn-unanswered scene 无人应答的 SYN
third-segment-refused scene 第三个报文段到达时全连接队列已满
time-wait-length two-to-four 按其另一种说法“2-4 分钟”
time-wait-length ended 客户端已退出，服务端 2 秒后被杀死
time-wait-length held 进程仍在
time-wait-rate scene 服务端先关闭
`;
