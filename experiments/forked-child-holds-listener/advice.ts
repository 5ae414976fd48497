import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "服务器死了，子进程还握着监听套接字",
  seen: [
    "LISTEN, held by a process that is not the server",
    "LISTEN, Recv-Q above 0 in every sample",
    "ESTAB, Recv-Q above 0, no process",
    "EADDRINUSE",
  ],
  mark: {
    en: "who holds the LISTEN row was left behind by a process that has ended; it sleeps, and the queue only grows",
    zh: "持有 LISTEN 的进程是一个已结束的进程留下的；它在睡眠，队列只增不减",
  },
};

export const advice: Advice = {
  doubt:
    "a daemon that forked itself twice and hangs before its first accept() looks the same: a stack of the process tells",
  cures: [{ layer: "configuration", what: "end the process that holds it: the port is free at once" }],
  wrong: ["reuseaddr", "reuseport-for-restarts", "open-port"],
};
