/**
 * What somebody sees first in the rows of ss (or in the processes), in English, with the same in Chinese. The field guide has a section for
 * each, in this order, and what two failure modes have in common here makes them look alike.
 */
export const ROWS = {
  "LISTEN, Recv-Q above Send-Q": "LISTEN，Recv-Q 大于 Send-Q",
  "LISTEN, Recv-Q above 0 in every sample": "LISTEN，每次看 Recv-Q 都大于 0",
  "LISTEN, two rows of one port": "LISTEN，同一端口有两行",
  "LISTEN, held by a process that is not the server": "LISTEN，持有它的进程不是那个服务器",
  "no LISTEN, and the port is taken": "没有 LISTEN，端口却被占用",
  "SYN-SENT": "SYN-SENT",
  "SYN-RECV": "SYN-RECV",
  "ESTAB, Recv-Q above 0, no process": "ESTAB，Recv-Q 大于 0，没有进程持有",
  "ESTAB, Recv-Q above 0, held by a process": "ESTAB，Recv-Q 大于 0，有进程持有",
  "ESTAB, Send-Q above 0, timer:(on": "ESTAB，Send-Q 大于 0，timer:(on",
  "ESTAB, Send-Q above 0, timer:(persist": "ESTAB，Send-Q 大于 0，timer:(persist",
  "ESTAB, empty queues, at the connecting end": "ESTAB，两个队列都空，在发起连接的一端",
  "ESTAB, empty queues, at the listening end": "ESTAB，两个队列都空，在监听的一端",
  "ESTAB, both ends the same address and port": "ESTAB，两端是同一个地址和端口",
  "ESTAB, as many local ports as the range has": "ESTAB，占满了本地端口范围",
  "ESTAB, held by a process that does not listen": "ESTAB，持有它的进程并不监听",
  "CLOSE-WAIT, Recv-Q 0, held by a process": "CLOSE-WAIT，Recv-Q 为 0，有进程持有",
  "CLOSE-WAIT, Recv-Q above 0, held by a process": "CLOSE-WAIT，Recv-Q 大于 0，有进程持有",
  "CLOSE-WAIT, Recv-Q above 0, no process": "CLOSE-WAIT，Recv-Q 大于 0，没有进程持有",
  "CLOSE-WAIT, Send-Q above 0": "CLOSE-WAIT，Send-Q 大于 0",
  "CLOSE-WAIT, at the connecting end": "CLOSE-WAIT，在发起连接的一端",
  "FIN-WAIT-1, Send-Q above 0, no process": "FIN-WAIT-1，Send-Q 大于 0，没有进程持有",
  "FIN-WAIT-2, without a timer": "FIN-WAIT-2，没有定时器",
  "FIN-WAIT-2, timer:(timewait": "FIN-WAIT-2，timer:(timewait",
  "TIME-WAIT, at the connecting end": "TIME-WAIT，在发起连接的一端",
  "TIME-WAIT, at the listening end": "TIME-WAIT，在监听的一端",
  "no row, and the process has more sockets than ss shows": "没有这样的行，进程的套接字比 ss 显示的多",
  "no row, and clients are reset": "没有这样的行，客户端的连接被复位",
  "no row, and answers end too early": "没有这样的行，应答提前结束",
  "a process that uses a whole processor": "一个进程占满一个处理器",
} as const;

/** What somebody sees first: rows, the error of a call, or a counter by the name that nstat prints. */
export type Sight = keyof typeof ROWS | `E${Uppercase<string>}` | `Tcp${string}`;
