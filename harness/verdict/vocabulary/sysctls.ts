import { sysctl } from "../../measure/evidence.ts";
import type { HostName } from "../../model/names.ts";
import type { Recording } from "../../model/recording.ts";
import { type Claim, claim } from "./claim.ts";

/** That a sysctl which the setup does not set has this value in a new host. Inconclusive when it was not read. */
export function freshSysctl(host: HostName, name: string, value: string): Claim<Recording> {
  return claim(`${name} is ${value} in a fresh namespace`, ["end"], (recording) => {
    const read = sysctl(recording, name, host);
    return { holds: read === null ? null : read === value, observed: `${name} is ${read ?? "hidden"}` };
  });
}
