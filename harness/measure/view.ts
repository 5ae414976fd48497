import type { View } from "../model/expectation.ts";
import type { Recording } from "../model/recording.ts";
import type { Sample } from "../model/sample.ts";
import type { HostName } from "../model/names.ts";

/**
 * What an observer on that host could have seen of a trial: the host's own sockets, listeners, counters, processes and sysctls. It has no
 * packets, attempts or reports, and nothing of the other hosts.
 */
export function view(recording: Recording, host: HostName): View {
  return {
    host,
    sysctls: recording.header.sysctls[host] ?? {},
    samples: recording.samples.filter((sample): sample is View["samples"][number] =>
      isSeenFrom(host, sample),
    ),
  };
}

function isSeenFrom(host: HostName, sample: Sample): boolean {
  return "host" in sample && sample.host === host;
}
