import type { Recording } from "../model/recording.ts";
import type { Moment } from "../model/sample.ts";
import type { HostName, ProgramName } from "../model/names.ts";
import { samplesOf } from "./evidence.ts";

/** The end of a connection, which a program got from its kernel or caused itself. */
export interface EndTold extends Moment {
  program: ProgramName;
  /** The host at the other end; null when no host has its address. */
  peer: HostName | null;
  /** The name of an errno, or a word that the program chose. */
  code: string;
  /** The time since an intervention of the setup last changed the peer; null when none did. */
  seconds: number | null;
}

/** Selects ends. An absent field selects all. */
export interface Ends {
  program?: ProgramName;
  phase?: Moment["phase"];
}

/** The ends that programs reported: `{ "kind": "end", "peer": "192.0.2.1", "code": "ETIMEDOUT" }`. */
export function endsTold(recording: Recording, which: Ends = {}): EndTold[] {
  const { addresses } = recording.header;
  return samplesOf(recording, "report")
    .filter(({ report }) => report["kind"] === "end")
    .map(({ atUs, phase, program, report }) => {
      const own = Object.entries(addresses).find(([, some]) => some.includes(String(report["peer"])));
      const peer = own?.[0] ?? null;
      const changedUs = peer === null ? null : changeOf(recording, peer);
      const seconds = changedUs === null ? null : (atUs - changedUs) / 1e6;
      return { atUs, phase, program, peer, code: String(report["code"]), seconds };
    })
    .filter(
      ({ program, phase }) =>
        (which.program === undefined || program === which.program) &&
        (which.phase === undefined || phase === which.phase),
    );
}

/** When an intervention last changed a host. */
function changeOf(recording: Recording, host: HostName): number | null {
  const names = recording.header.setup.interventions
    .filter(({ do: action }) => "host" in action && action.host === host)
    .map(({ name }) => name);
  const done = samplesOf(recording, "intervention").filter((one) => one.done && names.includes(one.name));
  return done.at(-1)?.atUs ?? null;
}
