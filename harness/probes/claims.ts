import { dialogueOf } from "../measure/dialogue.ts";
import { processSeries } from "../measure/processes.ts";
import type { Evidence } from "../measure/evidence.ts";
import type { Answer } from "../model/expectation.ts";
import type { CheckedServer, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import type { TcpState } from "../model/state.ts";
import { atMost, exactly } from "../verdict/vocabulary/bound.ts";
import { quantity } from "../verdict/vocabulary/quantity.ts";
import { socketsAtEndOf } from "../verdict/vocabulary/sockets.ts";

// Claims that several probes make.

/** That every connection of a client's dialogue came to the end of its steps. */
export function allServed(program: string, because: string): ProbeClaim {
  const test = (recording: Recording): Answer => {
    const connections = dialogueOf(recording, { program });
    if (connections.length === 0) return { holds: null, observed: "no connection was reported" };
    const failed = connections.filter(({ outcome }) => outcome !== "ok");
    const [first] = failed;
    const all = `${connections.length - failed.length} of ${connections.length} connections`;
    if (first === undefined) return { holds: true, observed: all };
    const where = first.failed === null ? "" : ` at "${first.failed.step}"`;
    return { holds: false, observed: `${all}; the first of the others ended${where}: ${first.outcome}` };
  };
  return { claim: "every client gets its answer", because, needs: ["report"], test };
}

/** That the server's end of no connection is left in a state when the clients have gone. */
export function noneLeftIn(state: TcpState, port: number, because: string): ProbeClaim {
  return socketsAtEndOf("drain", { host: "server", state, side: "listener", port }, exactly(0)).because(
    because,
  );
}

/** How many socket descriptors more the server had in the end than when it was ready. */
const MORE_DESCRIPTORS = 3;

/** That the server has as many socket descriptors in the end as before the clients came, or hardly more. */
export function descriptorsBack(because: string): ProbeClaim {
  const of = (evidence: Evidence): number | null => {
    const series = processSeries(evidence, { host: "server", program: "server" }, "sockets");
    const { last } = series.during("drain");
    const before = series.first;
    return last === null || before === null ? null : Math.max(0, last.value - before.value);
  };
  return quantity(
    "more descriptors of sockets in the end than in the beginning",
    { needs: ["processes"], of },
    atMost(MORE_DESCRIPTORS),
  ).because(because);
}

/** Why a probe of kept connections cannot be run; null where it can. */
export function closesEach({ keepsOpen }: CheckedServer): string | null {
  return keepsOpen ? null : "the server closes each connection after one answer";
}

/** Why a probe of HTTP cannot be run; null where it can. */
export function asksForHttp({ speaks }: CheckedServer): string | null {
  return speaks === "http" ? null : "it is about HTTP, and --raw was given";
}
