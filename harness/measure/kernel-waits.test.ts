import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placeOf, plainName } from "./kernel-waits.ts";

describe("what a thread does in a function of the kernel", () => {
  // As kernels of several versions and architectures print them.
  test.each([
    ["ep_poll", "asks", "waits in epoll_wait()"],
    ["do_epoll_wait", "asks", "waits in epoll_wait()"],
    ["SyS_epoll_wait", "asks", "waits in epoll_wait()"],
    ["__x64_sys_epoll_wait", "asks", "waits in epoll_wait()"],
    ["__se_sys_epoll_wait", "asks", "waits in epoll_wait()"],
    ["poll_schedule_timeout.constprop.0", "asks", "waits in poll() or select()"],
    ["do_select", "asks", "waits in poll() or select()"],
    ["do_sys_poll", "asks", "waits in poll() or select()"],
    ["inet_csk_accept", "asks", "waits in accept()"],
    ["inet_csk_wait_for_connect", "asks", "waits in accept()"],
    ["io_cqring_wait", "asks", "waits for io_uring or aio"],
    ["__do_sys_pause", "asks", "waits for a signal"],
    ["sigsuspend.isra.0", "asks", "waits for a signal"],
    ["wait_woken", "client", "waits for a socket in recv(), send() or connect(), or for a terminal"],
    ["sk_wait_data", "client", "waits for data in recv()"],
    ["__skb_wait_for_more_packets", "client", "waits for data in recv()"],
    ["sk_stream_wait_memory", "client", "waits in send() for room in the send queue"],
    ["__inet_stream_connect", "client", "waits in connect()"],
    ["hrtimer_nanosleep", "client", "sleeps for a time"],
    ["futex_wait_queue_me", "other", "waits for a lock or another thread"],
    ["futex_wait_queue", "other", "waits for a lock or another thread"],
    ["futex_do_wait", "other", "waits for a lock or another thread"],
    ["pipe_read", "other", "waits for data of a pipe"],
    ["anon_pipe_read", "other", "waits for data of a pipe"],
    ["do_wait", "other", "waits for a child to end"],
    ["__arm64_sys_wait4", "other", "waits for a child to end"],
    ["locks_lock_inode_wait", "other", "waits for the lock of a file"],
    ["__do_semtimedop", "other", "waits for a semaphore or a message of another process"],
    ["do_signal_stop", "other", "is stopped by a signal"],
    ["ptrace_stop.part.0", "other", "is stopped by a debugger"],
  ])("%s", (wait, what, words) => {
    expect(placeOf(wait)).toEqual({ for: what, words: `${words} (${wait})`, isSleep: true });
  });

  test("a thread that runs, and one of which the kernel does not say it, may do anything", () => {
    expect(placeOf("running")).toMatchObject({ for: "client", isSleep: false });
    expect(placeOf("unknown")).toMatchObject({ for: "client", isSleep: false });
  });

  test("an unknown name is printed as it is, and nothing follows from it", () => {
    const unknown = fc.stringMatching(/^[a-z_][a-z0-9_]{0,30}$/).map((name) => `zq_${name}`);
    fc.assert(
      fc.property(unknown, (name) => {
        expect(placeOf(name)).toEqual({ for: "client", words: `sleeps in ${name}`, isSleep: false });
      }),
    );
    for (const name of ["constructor", "__proto__", "toString"])
      expect(placeOf(name)).toMatchObject({ words: `sleeps in ${name}`, isSleep: false });
  });

  test("suffixes of a compiler do not matter", () => {
    const base = fc.constantFrom("futex_do_wait", "ep_poll", "wait_woken", "do_wait", "some_function");
    const suffix = fc.stringMatching(/^(\.(isra|constprop|part|cold|llvm)\.?[0-9]{0,6}){1,3}$/);
    fc.assert(
      fc.property(base, suffix, (name, more) => {
        expect(plainName(name + more)).toBe(plainName(name));
        expect(placeOf(name + more).for).toBe(placeOf(name).for);
        expect(placeOf(name + more).words).toContain(name + more);
      }),
    );
  });
});
