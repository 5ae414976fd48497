// The same with first numbers from the kernels' clocks: the old connection was faster than the clocks. It is not in the catalogue,
// because a busy machine can be too slow for it, and because it sends 20 MB:
//
//   npx lastack run ./experiments/old-duplicate/outrun.ts

import {
  between,
  calls,
  callsEnded,
  exactly,
  fact,
  quantity,
  setupOf,
  type Recording,
} from "../../harness/experiment.ts";

const OLD_COMES = "the old segment comes out";
const OWN_COMES = "the own segments come out";

/** What each connection sends each way. A segment carries 1460 bytes of it; the 3400th is one of the last. */
const BYTES = 5_000_000;
const SEGMENT_BYTES = 1460;
const LATE_SEGMENT = 3400;

const connect = ["set SO_REUSEADDR 1", "bind 40001", "connect {server}:8080"];
const clientCalls = {
  old: [...connect, `recv ${BYTES}`, `send ${BYTES}`, "shutdown write", "recv end", "close"],
  own: [...connect, "send 1", `recv ${BYTES}`, `send ${BYTES - 1}`, "recv 1"],
};
const serverCalls = {
  old: ["accept", `send ${BYTES}`, `recv ${BYTES}`, "recv end", "close"],
  own: ["accept", "recv 1", `send ${BYTES}`, `recv ${BYTES - 1}`, "send 1"],
};

const setup = setupOf({
  sysctls: {
    "net.ipv4.tcp_timestamps": "0",
    "net.ipv4.tcp_max_tw_buckets": "0",
    "net.ipv4.tcp_syncookies": "1",
    // Windows that hold all of the data at once.
    "net.ipv4.tcp_window_scaling": "1",
    "net.ipv4.tcp_rmem": "4096 67108864 67108864",
    "net.ipv4.tcp_wmem": "4096 16777216 16777216",
  },
  links: [
    {
      kind: "wire",
      rules: [
        {
          name: "hold-old-segment",
          match: {
            from: "client",
            connection: 1,
            payload: "some",
            nth: { from: LATE_SEGMENT, to: LATE_SEGMENT },
          },
          do: { holdUntil: OLD_COMES },
        },
        {
          name: "hold-own-segments",
          match: { from: "client", connection: 2, payload: "some", nth: { from: 2, to: null } },
          do: { holdUntil: OWN_COMES },
        },
      ],
    },
  ],
  servers: { server: ["clients/calls", "listen 8080 4", ...serverCalls.old, ...serverCalls.own, "stay"] },
  clients: { client: { run: ["clients/calls", ...clientCalls.old, ...clientCalls.own], withinMs: 30_000 } },
  phases: {
    load: { until: { counter: "IpExtInOctets", host: "client", atLeast: 2 * BYTES }, withinMs: 10_000 },
    drain: { until: { exited: ["client"] }, withinMs: 20_000 },
  },
  interventions: [
    { name: OLD_COMES, phase: "drain", when: { elapsedMs: 300 }, do: { nothing: true } },
    { name: OWN_COMES, phase: "drain", when: { elapsedMs: 600 }, do: { nothing: true } },
  ],
  everyMs: { counters: 100 },
});

/** What the server's last recv() read: the new connection's stream. */
function foreign(recording: Recording): number | null {
  const last = calls(recording, { program: "server", call: "recv" }).at(-1);
  return last?.bytes === BYTES - 1 ? last.foreign : null;
}

/** Milliseconds from the first connection to the second. */
function apart(recording: Recording): number | null {
  const [first, second] = calls(recording, { program: "client", call: "connect" }).filter(
    ({ result }) => result === 0,
  );
  return first === undefined || second === undefined ? null : Math.round((second.atUs - first.atUs) / 1000);
}

export const experiment = fact({
  id: "old-duplicate-outrun",
  title: "A connection that is faster than the clock of first sequence numbers",
  question: "Can numbers of two connections overlap when nobody chose them?",
  tags: ["sequence-numbers", "wire"],
  variants: {
    outrun: {
      summary: "no TIME-WAIT, no timestamps, 5 MB each way",
      setup,
      exact: [
        callsEnded({ program: "client", call: "connect" }, 0, exactly(2)).because("the port is free at once"),
        quantity(
          "milliseconds from one connection to the next",
          { needs: ["report"], of: apart },
          between(1, 300),
        ).because("the clock counts 15.6 million a second, and after a longer pause it would be beyond 5 MB"),
        quantity(
          "bytes of the old connection in the new stream",
          { needs: ["report"], of: foreign },
          between(1, SEGMENT_BYTES),
        ).because(
          "the late segment fits into the new stream, and those of its bytes that come before the stream's own are kept",
        ),
      ],
    },
  },
});
