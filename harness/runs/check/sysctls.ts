import { refusal, sysctlNames } from "../../lab/sysctl.ts";
import type { Setup } from "../../model/setup.ts";
import { suggest } from "../../recording/suggest.ts";
import { unknownName } from "../../recording/unknown-name.ts";

/** Sysctls of a setup that no lab may write, or that this kernel does not have. */
export function sysctlProblems({ hosts, interventions }: Setup): string[] {
  const known = sysctlNames();
  return [
    ...Object.entries(hosts).flatMap(([host, { sysctls }]) =>
      Object.keys(sysctls).flatMap((name) => problem(name, known, `hosts.${host}.sysctls`)),
    ),
    ...interventions.flatMap((plan, nth) =>
      "sysctl" in plan.do ? problem(plan.do.sysctl, known, `interventions[${nth}].do.sysctl`) : [],
    ),
  ];
}

function problem(name: string, known: string[], path: string): string[] {
  const refused = refusal(name);
  if (refused !== null) return [`${path}: ${refused}.${suggest(name, known)}`];
  // Names of interfaces, and of modules that are loaded only when something needs them, are not known before the lab is built.
  return /^net\.ipv4\.(?:tcp|ip|icmp)_|^net\.core\./.test(name)
    ? unknownName("sysctl", name, known, path)
    : [];
}
