import { dialogueOf } from "../measure/dialogue.ts";
import { samplesOf } from "../measure/evidence.ts";
import { type Series, seriesOfHosts } from "../measure/series.ts";
import { socketSeries } from "../measure/sockets.ts";
import type { Answer } from "../model/expectation.ts";
import type { CheckedServer, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import type { ProcessRow } from "../model/sample.ts";
import { TCP_STATES, type TcpState } from "../model/state.ts";
import { atMost, exactly, lessThan } from "../verdict/vocabulary/bound.ts";
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

/** How many connections a server may still hold when their clients have gone: those that it is about to close. */
const STILL_HELD = 3;

/**
 * That the server holds no descriptor of a connection when the clients have gone: neither of one with a row in the kernel's table, nor of
 * one without (after an RST there is none, and only the descriptor is left).
 */
export function noneHeld(port: number, because: string): ProbeClaim {
  return quantity(
    "connections whose clients are gone and whose descriptors the server still has",
    { needs: ["sockets", "processes"], of: (evidence: Recording) => heldAtEnd(evidence, port) },
    atMost(STILL_HELD),
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

const HOLDERS = ["listener", "process", "shared", "unseen"] as const;
const CONNECTED = TCP_STATES.filter((state) => state !== "LISTEN");

/** How many at the end of `drain`. Sockets without a row that the server had before any client came do not count. */
function heldAtEnd(recording: Recording, port: number): number | null {
  const selector = { host: "server", side: "listener", port, owner: HOLDERS, state: CONNECTED } as const;
  const rows = socketSeries(recording, selector).during("drain").last;
  const rowless = rowlessSeries(recording);
  const [before, after] = [rowless.first, rowless.during("drain").last];
  if (rows === null || before === null || after === null) return null;
  return rows.value + Math.max(0, after.value - before.value);
}

function rowlessSeries(recording: Recording): Series {
  return seriesOfHosts(samplesOf(recording, "processes", "server"), ({ processes }) =>
    processes.reduce((sum, { socketsWithoutRow = 0 }) => sum + socketsWithoutRow, 0),
  );
}

/**
 * That no other descriptors are left either, such as files that the server was sending: fewer than half as many as connections were broken
 * off. Only processes count that were there before, because a new worker opens files of its own.
 */
export function noneLeaked(brokenOff: number, because: string): ProbeClaim {
  return quantity(
    "descriptors of files more than before the clients came",
    { needs: ["processes"], of: filesAtEnd },
    lessThan(brokenOff / 2),
  ).because(because);
}

function filesAtEnd(recording: Recording): number | null {
  const looks = samplesOf(recording, "processes", "server");
  const before = looks.findLast(({ phase }) => phase === "setup") ?? looks[0];
  const after = looks.findLast(({ phase }) => phase === "drain");
  if (before === undefined || after === undefined) return null;
  const files = new Map(before.processes.map((row) => [row.pid, filesOf(row)]));
  const more = after.processes.map((row) => filesOf(row) - (files.get(row.pid) ?? filesOf(row)));
  return more.reduce((sum, one) => sum + Math.max(0, one), 0);
}

function filesOf({ descriptors, sockets }: ProcessRow): number {
  return descriptors - sockets;
}
