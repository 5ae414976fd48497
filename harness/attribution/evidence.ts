import { type ConnectionEnd, wireConnections } from "../measure/packets.ts";
import type { HostName } from "../model/names.ts";
import type { Recording } from "../model/recording.ts";
import { type Carried, carried, closingsOf } from "./closings.ts";
import { Counters } from "./counted.ts";
import { Ends } from "./ended.ts";
import { Rows, type SeenSocket } from "./rows.ts";

/** What attributions are made from, ordered for look-ups. */
export interface Sources {
  recording: Recording;
  /** Every connection that a wire carried. */
  all: Carried[];
  /** When each host sent the FINs of its ends, in the order of its connections. */
  finsUs: ReadonlyMap<HostName, number[]>;
  rows: Rows;
  counters: Counters;
  ends: Ends;
}

/** The sources of a recording. */
export function sourcesOf(recording: Recording): Sources {
  const all = wireConnections(recording).map(carried);
  return {
    recording,
    all,
    finsUs: finsUs(all),
    rows: new Rows(recording),
    counters: new Counters(recording),
    ends: new Ends(recording),
  };
}

function finsUs(all: Carried[]): Map<HostName, number[]> {
  const found = new Map<HostName, number[]>();
  for (const { ending, near, packet } of all.flatMap(closingsOf)) {
    if (ending !== "FIN") continue;
    const known = found.get(near.host);
    if (known === undefined) found.set(near.host, [packet.atUs]);
    else known.push(packet.atUs);
  }
  return found;
}

/** How long before its first segment a socket of a connection can already have a row. */
const BEFOREHAND_US = 10_000;

/** The last row of one end before a moment, and when it was seen. null: no look showed one. */
export function lastRow(
  { rows }: Sources,
  { connection }: Carried,
  [near, far]: readonly [ConnectionEnd, ConnectionEnd],
  us: number,
): { atUs: number; socket: SeenSocket } | null {
  const fromUs = connection.isSuccessor ? connection.fromUs : connection.fromUs - BEFOREHAND_US;
  const seen = rows.of(near, far, fromUs, us).findLast(({ socket }) => socket !== null);
  return seen === undefined || seen.socket === null ? null : { atUs: seen.atUs, socket: seen.socket };
}

/** Whether no process has accepted the connection: its socket has no inode, although it is open. */
export function isUnaccepted({ state, row }: SeenSocket): boolean {
  return row.inode === 0 && (state === "ESTABLISHED" || state === "CLOSE-WAIT");
}

/** Whether the kernel at the other end of a wire is a script. */
export function isScript({ header }: Recording, link: number, host: HostName): boolean {
  const wires = header.setup.links.filter((one) => one.kind === "wire");
  return wires[link]?.peer?.host === host;
}

/** A sysctl of a host at a moment, as it was at the beginning or as an intervention had set it; null where it was not read. */
export function sysctlAt(
  { header, samples }: Recording,
  host: HostName,
  name: string,
  us: number,
): string | null {
  let value = header.sysctls[host]?.[name] ?? null;
  for (const sample of samples) {
    if (sample.kind !== "intervention" || !sample.done || sample.atUs > us) continue;
    const action = header.setup.interventions.find((one) => one.name === sample.name)?.do;
    if (action !== undefined && "sysctl" in action && action.on === host && action.sysctl === name) {
      value = action.value;
    }
  }
  return value;
}

/** When a host was rebooted, before a moment; null when it was not. */
export function rebootedBefore({ header, samples }: Recording, host: HostName, us: number): number | null {
  const names = header.setup.interventions
    .filter(({ do: action }) => "host" in action && action.host === host && action.become === "rebooted")
    .map(({ name }) => name);
  const done = samples.findLast(
    (one) => one.kind === "intervention" && one.done && one.atUs <= us && names.includes(one.name),
  );
  return done?.atUs ?? null;
}
