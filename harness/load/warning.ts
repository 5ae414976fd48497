import { delayedAck } from "./delayed-ack.ts";
import { MISSING } from "./doubt.ts";
import { SATURATED } from "./doubts.ts";
import { wereSlow } from "./port-doubt.ts";
import type { LoadFigures } from "./result.ts";
import { countOf } from "./seconds.ts";
import { ms, number, percent } from "./wording.ts";

/** The share of its time for which a thread must have waited for a processor for a warning. */
const CROWDED = 0.1;
/** Looks that are further apart than this get a warning. */
const SELDOM_MS = 250;
/** The number of connections of other programs in the same namespace from which there is a warning. */
const OTHERS = 10;

/** What to know of a load's figures beside doubts. */
export function warnings(figures: LoadFigures): string[] {
  return [
    bothBusy(figures),
    crowded(figures),
    failed(figures),
    retriedSyns(figures),
    delayedAck(figures),
    seldom(figures),
    others(figures),
  ].filter((warning) => warning !== null);
}

function bothBusy({ generator, server, ports, seconds }: LoadFigures): string | null {
  if (wereSlow(ports, seconds)) return null;
  if ((generator.busy ?? 0) < SATURATED || server === null || server.busy < SATURATED) return null;
  return (
    `Server and generator both had work all the time (${percent(server.busy)} and ${percent(generator.busy ?? 0)}): the rate is ` +
    `the limit of a server that shares this machine with this generator, and the times include waits in the generator.`
  );
}

function crowded({ generator, server }: LoadFigures): string | null {
  const own = generator.busy === null ? 0 : generator.busy - (generator.cpu ?? 0);
  const others = server === null ? 0 : server.busy - server.cpu;
  if (own < CROWDED && others < CROWDED) return null;
  const seen = server === null ? "" : `, the server's for ${percent(others)}`;
  return (
    `The generator's busiest thread waited for a processor for ${percent(own)} of the time${seen}: there was more work than ` +
    `processors, from the load or from other programs, and the figures hold only for a machine that is this busy.`
  );
}

function failed({ requests, errors }: LoadFigures): string | null {
  const count = countOf(errors);
  if (requests === 0 || count <= MISSING * (requests + count)) return null;
  return `${percent(count / (requests + count))} of the attempts failed; the times are those of the attempts that succeeded.`;
}

function seldom({ looks }: LoadFigures): string | null {
  if (looks.everyMs <= SELDOM_MS) return null;
  return (
    `Sockets were observed only every ${Math.round(looks.everyMs)} ms at times, because a sample took up to ` +
    `${ms(looks.longestMs)} of processor time: the true maximum of sockets and ports can be higher than the one reported.`
  );
}

function others({
  bystanders,
  socketsUsed,
  segmentsPerRequest,
  requests,
  warmUp,
}: LoadFigures): string | null {
  if (segmentsPerRequest === null) return null;
  const { opened, segments, most } = bystanders;
  const many = opened >= OTHERS && opened > MISSING * socketsUsed;
  const busy = segments > MISSING * segmentsPerRequest * (requests + warmUp.requests);
  if (!many && !busy) return null;
  const what = [
    ...(many ? [`${number(opened)} other connections were opened in this network namespace meanwhile`] : []),
    ...(busy
      ? [
          `${many ? "" : "in this network namespace "}other connections had ${number(segments)} segments (most of them ${most})`,
        ]
      : []),
  ].join(", and ");
  return `${what.charAt(0).toUpperCase()}${what.slice(1)}: the segments a request include theirs.`;
}

function retriedSyns({ connects, counters, latencyMs }: LoadFigures): string | null {
  if (connects.afterRetry === 0 || latencyMs.connect === null) return null;
  const full = counters["TcpExtListenOverflows"] ?? 0;
  const backlog =
    connects.backlog === null ? "" : ` (the server's has a limit of ${number(connects.backlog)})`;
  const cause =
    full === 0
      ? "SYNs or their answers were lost on the way, or a full accept queue dropped them."
      : `An accept queue in this network namespace was full ${full === 1 ? "once" : `${number(full)} times`} (TcpExtListenOverflows): such a queue${backlog} ` +
        "drops the SYNs that it has no room for. Use a larger backlog in listen(2), or accept faster.";
  return (
    `${number(connects.afterRetry)} of ${number(latencyMs.connect.count)} connections took 1 s or longer to open, because their SYNs had ` +
    `to be sent again: the first retry comes after 1 s. ${cause}`
  );
}
