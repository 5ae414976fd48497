import type { HostName } from "../model/names.ts";
import type { Recording } from "../model/recording.ts";
import { calls } from "./calls.ts";
import { samplesOf } from "./evidence.ts";

/** The ports that the client's connect() took, in their order: it is reported twice, and the first time has no result. */
function portsTaken(recording: Recording): number[] {
  return calls(recording, { program: "client", call: "connect" })
    .filter((call) => call.result === null)
    .flatMap(({ localPort }) => localPort ?? []);
}

/** How many different ports they were; null when no port was taken. */
export function differentPorts(recording: Recording): number | null {
  return new Set(portsTaken(recording)).size || null;
}

/** How far each of these ports is from the one before; null when there were not enough. */
function portSteps(recording: Recording): number[] | null {
  const ports = portsTaken(recording);
  return ports.length < 2 ? null : ports.slice(1).map((port, nth) => port - ports[nth]!);
}

/** How many ports there were that had one before. */
export function portDifferences(recording: Recording): number | null {
  return portSteps(recording)?.length ?? null;
}

/** How many of them are by one to so much above the one before. */
export function portsNear(recording: Recording, most: number): number | null {
  return portSteps(recording)?.filter((step) => step > 0 && step <= most).length ?? null;
}

/** The step in the middle; of an even number, the second of the two. */
export function medianPortStep(recording: Recording): number | null {
  const steps = portSteps(recording)?.toSorted((a, b) => a - b);
  return steps?.[Math.floor(steps.length / 2)] ?? null;
}

/** How many local ports the listening ends at a host had that were written down; null when there were none. */
export function listeningEndPorts(recording: Recording, host: HostName): number | null {
  const rows = samplesOf(recording, "sockets", host)
    .flatMap(({ groups }) => groups)
    .filter(({ side, state }) => side === "listener" && state !== "LISTEN")
    .flatMap(({ examples }) => examples);
  const ports = new Set(rows.map(({ local }) => local.slice(local.lastIndexOf(":") + 1)));
  return ports.size || null;
}

/** How old a TIME-WAIT was, in milliseconds, when the client's connect() first came to a connection from its port again. */
export function ageAtReuseMs(recording: Recording, remotePort: number): number | null {
  const ended = new Map<number, number>();
  for (const { call, result, localPort, atUs } of calls(recording, { program: "client", remotePort })) {
    if (localPort === null) continue;
    const before = ended.get(localPort);
    if (call === "connect" && result === 0 && before !== undefined) return (atUs - before) / 1000;
    if (call === "recv") ended.set(localPort, atUs);
  }
  return null;
}
