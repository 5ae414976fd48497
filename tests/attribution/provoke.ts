import type { Cause, Ending } from "../../harness/attribution/attribution.ts";
import type { HostName } from "../../harness/model/names.ts";
import type { Setup } from "../../harness/model/setup.ts";
import { setupOf, type ShortLink, type ShortSetup } from "../../harness/model/short-setup.ts";

/** An ending that a setup provokes: who must be named with what. */
export interface Expected {
  host: HostName;
  ending: Ending;
  cause: Cause;
  /** For `process-ended`: what the end of the process made. */
  made?: Cause;
}

/** A setup that provokes causes, each in one way only. All that happens before the programs are ended is expected, in its order. */
export interface Provoked {
  setup: Setup;
  expected: Expected[];
}

const WITHIN_MS = 60_000;

interface Plan extends Pick<ShortSetup, "hosts" | "interventions"> {
  /** null: a script is there instead. */
  server: string[] | null;
  client: string[];
  link?: ShortLink;
  /** When the load is over, if not when the client exits. */
  until?: ShortSetup["phases"];
}

/** A setup of two programs that make calls, and what must be named. */
export function provoked(plan: Plan, ...expected: Expected[]): Provoked {
  const { server, client, link = { kind: "wire" }, until, hosts, interventions } = plan;
  const setup = setupOf({
    links: [link],
    servers:
      server === null ? {} : { server: { run: ["clients/calls", ...server, "stay"], withinMs: WITHIN_MS } },
    clients: { client: { run: ["clients/calls", ...client], withinMs: WITHIN_MS } },
    phases: until ?? { load: { exited: ["client"] }, drain: { elapsedMs: 250 } },
    everyMs: { sockets: 40, listeners: 100, counters: 40, processes: 40 },
    ...(hosts !== undefined && { hosts }),
    ...(interventions !== undefined && { interventions }),
  });
  return { setup, expected };
}

export const fin = (host: HostName, cause: Cause): Expected => ({ host, ending: "FIN", cause });
export const rst = (host: HostName, cause: Cause): Expected => ({ host, ending: "RST", cause });

export const LISTEN = "listen 8080 8";
export const CONNECT = "connect {server}:8080";
/** Long enough for looks at the state in between. */
export const PAUSE = "wait 300";
