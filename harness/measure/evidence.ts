import type { View } from "../model/expectation.ts";
import type { Recording } from "../model/recording.ts";
import type { Sample, SampleKind } from "../model/sample.ts";
import type { HostName } from "../model/names.ts";

/** What figures are computed from: all of a trial, or what one host could see of it. */
export type Evidence = Recording | View;

type SampleOf<K extends SampleKind> = Extract<Sample, { kind: K }>;

/** The hosts of a recording, or the one host of a view. */
export function hosts(evidence: Evidence): HostName[] {
  return "header" in evidence ? Object.keys(evidence.header.setup.hosts) : [evidence.host];
}

/** All samples of a kind in the order they were taken; only those of `host` if it is given and the kind belongs to hosts. */
export function samplesOf<K extends SampleKind>(evidence: Evidence, kind: K, host?: HostName): SampleOf<K>[] {
  const all: readonly Sample[] = evidence.samples;
  return all.filter(
    (sample): sample is SampleOf<K> =>
      sample.kind === kind && (host === undefined || !("host" in sample) || sample.host === host),
  );
}

/** A sysctl as read back at the trial's start; null when it was not read. `host` may be left out of a view. */
export function sysctl(evidence: Evidence, name: string, host?: HostName): string | null {
  if (!("header" in evidence)) return evidence.sysctls[name] ?? null;
  return host === undefined ? null : (evidence.header.sysctls[host]?.[name] ?? null);
}

/** How many ports a host can connect from: the width of its `net.ipv4.ip_local_port_range`; null when that was not read. */
export function localPorts(evidence: Evidence, host?: HostName): number | null {
  const range = /^(\d+)\s+(\d+)$/.exec(sysctl(evidence, "net.ipv4.ip_local_port_range", host)?.trim() ?? "");
  return range === null ? null : Number(range[2]) - Number(range[1]) + 1;
}
