import type { Wait } from "../model/thread-waits.ts";

/**
 * For whom a thread can be waiting. `asks`: for whatever it has asked for, new connections among it. `client`: for a connection that it has,
 * or it looks again after a time. `other`: surely for no client.
 */
export type WaitsFor = "asks" | "client" | "other";

interface Place {
  for: WaitsFor;
  /** What a thread does there, in the singular: `waits in accept()`. */
  words: string;
  /** The kernel's functions, with the spellings of all versions; which one shows depends on what the compiler has inlined. */
  functions: readonly string[];
}

/**
 * What a thread does that sleeps in a function of the kernel, with the file that has it. wchan names the first function on the stack that is not the scheduler's (get_wchan(), in_sched_functions()).
 */
const PLACES: readonly Place[] = [
  // fs/eventpoll.c
  place(
    "asks",
    "waits in epoll_wait()",
    "ep_poll do_epoll_wait do_epoll_pwait sys_epoll_wait sys_epoll_pwait",
  ),
  // fs/select.c. poll() and select() sleep in the same function; do_poll and do_select call it.
  place(
    "asks",
    "waits in poll() or select()",
    "poll_schedule_timeout do_sys_poll do_poll do_select core_sys_select",
  ),
  // net/ipv4/inet_connection_sock.c
  place("asks", "waits in accept()", "inet_csk_accept inet_csk_wait_for_connect"),
  // io_uring/io_uring.c, before 6.0 fs/io_uring.c; fs/aio.c
  place(
    "asks",
    "waits for io_uring or aio",
    "io_cqring_wait io_cqring_wait_schedule read_events do_io_getevents",
  ),
  // io_uring/io-wq.c and io_uring/sqpoll.c: threads that the kernel has made for the process.
  place("asks", "is a worker of io_uring", "io_wq_worker io_wqe_worker io_sq_thread"),
  // kernel/signal.c
  place(
    "asks",
    "waits for a signal",
    "do_sigtimedwait sigsuspend sys_pause sys_rt_sigsuspend signalfd_dequeue",
  ),
  // kernel/sched/wait.c. TCP's recv(), send() and connect() sleep there since 4.10 (sk_wait_data() and sk_stream_wait_memory() before),
  // and so does a read from a terminal (drivers/tty/n_tty.c).
  place("client", "waits for a socket in recv(), send() or connect(), or for a terminal", "wait_woken"),
  // net/core/sock.c, net/core/datagram.c, net/unix/af_unix.c
  place(
    "client",
    "waits for data in recv()",
    "sk_wait_data tcp_recvmsg tcp_recvmsg_locked skb_wait_for_more_packets wait_for_more_packets unix_stream_read_generic unix_stream_data_wait unix_dgram_recvmsg",
  ),
  // net/core/stream.c
  place(
    "client",
    "waits in send() for room in the send queue",
    "sk_stream_wait_memory tcp_sendmsg tcp_sendmsg_locked sock_alloc_send_pskb sock_wait_for_wmem",
  ),
  // net/ipv4/af_inet.c, net/core/stream.c
  place("client", "waits in connect()", "inet_wait_for_connect inet_stream_connect sk_stream_wait_connect"),
  // net/core/stream.c, net/core/sock.c, net/ipv4/inet_connection_sock.c
  place("client", "waits in close() (SO_LINGER)", "sk_stream_wait_close"),
  // kernel/time/hrtimer.c, kernel/time/posix-timers.c: it can look again for a client when the time is over.
  place("client", "sleeps for a time", "hrtimer_nanosleep common_nsleep"),
  // kernel/futex/waitwake.c, before 5.16 kernel/futex.c
  place(
    "other",
    "waits for a lock or another thread",
    "futex_do_wait futex_wait_queue futex_wait_queue_me futex_wait futex_wait_multiple futex_sleep_multiple futex_lock_pi futex_wait_requeue_pi",
  ),
  // fs/pipe.c. A read from a FIFO has the same functions.
  place("other", "waits for data of a pipe", "anon_pipe_read fifo_pipe_read pipe_read pipe_wait_readable"),
  place("other", "waits for room in a pipe", "anon_pipe_write fifo_pipe_write pipe_write pipe_wait_writable"),
  place("other", "waits for a pipe", "pipe_wait"),
  place("other", "waits for the other end of a FIFO in open()", "wait_for_partner fifo_open"),
  // kernel/exit.c
  place(
    "other",
    "waits for a child to end",
    "do_wait do_waitid kernel_wait4 kernel_waitid sys_wait4 sys_waitid wait_for_vfork_done kernel_clone",
  ),
  // fs/locks.c
  place(
    "other",
    "waits for the lock of a file",
    "locks_lock_inode_wait flock_lock_inode_wait fcntl_setlk do_lock_file_wait posix_lock_inode_wait",
  ),
  // ipc/sem.c, ipc/msg.c, ipc/mqueue.c
  place(
    "other",
    "waits for a semaphore or a message of another process",
    "do_semtimedop do_msgrcv do_msgsnd wq_sleep",
  ),
  // mm/filemap.c, fs/buffer.c, fs/jbd2, block/
  place(
    "other",
    "waits for a disk",
    "folio_wait_bit_common wait_on_page_bit_common wait_on_page_bit bit_wait_io wait_on_buffer jbd2_log_wait_commit rq_qos_wait blk_mq_get_tag do_get_write_access",
  ),
  // fs/nfs/inode.c, net/sunrpc/sched.c, fs/fuse/dev.c
  place(
    "other",
    "waits for a file system on the network or of another process",
    "nfs_wait_bit_killable rpc_wait_bit_killable request_wait_answer",
  ),
  // kernel/signal.c, kernel/ptrace.c
  place("other", "is stopped by a signal", "do_signal_stop"),
  place("other", "is stopped by a debugger", "ptrace_stop ptrace_notify"),
  // kernel/freezer.c, kernel/cgroup/freezer.c, kernel/signal.c
  place("other", "is frozen with its cgroup", "refrigerator do_freezer_trap cgroup_enter_frozen"),
];

const BY_FUNCTION = new Map(
  PLACES.flatMap((one) => one.functions.map((name): [string, Place] => [name, one])),
);

const OWN: Record<string, Omit<Place, "functions">> = {
  running: { for: "client", words: "computes, or is ready to" },
  ended: { for: "other", words: "has ended" },
  unknown: { for: "client", words: "sleeps, and the kernel does not say where" },
};

/**
 * What a thread does, in words. A function's name can have a suffix of the compiler (`.isra.0`, `.constprop.0`, `.llvm.123`) and a prefix of
 * the system call's entry (`__x64_sys_`, `SyS_`, `__`). A name that nobody knows is printed as it is, and may be anything.
 * `isSleep`: whether the thread is known to sleep there, and for what.
 */
export function placeOf(wait: Wait): { for: WaitsFor; words: string; isSleep: boolean } {
  const own = Object.hasOwn(OWN, wait) ? OWN[wait] : undefined;
  if (own !== undefined) return { ...own, isSleep: wait === "ended" };
  const known = BY_FUNCTION.get(plainName(wait));
  if (known === undefined) return { for: "client", words: `sleeps in ${wait}`, isSleep: false };
  return { for: known.for, words: `${known.words} (${wait})`, isSleep: true };
}

/** The name in the source: without what the compiler, and the macros of include/linux/syscalls.h, have added. */
export function plainName(wait: Wait): string {
  const [name = ""] = wait.split(".");
  return name
    .replace(/^_+/, "")
    .replace(
      /^(?:x64|ia32|arm64|riscv|s390x?)_sys_|^(?:se|do|compat)_sys_(?=epoll|pause|wait|rt_)|^SyS_/,
      "sys_",
    );
}

function place(what: WaitsFor, words: string, functions: string): Place {
  return { for: what, words, functions: functions.split(" ") };
}
