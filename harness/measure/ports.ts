import type { HostName } from "../model/names.ts";
import type { Recording } from "../model/recording.ts";
import { calls } from "./calls.ts";
import { samplesOf } from "./evidence.ts";

/** The ports that the client's connect() took, in order. connect() is reported twice, the first time without a result. */
function portsTaken(recording: Recording): number[] {
  return calls(recording, { program: "client", call: "connect" })
    .filter((call) => call.result === null)
    .flatMap(({ localPort }) => localPort ?? []);
}

/** How many different ports the client's connect() took; null when it took none. */
export function differentPorts(recording: Recording): number | null {
  return new Set(portsTaken(recording)).size || null;
}

/** The difference of each of these ports to the one before; null with fewer than two ports. */
function portSteps(recording: Recording): number[] | null {
  const ports = portsTaken(recording);
  return ports.length < 2 ? null : ports.slice(1).map((port, nth) => port - ports[nth]!);
}

/** How many of these differences there are; null with fewer than two ports. */
export function portDifferences(recording: Recording): number | null {
  return portSteps(recording)?.length ?? null;
}

/** How many ports are greater than the one before by 1 to `most`; null with fewer than two ports. */
export function portsNear(recording: Recording, most: number): number | null {
  return portSteps(recording)?.filter((step) => step > 0 && step <= most).length ?? null;
}

/** The median difference; with an even number of differences, the second of the two in the middle. */
export function medianPortStep(recording: Recording): number | null {
  const steps = portSteps(recording)?.toSorted((a, b) => a - b);
  return steps?.[Math.floor(steps.length / 2)] ?? null;
}

/** How many different local ports the recorded listening ends at a host had; null when there were none. */
export function listeningEndPorts(recording: Recording, host: HostName): number | null {
  const rows = samplesOf(recording, "sockets", host)
    .flatMap(({ groups }) => groups)
    .filter(({ side, state }) => side === "listener" && state !== "LISTEN")
    .flatMap(({ examples }) => examples);
  const ports = new Set(rows.map(({ local }) => local.slice(local.lastIndexOf(":") + 1)));
  return ports.size || null;
}

/** How old a TIME-WAIT was, in milliseconds, when the client's connect() first succeeded from its port again; null if it never did. */
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
