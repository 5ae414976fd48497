import { type DialogueConnection, dialogueOf } from "../measure/dialogue.ts";
import { samplesOf } from "../measure/evidence.ts";
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
  const atAnyPace = (recording: Recording, waitedUs: number): boolean =>
    dialogueOf(recording, { program }).every((one) => !isLate(one, waitedUs));
  return { claim: "every client gets its answer", because, needs: ["report"], test, atAnyPace };
}

/** By how many times a client must have waited longer than the trial lacked a processor, so that the server is to blame. */
export const FAR_LONGER = 4;

/**
 * Whether a busy machine can be the reason why a client was not served: it gave up waiting too soon, or the server ended the connection, which
 * a timer of its own can have done.
 */
export function isLate({ outcome, failed, steps }: DialogueConnection, waitedUs: number): boolean {
  if (outcome === "ok") return false;
  if (outcome !== "timeout") return true;
  const waitedMs = steps.find(({ nth }) => nth === failed?.nth)?.ms ?? 0;
  return 1000 * waitedMs < FAR_LONGER * waitedUs;
}

/** Why a probe of kept connections cannot be run; null where it can. */
export function closesEach({ keepsOpen }: CheckedServer): string | null {
  return keepsOpen ? null : "the server closes each connection after one answer";
}

/** Why a probe of HTTP cannot be run; null where it can. */
export function asksForHttp({ speaks }: CheckedServer): string | null {
  return speaks === "http" ? null : "it is about HTTP, and --raw was given";
}

/** That the server's end of no connection is left in a state when the clients have gone. */
export function noneLeftIn(state: TcpState, port: number, because: string): ProbeClaim {
  const left = { host: "server", state, side: "listener", port } as const;
  return { ...socketsAtEndOf("drain", left, exactly(0)).because(because), atAnyPace: hadTime };
}

/** The largest share of `drain` for which the server may have waited for a processor, so that what it has not done then is its own fault. */
const SHARE_WAITED = 1 / 4;

/** Whether the server had processor time in `drain`, however busy the machine was before, with the clients. */
export function hadTime(recording: Recording): boolean {
  const looks = samplesOf(recording, "pressure").filter(({ phase }) => phase === "drain");
  const [first, last] = [looks[0], looks.at(-1)];
  const [before, after] = [first?.programs["server"], last?.programs["server"]];
  if (
    first === undefined ||
    last === undefined ||
    before === undefined ||
    before === null ||
    after === undefined ||
    after === null
  )
    return false;
  return (
    last.atUs > first.atUs && after.waitedUs - before.waitedUs <= SHARE_WAITED * (last.atUs - first.atUs)
  );
}

/** How many connections a server may still hold when their clients have gone: those that it is about to close. */
const STILL_HELD = 3;

/** That the server holds no descriptor of a connection in the kernel's table when the clients have gone. */
export function noneHeld(port: number, because: string): ProbeClaim {
  const selector = { host: "server", side: "listener", port, owner: HOLDERS, state: CONNECTED } as const;
  const of = (recording: Recording): number | null =>
    socketSeries(recording, selector).during("drain").last?.value ?? null;
  const claim = quantity(
    "connections whose clients are gone and whose descriptors the server still has",
    { needs: ["sockets"], of },
    atMost(STILL_HELD),
  ).because(because);
  return { ...claim, atAnyPace: hadTime };
}

/**
 * That the server holds no descriptor of a connection that the kernel has forgotten: after an RST there is no row, and only the
 * descriptor is left. Such descriptors that it had before do not count.
 */
export function noneWithoutRow(because: string): ProbeClaim {
  const claim = quantity(
    "more descriptors of connections that are over (ss does not show them) than before the clients came",
    { needs: ["processes", "report"], of: (recording: Recording) => moreThanBefore(recording, rowless) },
    atMost(STILL_HELD),
  ).because(because);
  return { ...claim, atAnyPace: hadTime };
}

/**
 * That no other descriptors are left either, such as files that the server was sending: fewer than half as many as connections were broken
 * off. Only processes count that were there before, because a new worker opens files of its own.
 */
export function noneLeaked(brokenOff: number, because: string): ProbeClaim {
  return quantity(
    "more descriptors of files than before the clients came",
    { needs: ["processes", "report"], of: (recording: Recording) => moreThanBefore(recording, files) },
    lessThan(brokenOff / 2),
  ).because(because);
}

const HOLDERS = ["listener", "process", "shared", "unseen"] as const;
const CONNECTED = TCP_STATES.filter((state) => state !== "LISTEN");

const rowless = ({ socketsWithoutRow }: ProcessRow): number | null => socketsWithoutRow ?? null;
const files = ({ descriptors, sockets }: ProcessRow): number => descriptors - sockets;

/**
 * By how much a figure of the server's processes has grown from the last look before the first client connected to the last look of
 * `drain`. null without these looks. A process that was not there before does not count.
 */
function moreThanBefore(recording: Recording, figure: (row: ProcessRow) => number | null): number | null {
  const cameUs = Math.min(...dialogueOf(recording).map(({ atUs }) => atUs));
  const looks = samplesOf(recording, "processes", "server");
  const before = looks.findLast(({ atUs, phase }) => phase === "load" && atUs < cameUs);
  const after = looks.findLast(({ phase }) => phase === "drain");
  if (before === undefined || after === undefined) return null;
  const known = new Map(before.processes.map((row) => [row.pid, figure(row)]));
  const more = after.processes.map((row) => {
    const [had, has] = [known.get(row.pid) ?? null, figure(row)];
    return had === null || has === null ? 0 : Math.max(0, has - had);
  });
  return more.reduce((sum, one) => sum + one, 0);
}
