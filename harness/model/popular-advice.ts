import type { Text } from "./text.ts";

/** A piece of advice that is often given and does not help, with the reason. */
interface Wrong {
  /** The advice by its usual name. */
  name: Text;
  /** Why it does not help: the end of a sentence. */
  why: Text;
  /** The experiment or the claim that shows it. Absent where none does. */
  shown?: string;
}

/** Popular advice that does not help, by a name of its own. Failure modes refer to it. */
export const POPULAR_ADVICE = {
  "fin-timeout": {
    name: { en: "lower tcp_fin_timeout", zh: "调小 tcp_fin_timeout" },
    why: {
      en: "it ends only FIN-WAIT-2 without a process; TIME-WAIT stays 60 s",
      zh: "它只结束没有进程持有的 FIN-WAIT-2；TIME-WAIT 仍是 60 秒",
    },
    shown: "C16",
  },
  "tw-recycle": {
    name: { en: "set tcp_tw_recycle = 1", zh: "设 tcp_tw_recycle = 1" },
    why: {
      en: "gone since Linux 4.12; it refused clients behind a NAT",
      zh: "Linux 4.12 起已没有它；在那之前，它会拒绝 NAT 后面的客户端",
    },
    shown: "C33a",
  },
  "tw-reuse": {
    name: { en: "set tcp_tw_reuse = 1", zh: "设 tcp_tw_reuse = 1" },
    why: {
      en: "only connect() obeys it: it does nothing for a listener or a bound port",
      zh: "只有 connect() 理会它：对监听者和先 bind() 的端口都没有用",
    },
    shown: "C31",
  },
  "tw-buckets": {
    name: { en: "lower tcp_max_tw_buckets", zh: "调小 tcp_max_tw_buckets" },
    why: {
      en: "connections then end without the TIME-WAIT that protects the next one",
      zh: "超出上限的连接就没有 TIME-WAIT 了，同样端口上的下一条连接失去保护",
    },
    shown: "time-wait-bucket-overflow",
  },
  "time-wait-at-a-listener": {
    name: {
      en: "clear TIME-WAIT at a server, it keeps clients out",
      zh: "清掉服务器上的 TIME-WAIT，它们挡住了新客户端",
    },
    why: {
      en: "at a listener they cost no port and no descriptor, and keep nobody out",
      zh: "在监听的一端，它们不占端口和描述符，也挡不住任何人",
    },
    shown: "C27",
  },
  "keepalive-cures-close-wait": {
    name: { en: "keep-alive against CLOSE-WAIT", zh: "用保活治 CLOSE-WAIT" },
    why: {
      en: "a live peer answers for ever; if it is gone, only the row goes, not the descriptor",
      zh: "对端还在就一直应答；对端没了，行会消失，描述符照样泄漏",
    },
    shown: "invisible-descriptor-leak",
  },
  "keepalive-finds-dead-peers": {
    name: { en: "keep-alive finds every dead peer", zh: "保活能发现一切失效的对端" },
    why: {
      en: "none is sent while data waits for its ACK, and a kernel answers for a program that hangs",
      zh: "有数据等待确认时不发探测；而程序挂住时，内核仍会替它应答",
    },
    shown: "half-open-writer",
  },
  "keepalive-holds-idle-connections": {
    name: { en: "TCP keep-alive keeps idle connections open", zh: "TCP 保活能让空闲连接不被关闭" },
    why: {
      en: "its probes ask kernels: a server's idle limit counts requests",
      zh: "探测问的是内核；服务器的空闲时限算的是请求",
    },
    shown: "keep-alive-close-race",
  },
  "keepalive-sysctls": {
    name: { en: "lower tcp_keepalive_time", zh: "调小 tcp_keepalive_time" },
    why: {
      en: "a socket without SO_KEEPALIVE sends no probe, whatever the sysctls are",
      zh: "套接字没有设 SO_KEEPALIVE，无论 sysctl 是多少都不发探测",
    },
    shown: "C39",
  },
  "forgot-close": {
    name: { en: "CLOSE-WAIT means that close() was forgotten", zh: "CLOSE-WAIT 就是忘了 close()" },
    why: {
      en: "one cause of several: it may not read, not accept, or wait for a slow peer",
      zh: "那只是原因之一：也可能是程序没在读、没在 accept，或在等一个不收数据的对端",
    },
    shown: "close-wait-not-reading",
  },
  "linger-zero": {
    name: { en: "SO_LINGER {1, 0}", zh: "SO_LINGER {1, 0}" },
    why: {
      en: "it discards what is not sent yet, and does nothing before close()",
      zh: "它丢弃尚未发出的数据；而在 close() 之前，它什么也不做",
    },
    shown: "linger-zero-reset",
  },
  restart: {
    name: { en: "restart it", zh: "重启" },
    why: {
      en: "it frees no orphan of the kernel, and the same program begins the same again",
      zh: "它释放不了内核里的孤儿，而同样的程序会重来一遍",
    },
    shown: "close-wait-exhaustion",
  },
  "more-descriptors": {
    name: { en: "a larger ulimit -n", zh: "调大 ulimit -n" },
    why: {
      en: "nothing is freed: it only takes longer until the limit is reached",
      zh: "占着的并没有释放，只是晚一些到达上限",
    },
    shown: "close-wait-exhaustion",
  },
  "larger-backlog": {
    name: { en: "a larger backlog", zh: "调大 backlog" },
    why: {
      en: "more clients wait, and nobody is served sooner",
      zh: "只会让更多客户端排队，谁也不会更早得到服务",
    },
    shown: "accept-queue-overflow",
  },
  "somaxconn-alone": {
    name: { en: "raise net.core.somaxconn, and done", zh: "调大 net.core.somaxconn 就行" },
    why: {
      en: "the smaller of it and the backlog counts, and only at listen()",
      zh: "起作用的是它与 backlog 中较小的，而且只在 listen() 时读取",
    },
    shown: "C80",
  },
  "somaxconn-on-the-host": {
    name: { en: "set somaxconn on the host of a container", zh: "在容器的宿主机上设 somaxconn" },
    why: {
      en: "each network namespace has its own, and the container's decides",
      zh: "每个网络命名空间有自己的值，起作用的是容器里的",
    },
    shown: "somaxconn-clamp",
  },
  "max-syn-backlog": {
    name: { en: "raise tcp_max_syn_backlog", zh: "调大 tcp_max_syn_backlog" },
    why: {
      en: "the backlog limits unfinished handshakes, too; with SYN cookies it is not read",
      zh: "未完成的握手同样受 backlog 限制；开着 SYN cookie 时根本不读它",
    },
    shown: "C79",
  },
  "abort-on-overflow": {
    name: {
      en: "tcp_abort_on_overflow = 1, so that clients fail at once",
      zh: "设 tcp_abort_on_overflow = 1，让客户端立刻失败",
    },
    why: {
      en: "a full queue drops the SYN before it is read: most clients still time out",
      zh: "队列满时 SYN 先被丢弃，内核还没读到这个设置：多数客户端照样超时",
    },
    shown: "C87",
  },
  "doubling-retries": {
    name: { en: "slow connects take 1, 3 or 7 s", zh: "连接慢就是慢 1、3、7 秒" },
    why: {
      en: "since Linux 6.5 the first SYN retries are one second apart",
      zh: "Linux 6.5 起，前几次 SYN 重传各隔一秒",
    },
    shown: "C76",
  },
  "listen-drops": {
    name: { en: "ListenDrops counts overflows", zh: "ListenDrops 就是溢出次数" },
    why: {
      en: "it counts other dropped SYNs, too, and every retry",
      zh: "别的原因丢弃的 SYN 和每次重传也算在内",
    },
    shown: "C89",
  },
  "syn-flood": {
    name: { en: '"possible SYN flooding" is an attack', zh: "“possible SYN flooding” 就是攻击" },
    why: {
      en: "a burst of honest clients fills a short queue as well",
      zh: "一阵正常的客户端同样会占满短队列",
    },
    shown: "syn-queue-overflow",
  },
  "open-port": {
    name: { en: "the port answers, so the server is up", zh: "端口能连上，服务器就是好的" },
    why: {
      en: "the kernel connects for a program that never accepts: ask for an answer",
      zh: "程序停着或从不 accept，内核照样完成握手：健康检查要等到应答",
    },
    shown: "blocked-acceptor",
  },
  reuseaddr: {
    name: { en: "SO_REUSEADDR in the new server frees the port", zh: "新服务器设 SO_REUSEADDR 就能用端口" },
    why: {
      en: "the old sockets needed it, too, and no listener or outgoing connection gives way",
      zh: "旧的套接字也要设过；被监听或被外出连接占用的端口，它抢不到",
    },
    shown: "bind-again",
  },
  "reuseport-for-restarts": {
    name: { en: "SO_REUSEPORT makes restarts safe", zh: "SO_REUSEPORT 让重启更安全" },
    why: {
      en: "two programs can share the port unnoticed, and a queue belongs to one socket",
      zh: "两个程序会不知不觉共用端口；而队列属于某一个套接字",
    },
    shown: "accidental-port-sharing",
  },
  "idle-timeout-of-the-server": {
    name: { en: "a shorter idle timeout of the server", zh: "缩短服务器的空闲超时" },
    why: {
      en: "it hides what the client forgets, which opens the next one",
      zh: "它只是掩盖客户端忘掉的连接，客户端会再开下一个",
    },
  },
  "larger-pool": {
    name: { en: "more connections in the pool", zh: "连接池再大一些" },
    why: {
      en: "the new ones are left in the same way: the pool only lasts longer",
      zh: "新的连接会同样被丢下，池子只是撑得久一些",
    },
  },
  "larger-buffers": {
    name: { en: "larger socket buffers", zh: "调大套接字缓冲区" },
    why: {
      en: "they only take longer until they are full, and more is lost then",
      zh: "只是晚一些才满，到时丢得更多",
    },
  },
  "quickack-once": {
    name: {
      en: "TCP_QUICKACK, or TCP_NODELAY at the end that reads",
      zh: "在读的一端设 TCP_QUICKACK 或 TCP_NODELAY",
    },
    why: {
      en: "the next request undoes TCP_QUICKACK, and TCP_NODELAY acts where data is written",
      zh: "TCP_QUICKACK 会被下一个请求取消，TCP_NODELAY 只在写的一端起作用",
    },
    shown: "nagle-delayed-ack",
  },
  "linger-time": {
    name: { en: "a longer SO_LINGER", zh: "更长的 SO_LINGER" },
    why: {
      en: "close() looks for unread input first, and resets",
      zh: "close() 先看有没有未读的数据，有就复位",
    },
  },
  "reset-loses-all": {
    name: { en: "a reset destroys what has arrived", zh: "复位会毁掉已到的数据" },
    why: {
      en: "what has arrived can be read; what the sender had queued is lost",
      zh: "在 Linux 上，已到的数据仍可读出；丢的是发送端队列里剩下的",
    },
    shown: "C50",
  },
  sigpipe: {
    name: { en: "ignore SIGPIPE", zh: "忽略 SIGPIPE" },
    why: {
      en: "EPIPE comes in its place, and the message that is lost was the one before",
      zh: "信号变成 EPIPE，而丢失的是前一条消息",
    },
    shown: "write-after-peer-close",
  },
  "curr-estab": {
    name: { en: "CurrEstab counts the connections that live", zh: "CurrEstab 就是活着的连接数" },
    why: {
      en: "it includes CLOSE-WAIT: a leak makes it rise",
      zh: "它把 CLOSE-WAIT 也算在内：泄漏会让它上升",
    },
    shown: "close-wait-leak",
  },
  "fast-open-blackhole": {
    name: { en: "Fast Open switches itself off where it is blocked", zh: "Fast Open 被拦时会自动关闭" },
    why: {
      en: "that is off by default: tcp_fastopen_blackhole_timeout_sec is 0",
      zh: "这默认是关的：tcp_fastopen_blackhole_timeout_sec 为 0",
    },
    shown: "fast-open-switches",
  },
} as const satisfies Record<string, Wrong>;

export type PopularAdvice = keyof typeof POPULAR_ADVICE;

/** A piece of popular advice by its name. */
export function popularAdvice(name: PopularAdvice): Wrong {
  return POPULAR_ADVICE[name];
}
