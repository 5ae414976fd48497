import {
  atLeast,
  between,
  descriptorsOf,
  exactly,
  fact,
  percentile,
  quantity,
  samplesOf,
  setupOf,
  socketsAtPeak,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";

/** Connections of one step. Those in TIME-WAIT weigh so little that there must be more of them to see it. */
const KEPT = 97;
const CLOSED = 997;
const STEPS = 11;

function setup(connections: number, more = ""): Setup {
  return setupOf({
    hosts: { server: { "net.ipv4.tcp_tw_reuse": "0", "net.ipv4.tcp_max_tw_buckets": "131072" } },
    // Both ends are on the server's host; nothing runs on the client's.
    links: [{ kind: "loopback", host: "server" }],
    clients: {
      ends: {
        run: `connection-memory/both-ends --connections ${connections} --steps ${STEPS} ${more}`,
        host: "server",
        withinMs: 30_000,
      },
    },
    phases: { load: { exited: ["ends"] }, drain: { elapsedMs: 100 } },
    everyMs: { sockets: 250, listeners: 1000, counters: 1000, processes: 250 },
  });
}

/** Growth of the kernel's memory for each socket, in the median step; null when there was no step. */
function bytesEach(recording: Recording): number | null {
  const steps = samplesOf(recording, "report").flatMap(({ report }) => {
    const { sockets, grewBytes } = report;
    const isStep = report["kind"] === "step" && typeof sockets === "number" && typeof grewBytes === "number";
    return isStep && sockets > 0 ? [grewBytes / sockets] : [];
  });
  return percentile(steps, 50);
}

const listener = { host: "server", side: "listener", port: 8080 } as const;

export const experiment = fact({
  id: "connection-memory",
  title: "What a connection weighs while it is kept, and after it was closed",
  question: "How much of the kernel's memory does an idle connection take, and how much a TIME-WAIT?",
  tags: ["memory", "time-wait", "descriptors"],
  variants: {
    kept: {
      summary: "both ends of 1067 connections are kept",
      setup: setup(KEPT),
      exact: [
        socketsAtPeak({ ...listener, state: "ESTABLISHED" }, exactly(KEPT * STEPS)).because(
          "nobody closes them",
        ),
        quantity(
          "descriptors for them, at the most",
          descriptorsOf({ program: "ends" }, "most"),
          atLeast(2 * KEPT * STEPS),
        ).because("each end has one"),
        quantity(
          "bytes of the kernel's memory for each end, in the median of the steps",
          { needs: ["report"], of: bytesEach },
          between(1000, 12_000),
        ).because("a struct tcp_sock alone has over 2000"),
      ],
    },
    closed: {
      summary: "10,967 connections, each closed at once: TIME-WAIT",
      setup: setup(CLOSED, "--close"),
      exact: [
        socketsAtPeak({ ...listener, state: "TIME-WAIT" }, atLeast(CLOSED)).because(
          "the accepted end closes first",
        ),
        quantity(
          "descriptors of the process, at the most",
          descriptorsOf({ program: "ends" }, "most"),
          between(1, CLOSED),
        ).because("TIME-WAIT has none"),
        quantity(
          "bytes of the kernel's memory for each TIME-WAIT, in the median of the steps",
          { needs: ["report"], of: bytesEach },
          between(-1000, 1500),
        ).because("a struct tcp_timewait_sock has some 250"),
      ],
    },
  },
});
