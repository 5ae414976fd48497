import { attempts, outcomeCounts } from "../../../measure/attempts.ts";
import { calls } from "../../../measure/calls.ts";
import { counterDelta } from "../../../measure/counters.ts";
import { samplesOf } from "../../../measure/evidence.ts";
import { wireConnections } from "../../../measure/packets.ts";
import { percentile } from "../../../measure/percentile.ts";
import { segments } from "../../../measure/segments.ts";
import { socketSeries } from "../../../measure/sockets.ts";
import type { Recording } from "../../../model/recording.ts";
import type { PacketSample } from "../../../model/sample.ts";

/** How many sockets in TIME-WAIT a host had at once, at most; of all hosts together without one. */
export function mostTimeWait(recording: Recording, host?: string): number | null {
  return (
    socketSeries(recording, { state: "TIME-WAIT", ...(host === undefined ? {} : { host }) }).peak?.value ??
    null
  );
}

/** How many sockets in TIME-WAIT a host had at the last look. */
export function lastTimeWait(recording: Recording, host?: string): number | null {
  return (
    socketSeries(recording, { state: "TIME-WAIT", ...(host === undefined ? {} : { host }) }).last?.value ??
    null
  );
}

/** How many attempts of load programs ended in this way: `ok`, `connect EADDRNOTAVAIL`; null when there were none at all. */
export function attemptsThat(recording: Recording, outcome: string): number | null {
  if (attempts(recording).length === 0) return null;
  return outcomeCounts(recording).get(outcome) ?? 0;
}

/** How many attempts did not end well. */
export function attemptsFailed(recording: Recording): number | null {
  const ok = attemptsThat(recording, "ok");
  return ok === null ? null : attempts(recording).length - ok;
}

/** How many calls of connect() returned this, of those to a port; null when none returned. */
export function connectsThat(recording: Recording, result: number | string, port?: number): number | null {
  const returned = calls(recording, { call: "connect" }).filter(
    (one) => one.result !== null && (port === undefined || one.remotePort === port),
  );
  return returned.length === 0 ? null : returned.filter((one) => one.result === result).length;
}

/** How many calls of connect() failed; null when none returned. */
export function connectsFailed(recording: Recording): number | null {
  const returned = calls(recording, { call: "connect" }).filter(({ result }) => result !== null);
  return returned.length === 0 ? null : returned.filter(({ result }) => result !== 0).length;
}

/** How old a TIME-WAIT was, in milliseconds, when connect() first came to a connection from its port again. */
export function ageAtReuseMs(recording: Recording): number | null {
  const ended = new Map<number, number>();
  for (const { call, result, localPort, remotePort, atUs } of calls(recording, { program: "client" })) {
    if (localPort === null || remotePort !== 8080) continue;
    const before = ended.get(localPort);
    if (call === "connect" && result === 0 && before !== undefined) return (atUs - before) / 1000;
    if (call === "recv") ended.set(localPort, atUs);
  }
  return null;
}

/** How often connect() took a port out of TIME-WAIT, on all hosts (TcpExtTWRecycled). */
export function takenOut(recording: Recording): number | null {
  return counterDelta(recording, { counter: "TcpExtTWRecycled" });
}

/**
 * For each ms that a connect() to a server without any TIME-WAIT takes (port 8081), how many one takes, in turn with it, while
 * another pair of hosts has a pile (port 8080). Of each the quickest tenth; null when the pile was not whole in time.
 */
export function timesAsLong(recording: Recording): number | null {
  const told = calls(recording, { program: "probe", call: "connect" });
  const ends = samplesOf(recording, "load-end");
  const firstUs = told[0]?.atUs ?? 0;
  if (ends.length === 0 || ends.some(({ atUs }) => atUs > firstUs)) return null;
  const quick = (port: number): number | null => {
    const lines = told.filter(({ remotePort }) => remotePort === port);
    const took = lines.flatMap(({ atUs, result }, nth) => {
      const begun = lines[nth - 1];
      return result === 0 && begun?.result === null ? [(atUs - begun.atUs) / 1000] : [];
    });
    return percentile(took, 10);
  };
  const [pile, none] = [quick(8080), quick(8081)];
  return pile === null || none === null || none === 0 ? null : pile / none;
}

/** How many attempts were under way at once, at most. */
export function mostAtOnce(recording: Recording): number | null {
  const all = attempts(recording);
  if (all.length === 0) return null;
  const begun = all.map(({ atUs }) => ({ atUs, step: 1 }));
  const over = all.map(({ atUs, totalMs }) => ({ atUs: atUs + 1000 * (totalMs ?? 0), step: -1 }));
  let now = 0;
  let most = 0;
  for (const { step } of [...begun, ...over].toSorted((a, b) => a.atUs - b.atUs || a.step - b.step)) {
    now += step;
    most = Math.max(most, now);
  }
  return most;
}

/** What a program told of a sysctl that it wrote: what was there then, or an errno. */
export function sysctlWritten(recording: Recording): string | null {
  const told = samplesOf(recording, "report").find(({ report }) => report["kind"] === "sysctl");
  const result = told?.report["result"];
  return typeof result === "string" ? result : null;
}

/** Bytes of a former connection in the request that the server read last; its own lie beside them. */
export function foreignBytes(recording: Recording): number | null {
  return calls(recording, { program: "server", call: "recv" }).at(-1)?.foreign ?? null;
}

/** SYNs from a port that was not in use, older by their timestamp than the SYN before from that address, that got no SYN-ACK. */
export function droppedForAge(recording: Recording): number | null {
  const syns = segments(recording, { from: "router", flags: ["SYN"] });
  const fresh = wireConnections(recording).filter(({ isSuccessor }) => !isSuccessor);
  const older = fresh.filter(({ packets: [syn] }) => {
    const before = syn === undefined ? undefined : syns[syns.indexOf(syn) - 1];
    return syn !== undefined && before !== undefined && isOlder(syn, before);
  });
  const dropped = older.filter(({ packets }) => packets[1]?.flags.join("-") !== "SYN-ACK");
  return older.length === 0 ? null : dropped.length;
}

/** By signed difference, as include/net/tcp.h, tcp_paws_check(), has it. */
function isOlder(a: PacketSample, b: PacketSample): boolean {
  const [one, other] = [a.options.timestamps?.value, b.options.timestamps?.value];
  return one !== undefined && other !== undefined && ((one - other) | 0) < 0;
}

/** Segments that a TIME-WAIT of the server found too old: counted under one name or the other, as the kernel has it. */
export function olderOnSamePair(recording: Recording): number | null {
  const [one, other] = ["TcpExtPAWSTimewait", "TcpExtPAWSEstab"].map((counter) =>
    counterDelta(recording, { host: "server", counter }),
  );
  return one === null || other === null ? null : (one ?? 0) + (other ?? 0);
}
