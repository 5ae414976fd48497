import { expect, test } from "vitest";
import { Epoll, EPOLLET, EPOLLIN } from "./epoll.ts";
import { Timer } from "./timer.ts";

const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

test("a timer wakes an epoll instance at its moment and not before, again and again", () => {
  const epoll = new Epoll(4);
  const timer = new Timer();
  epoll.add(timer.fd, EPOLLIN | EPOLLET);
  expect(epoll.wait(0)).toBe(0);
  for (const laterUs of [300, 1700, 400]) {
    const dueUs = nowUs() + laterUs;
    timer.set(dueUs);
    timer.set(dueUs);
    expect(epoll.wait(20_000)).toBe(1);
    expect(epoll.fdAt(0)).toBe(timer.fd);
    expect(nowUs()).toBeGreaterThanOrEqual(dueUs);
    // Edge-triggered, so it is reported once.
    expect(epoll.wait(0)).toBe(0);
  }
  timer.set(nowUs() - 5_000_000);
  expect(epoll.wait(20_000)).toBe(1);
  timer.close();
  epoll.close();
});
