import { answerTo } from "../../../measure/answer.ts";
import { calls, type CallMade, type Calls } from "../../../measure/calls.ts";
import { samplesOf } from "../../../measure/evidence.ts";
import { segments } from "../../../measure/segments.ts";
import type { Recording } from "../../../model/recording.ts";
import type { PacketSample, SampleKind } from "../../../model/sample.ts";

export const REPORT: SampleKind[] = ["report"];
export const PACKET: SampleKind[] = ["packet"];

/** The calls that returned, in their order. */
function returned(recording: Recording, which: Calls): CallMade[] {
  return calls(recording, which).filter(({ result }) => result !== null);
}

/** What the n-th of those calls came to, from 0, or the last: what it returned, or an errno's name; null when there was none. */
export function result(recording: Recording, which: Calls, place: number | "last"): string | null {
  const made = returned(recording, which);
  const call = made.at(place === "last" ? -1 : place);
  return call === undefined ? null : String(call.result);
}

/** How many of those calls that returned are wanted; null when none returned. */
export function count(recording: Recording, which: Calls, wanted: (one: CallMade) => boolean): number | null {
  const made = returned(recording, which);
  return made.length === 0 ? null : made.filter(wanted).length;
}

/** Bytes of another connection in what the server read last (`experiments/old-duplicate`); null when it read nothing. */
export function foreignBytes(recording: Recording): number | null {
  return calls(recording, { program: "server", call: "recv" }).at(-1)?.foreign ?? null;
}

/** The second SYN of a trial, which met the TIME-WAIT of the first; null when it was not sent. */
function secondSyn(recording: Recording): PacketSample | null {
  return segments(recording, { from: "client", flags: ["SYN"], without: ["ACK"] })[1] ?? null;
}

/** What was said to that SYN: the flags of the answer, or `nothing`; null when there was no such SYN. */
export function saidToSyn(recording: Recording): string | null {
  const syn = secondSyn(recording);
  if (syn === null) return null;
  const answer = answerTo(recording, syn);
  // What comes at the end of the trial is said by programs that are ended.
  return answer === null || answer.phase === "end" ? "nothing" : answer.flags.join("-");
}

/** The attempts to listen that were made after the server was killed. */
function attemptsAfterCrash(recording: Recording): { made: CallMade[]; crashUs: number } | null {
  const crash = samplesOf(recording, "intervention").find(({ done }) => done);
  if (crash === undefined) return null;
  const made = returned(recording, { program: "successor", call: "listen" });
  return { made: made.filter(({ atUs }) => atUs > crash.atUs), crashUs: crash.atUs };
}

/**
 * For how many seconds after the crash the port was refused: until the first attempt that succeeded, or else until the last that
 * was seen to fail; null when nobody tried.
 */
export function refusedSeconds(recording: Recording): number | null {
  const tried = attemptsAfterCrash(recording);
  const last = tried?.made.at(-1);
  if (tried === null || last === undefined) return null;
  const taken = tried.made.find((call) => call.result === 0) ?? last;
  return (taken.atUs - tried.crashUs) / 1e6;
}

/** How many of the attempts after the crash failed before one succeeded, or at all. */
export function refusedAttempts(recording: Recording): number | null {
  const tried = attemptsAfterCrash(recording);
  if (tried === null || tried.made.length === 0) return null;
  const taken = tried.made.findIndex((call) => call.result === 0);
  return taken < 0 ? tried.made.length : taken;
}

/** Whether one of them succeeded, as a number: 1 or 0. */
export function listenedAgain(recording: Recording): number | null {
  const tried = attemptsAfterCrash(recording);
  return tried === null || tried.made.length === 0
    ? null
    : Number(tried.made.some((call) => call.result === 0));
}

/** The ports that connect() took, in their order: it is told twice, and the first time has no result. */
export function portsTaken(recording: Recording): number[] {
  return calls(recording, { program: "client", call: "connect" })
    .filter((call) => call.result === null)
    .flatMap(({ localPort }) => localPort ?? []);
}

/** How far each of these ports is from the one before; null when there were not enough. */
export function portSteps(recording: Recording): number[] | null {
  const ports = portsTaken(recording);
  return ports.length < 2 ? null : ports.slice(1).map((port, nth) => port - ports[nth]!);
}
