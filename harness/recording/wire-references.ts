import type { Setup } from "../model/setup.ts";
import type { WirePlan, WireRule } from "../model/wire.ts";
import { peerUnsound } from "./peer-references.ts";

/**
 * What is wrong with the rules and the peers of a setup's wires beyond their shape: names that are not there, or there twice. A
 * sentence for each, with its path.
 */
export function wiresUnsound(setup: Setup): string[] {
  const interventions = setup.interventions.map((plan) => plan.name);
  return setup.links.flatMap((link, nth) => {
    if (link.kind !== "wire") return [];
    const path = `links[${nth}]`;
    return [
      ...link.rules.flatMap((rule, n) => ruleUnsound(link, rule, n, `${path}.rules[${n}]`, interventions)),
      ...(link.peer === undefined ? [] : peerUnsound(link, link.peer, setup.interventions, `${path}.peer`)),
    ];
  });
}

function ruleUnsound(
  link: WirePlan,
  rule: WireRule,
  n: number,
  path: string,
  interventions: string[],
): string[] {
  const found: string[] = [];
  if (link.rules.findIndex((other) => other.name === rule.name) !== n) {
    found.push(`${path}.name: ${JSON.stringify(rule.name)} is the name of another one too`);
  }
  const { from, after, until, nth } = rule.match;
  if (from !== undefined && !link.between.includes(from)) {
    found.push(
      `${path}.match.from: ${JSON.stringify(from)} is no end of this link; they are ${link.between.join(", ")}`,
    );
  }
  if (nth !== undefined && nth.to !== null && nth.to < nth.from) {
    found.push(`${path}.match.nth: it ends at ${nth.to}, before it begins at ${nth.from}`);
  }
  const named: [string, string | undefined][] = [
    ["match.after", after],
    ["match.until", until],
    ["do.holdUntil", "holdUntil" in rule.do ? rule.do.holdUntil : undefined],
  ];
  for (const [key, name] of named) {
    if (name === undefined || interventions.includes(name)) continue;
    found.push(
      `${path}.${key}: there is no intervention ${JSON.stringify(name)}; there are ${interventions.join(", ") || "none"}`,
    );
  }
  return found;
}
