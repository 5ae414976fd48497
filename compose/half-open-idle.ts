// The client's host is cut off, and the server's idle connections do not notice it. The symptom is the same as in half-open-idle of the
// catalogue, whose setup has a wire and four hosts.
import {
  atLeast,
  exactly,
  failureMode,
  quantity,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  type Recording,
  type Setup,
} from "../harness/experiment.ts";
import { experiment as halfOpenIdle } from "../experiments/half-open-idle/experiment.ts";

const CONNECTIONS = 7;

function setup(server: string): Setup {
  return setupOf({
    hosts: { server: { "net.ipv4.tcp_orphan_retries": "0" } },
    servers: { server: `${server} --port 8080` },
    clients: {
      idle: {
        run: `half-open-idle/client --to {server}:8080 --connections ${CONNECTIONS}`,
        withinMs: 60_000,
      },
      cut: { run: `half-open-idle/cut --connections ${CONNECTIONS}`, withinMs: 60_000 },
    },
    phases: { load: { until: { exited: ["cut"] }, withinMs: 15_000 }, drain: { elapsedMs: 5000 } },
    everyMs: { sockets: 200, listeners: 1000, counters: 500, processes: 500 },
    tcpInfo: true,
  });
}

const waiting = { host: "server", state: "ESTABLISHED", side: "listener", port: 8080 } as const;

/** The number of ends of connections that the server's program reported. */
function endsReported(recording: Recording): number {
  return samplesOf(recording, "report").filter(({ report }) => report["kind"] === "end").length;
}

export const experiment = failureMode({
  id: "half-open-idle-cut-off",
  title: "ESTABLISHED with nobody at the other end: the client's host was cut off",
  question: "When does an idle connection notice that its peer is unreachable?",
  tags: ["half-open", "keep-alive"],
  variants: {
    buggy: {
      summary: "no keep-alive, no idle timeout",
      setup: setup("half-open-idle/buggy"),
      exact: [
        socketsAtEndOf(
          "drain",
          { ...waiting, timer: "none", owner: "listener" },
          exactly(CONNECTIONS),
        ).because("no FIN and no RST can come, and no timer of TCP runs on an idle connection"),
        quantity(
          "ends of connections that the server's program reported",
          { needs: ["sockets"], of: endsReported },
          exactly(0),
        ).because("no segment can reach the server, so its program sees no end"),
      ],
    },
    fixed: {
      summary: "the program closes a connection that was idle for 2 s",
      setup: setup("half-open-idle/fixed"),
      exact: [
        socketsAtEndOf("drain", waiting, exactly(0)).because("the program's own timer closed them"),
        quantity(
          "ends of connections that the server's program reported",
          { needs: ["sockets"], of: endsReported },
          exactly(CONNECTIONS),
        ).because("the program itself ended them"),
        socketsAtEndOf(
          "drain",
          { host: "server", state: "FIN-WAIT-1", timer: "on", owner: "none", port: 8080 },
          atLeast(1),
        ).because("the FIN is not acknowledged, and the kernel repeats it for a while, without the program"),
      ],
    },
  },
  symptom: halfOpenIdle.symptom,
  overlaps: {},
});
