import { sysctl } from "../../measure/evidence.ts";
import type { Answer } from "../../model/expectation.ts";
import type { HostName } from "../../model/names.ts";
import type { Recording } from "../../model/recording.ts";
import { TEXT, checkArguments } from "./arguments.ts";
import { type Claim, claim } from "./claim.ts";

/** That a sysctl which the setup does not set has this value in a new host. Inconclusive when it was not read. */
export function freshSysctl(host: HostName, name: string, value: string): Claim<Recording> {
  checkArguments("freshSysctl", { host: [host, TEXT], name: [name, TEXT], value: [value, TEXT] });
  const test = (recording: Recording): Answer => {
    const read = sysctl(recording, name, host);
    return { holds: read === null ? null : read === value, observed: `${name} is ${read ?? "hidden"}` };
  };
  return claim(`${name} is ${value} in a fresh namespace`, ["end"], test, {
    given: { sysctl: { host, sysctl: name, value } },
  });
}
