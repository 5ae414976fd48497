import { constants } from "node:os";
import { check, declare, lastErrno, SystemCallError } from "./libc.ts";

const ppoll = declare<
  (fds: Int32Array, count: number, timeout: BigInt64Array | null, signals: null) => number
>("int ppoll(void *fds, unsigned long nfds, const void *timeout, const void *sigmask)");
const prctl = declare<(option: number, a: number, b: number, c: number, d: number) => number>(
  "int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)",
);

/** asm-generic/poll.h. */
const POLLIN = 0x1;
const POLLERR = 0x8;
/** include/uapi/linux/prctl.h. */
const PR_SET_TIMERSLACK = 29;

/**
 * Waits for a few descriptors, with a timeout in microseconds. epoll_wait(2) counts in milliseconds, and not every libc has
 * epoll_pwait2(2). struct pollfd is `int fd; short events; short revents` (ppoll(2)).
 */
export class Poll {
  readonly #fds: Int32Array;
  readonly #events: Int16Array;
  // struct timespec on 64-bit machines: seconds and nanoseconds, eight bytes each.
  readonly #timeout = new BigInt64Array(2);

  /** Watches descriptors until there is something to read. */
  constructor(fds: readonly number[]) {
    this.#fds = new Int32Array(fds.length * 2);
    this.#events = new Int16Array(this.#fds.buffer);
    for (const [n, fd] of fds.entries()) {
      this.#fds[2 * n] = fd;
      this.#events[4 * n + 2] = POLLIN;
    }
  }

  /** Waits at most `timeoutUs`; 0 does not wait. Returns the number of descriptors that are ready. A signal ends the wait early with 0. */
  wait(timeoutUs: number): number {
    const seconds = Math.floor(timeoutUs / 1e6);
    this.#timeout[0] = BigInt(seconds);
    this.#timeout[1] = BigInt(Math.round((timeoutUs - seconds * 1e6) * 1000));
    const count = ppoll(this.#fds, this.#fds.length / 2, this.#timeout, null);
    if (count >= 0) return count;
    const errno = lastErrno();
    if (errno === constants.errno.EINTR) return 0;
    throw new SystemCallError("ppoll", errno, `waiting on ${this.#fds.length / 2} descriptors`);
  }

  /** Whether the last wait found something to read, the end of the input or an error, at the n-th descriptor. */
  isReady(n: number): boolean {
    return this.#events[4 * n + 3] !== 0;
  }

  /** Whether the last wait found an error at the n-th descriptor. */
  hasFailed(n: number): boolean {
    return ((this.#events[4 * n + 3] ?? 0) & POLLERR) !== 0;
  }
}

/** Makes this thread's waits end on time. By default the kernel may extend each by 50 us (PR_SET_TIMERSLACK, prctl(2)). */
export function endWaitsOnTime(): void {
  check(prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0), "prctl(PR_SET_TIMERSLACK)", "this thread");
}
