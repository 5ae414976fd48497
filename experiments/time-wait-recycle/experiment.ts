import {
  attemptsOk,
  between,
  exactly,
  fact,
  samplesOf,
  setupOf,
  socketsAtEndOf,
} from "../../harness/experiment.ts";

const ATTEMPTS = 23;
/** TIME-WAITs that can end early because the client happens to use a port again. */
const REPEATED = 5;

const setup = setupOf({
  sysctls: { "net.ipv4.tcp_tw_reuse": "0", "net.ipv4.tcp_timestamps": "1" },
  servers: {
    writer: { run: "time-wait-recycle/writer --port 8081", withinMs: 20_000 },
    server: { run: "short-against-long/http-server --port 8080", withinMs: 20_000 },
  },
  clients: {
    load: `clients/short-http --to {server}:8080 --attempts ${ATTEMPTS} --rate 100 --concurrency 7 --close server`,
  },
  phases: {
    load: { exited: ["load"] },
    // It would have been 3.5 times the retransmission timeout, 0.7 s here (Linux 4.11, tcp_time_wait()).
    drain: { elapsedMs: 4000 },
  },
  everyMs: { sockets: 250, counters: 500 },
});

const timeWait = { host: "server", state: "TIME-WAIT", side: "listener", port: 8080 } as const;

export const experiment = fact({
  id: "time-wait-recycle",
  title: "Writing to tcp_tw_recycle, which no longer exists",
  question: "What happens when tcp_tw_recycle is set to 1?",
  tags: ["time-wait"],
  variants: {
    "set-to-1": {
      summary: "the server's host is told to recycle, and then has 23 TIME-WAIT",
      setup,
      exact: [
        {
          claim: "net.ipv4.tcp_tw_recycle cannot be written: ENOENT",
          because: "Linux 4.12 removed it",
          needs: ["report"],
          test: (recording) => {
            const written = samplesOf(recording, "report").find(({ report }) => report["kind"] === "sysctl");
            const result = written?.report["result"] ?? null;
            return {
              holds: result === null ? null : result === "ENOENT",
              observed: `writing 1 came to ${String(result)}`,
            };
          },
        },
        attemptsOk({ program: "load" }, exactly(ATTEMPTS)).because("nothing else changes"),
        socketsAtEndOf("drain", timeWait, between(ATTEMPTS - REPEATED, ATTEMPTS)).because(
          "nothing ends them before their 60 s are over",
        ),
      ],
    },
  },
});
