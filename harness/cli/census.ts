import { CENSUS_BY, type CensusBy } from "../model/census.ts";
import { meteredCounters } from "../measure/metered-counters.ts";
import { openCensus } from "../observers/census.ts";
import { reportCensus } from "../report/census.ts";
import { exposition } from "../report/prometheus/exposition.ts";
import { metricFamilies } from "../report/prometheus/families.ts";
import { loadCatalogue } from "../runs/all-experiments.ts";
import { UsageError } from "../runs/errors.ts";
import { openSource } from "./census/source.ts";
import { watchCensus } from "./census/watch.ts";
import { parseOptionsOnly, wholeNumber, type Command } from "./command.ts";
import { EXIT } from "./exit.ts";
import { PID_MOST } from "./namespace.ts";

const help = `lastack census - every TCP socket of a network namespace, by state, owner, peer or age

Usage: lastack census [--pid P] [--port N] [--by WHAT] [--watch] [--json | --prometheus]

  --pid P     the network namespace of process P (default: lastack's own namespace)
  --port N    only sockets whose local or remote port is N; the kernel filters them
  --by WHAT   state: by state, end, queue and timer, with holders and accept queues (default)
              owner: by process, with both ends and the bytes that wait in the queues
              peer: by remote address; at the connecting end with its port, at the listening end
              with the own port
              age: how long they stand in their states, as far as the kernel shows it
  --watch     look once a second, until Ctrl+C, with what has changed and the trend: on a terminal
              in place, what moves first; elsewhere a line for each look that differs. Then the
              last table is printed
  --json      one JSON document: {total, states, sides: {listener, connector}, groups,
              held: {processes, none, unseen}, listeners, peers, ages, read}; peers and ages only
              with --by peer and --by age
  --prometheus
              the whole namespace once, as metrics in the text format of Prometheus: for the textfile
              collector of node_exporter (docs/census.md); docs/alerts.yaml has rules for them

A socket on a port with a listener is on the listener's side. Every other socket is on the
connector's side. There is no row for CLOSED. Processes are shown by name and pid; without root, only
those of this user. No process holds a TIME-WAIT, or a connection that still waits for accept(). Where
this user may not enter the namespace of a process, /proc/PID/net is read, and the last lines say what
is missing there. The command only reads; it changes no socket.

Examples:
  lastack census
  lastack census --port 8080 --watch
  lastack census --by age
  lastack census --pid 4711 --json | jq .states
  lastack census --prometheus > lastack.prom`;

export const command: Command = {
  help,
  async run(args, terminal) {
    const { values } = parseOptionsOnly(args, {
      pid: { type: "string" },
      port: { type: "string" },
      by: { type: "string", default: "state" },
      watch: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      prometheus: { type: "boolean", default: false },
    });
    const port = values.port === undefined ? null : wholeNumber(values.port, "--port", 1, 65_535);
    const pid = values.pid === undefined ? null : wholeNumber(values.pid, "--pid", 1, PID_MOST);
    const by = byOf(values.by);
    if (values.watch && values.json)
      throw new UsageError("--watch and --json cannot be combined: --json prints one document only.");
    if (values.prometheus) {
      const other = (["watch", "json", "port"] as const).find((name) => (values[name] ?? false) !== false);
      if (other !== undefined || by !== "state") {
        throw new UsageError(
          `--prometheus and --${other ?? "by"} cannot be combined: the metrics are always the same.`,
        );
      }
      terminal.out(await metricsOf(pid));
      return EXIT.clean;
    }
    const source = openSource(pid, { port, tcpInfo: by === "age" });
    const look = openCensus(source, { by, watches: values.watch });
    if (values.watch) return watchCensus({ by, look, counters: source.counters.read }, terminal);
    const census = look();
    terminal.out(
      values.json
        ? JSON.stringify(census, null, 2)
        : reportCensus(census, { by, columns: terminal.rowColumns }),
    );
    return EXIT.clean;
  },
};

/** The metrics without the last line feed. The counters are those that symptoms of the catalogue ask for. */
async function metricsOf(pid: number | null): Promise<string> {
  const [source, catalogue] = [openSource(pid, { port: null, tcpInfo: false }), await loadCatalogue()];
  try {
    const census = openCensus(source, { by: "peer", watches: false })();
    const all = source.counters.read();
    const names = new Set(meteredCounters(catalogue.map(({ experiment }) => experiment)));
    return exposition(
      metricFamilies({
        census,
        counters: Object.fromEntries(
          [...names].flatMap((name) => (all.has(name) ? [[name, all.get(name)!]] : [])),
        ),
        sysctls: source.sysctls,
        timeWaitRecords: all.get("sockstat.TCP.tw") ?? null,
      }),
    ).trimEnd();
  } finally {
    source.close();
  }
}

function byOf(word: string): CensusBy {
  const by = CENSUS_BY.find((one) => one === word);
  if (by === undefined) throw new UsageError(`--by takes ${CENSUS_BY.join(", ")}, not "${word}".`);
  return by;
}
