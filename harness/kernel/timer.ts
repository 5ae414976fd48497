import { close } from "./socket.ts";
import { check, declare } from "./libc.ts";

const timerfdCreate = declare<(clock: number, flags: number) => number>(
  "int timerfd_create(int clockid, int flags)",
);
const timerfdSettime = declare<(fd: number, flags: number, value: BigInt64Array, old: null) => number>(
  "int timerfd_settime(int fd, int flags, const void *new_value, void *old_value)",
);

/** include/uapi/linux/time.h, include/uapi/linux/timerfd.h (TFD_CLOEXEC is O_CLOEXEC, TFD_NONBLOCK is O_NONBLOCK). */
const CLOCK_MONOTONIC = 1;
const TFD_TIMER_ABSTIME = 1;
const TFD_FLAGS = 0o2000000 | 0o4000;

/** A descriptor that becomes readable at a set moment. With it, epoll can wake more precisely than in whole milliseconds. */
export class Timer {
  readonly fd = check(timerfdCreate(CLOCK_MONOTONIC, TFD_FLAGS), "timerfd_create", "making a timer");
  /** struct itimerspec on 64-bit machines: interval (seconds, nanoseconds), value (seconds, nanoseconds). */
  readonly #value = new BigInt64Array(4);
  #atUs = Infinity;

  /** Sets the moment, in whole microseconds of CLOCK_MONOTONIC. If it has passed, the descriptor becomes readable at once. */
  set(atUs: number): void {
    if (atUs === this.#atUs) return;
    this.#atUs = atUs;
    this.#value[2] = BigInt(Math.floor(atUs / 1e6));
    this.#value[3] = BigInt((atUs % 1e6) * 1000);
    check(
      timerfdSettime(this.fd, TFD_TIMER_ABSTIME, this.#value, null),
      "timerfd_settime",
      `descriptor ${this.fd}`,
    );
  }

  close(): void {
    close(this.fd);
  }
}
