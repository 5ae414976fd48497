import { constants } from "node:os";
import { close } from "./socket.ts";
import { check, declare, lastErrno, SystemCallError } from "./libc.ts";

const epollCreate1 = declare<(flags: number) => number>("int epoll_create1(int flags)");
const epollCtl = declare<(epfd: number, operation: number, fd: number, event: Int32Array | null) => number>(
  "int epoll_ctl(int epfd, int op, int fd, void *event)",
);
const epollWait = declare<(epfd: number, events: Int32Array, most: number, timeoutMs: number) => number>(
  "int epoll_wait(int epfd, void *events, int maxevents, int timeout)",
);

/** include/uapi/linux/eventpoll.h. EPOLLERR and EPOLLHUP are always reported. */
export const EPOLLIN = 0x1;
export const EPOLLOUT = 0x4;
export const EPOLLERR = 0x8;
export const EPOLLHUP = 0x10;
export const EPOLLRDHUP = 0x2000;
export const EPOLLET = 0x80000000;
const EPOLL_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_MOD = 3;

/**
 * The layout of struct epoll_event: `{ u32 events; u64 data; }`, include/uapi/linux/eventpoll.h. On x64 it is packed
 * (EPOLL_PACKED), and on ia32 a u64 is aligned to four bytes: `data` is at 4 of 12 bytes. Everywhere else it is at 8 of 16 bytes.
 * `architecture` is a value of process.arch.
 */
export function epollEventLayout(architecture: string): { bytes: number; dataOffset: number } {
  const tight = architecture === "x64" || architecture === "ia32";
  return tight ? { bytes: 12, dataOffset: 4 } : { bytes: 16, dataOffset: 8 };
}

// Offsets in words of four bytes, like the arrays below. `data` may hold anything; its first word is the descriptor here.
const layout = epollEventLayout(process.arch);
const EVENT_WORDS = layout.bytes / 4;
const DATA_WORD = layout.dataOffset / 4;

/** An epoll instance. It finds which of many descriptors are ready. `wait` fills an array that `fdAt` and `eventsAt` read. */
export class Epoll {
  readonly #fd: number;
  readonly #most: number;
  readonly #ready: Int32Array;
  readonly #one = new Int32Array(EVENT_WORDS);

  /** `most` is the greatest number of events that one wait returns. */
  constructor(most: number) {
    this.#fd = check(epollCreate1(EPOLL_CLOEXEC), "epoll_create1", "making an epoll instance");
    this.#most = most;
    this.#ready = new Int32Array(most * EVENT_WORDS);
  }

  /** Watches a descriptor for an `EPOLL...` mask. Closing the descriptor ends the watch. Errors: EEXIST, EBADF, ENOSPC. */
  add(fd: number, events: number): void {
    this.#control(EPOLL_CTL_ADD, "epoll_ctl(EPOLL_CTL_ADD)", fd, events);
  }

  /** Sets the mask again. With EPOLLET, a descriptor that is ready now is reported once more. Errors: ENOENT, EBADF. */
  modify(fd: number, events: number): void {
    this.#control(EPOLL_CTL_MOD, "epoll_ctl(EPOLL_CTL_MOD)", fd, events);
  }

  /** Waits at most `timeoutMs` (whole milliseconds). Returns the number of events. A signal ends the wait early with 0. */
  wait(timeoutMs: number): number {
    const count = epollWait(this.#fd, this.#ready, this.#most, timeoutMs);
    if (count >= 0) return count;
    const errno = lastErrno();
    if (errno === constants.errno.EINTR) return 0;
    throw new SystemCallError("epoll_wait", errno, `waiting on epoll descriptor ${this.#fd}`);
  }

  /** The descriptor of the index-th event of the last wait. */
  fdAt(index: number): number {
    return this.#ready[index * EVENT_WORDS + DATA_WORD] ?? -1;
  }

  /** The `EPOLL...` mask of the index-th event of the last wait. */
  eventsAt(index: number): number {
    return this.#ready[index * EVENT_WORDS] ?? 0;
  }

  close(): void {
    close(this.#fd);
  }

  #control(operation: number, call: string, fd: number, events: number): void {
    this.#one[0] = events;
    this.#one[DATA_WORD] = fd;
    check(epollCtl(this.#fd, operation, fd, this.#one), call, `watching descriptor ${fd}`);
  }
}
