import type { Setup } from "../model/setup.ts";
import type { WirePlan, WireRule } from "../model/wire.ts";
import { peerUnsound } from "./peer-references.ts";
import { unknownName } from "./unknown-name.ts";

/**
 * Checks the rules and the peers of a setup's wires for errors that the schema cannot find: unknown names, names that are used twice.
 * Returns a sentence for each error, with its path.
 */
export function wiresUnsound(setup: Setup): string[] {
  const interventions = setup.interventions.map((plan) => plan.name);
  return setup.links.flatMap((link, nth) => {
    if (link.kind !== "wire") return [];
    const path = `links[${nth}]`;
    return [
      ...rulesUnsound(link, `${path}.rules`, interventions),
      ...(link.peer === undefined ? [] : peerUnsound(link, link.peer, setup.interventions, `${path}.peer`)),
    ];
  });
}

/** The same for the rules of one wire. `interventions`: the names that rules can wait for. */
export function rulesUnsound(link: RuledLink, path: string, interventions: readonly string[]): string[] {
  return link.rules.flatMap((rule, n) => ruleUnsound(link, rule, n, `${path}[${n}]`, interventions));
}

type RuledLink = Pick<WirePlan, "between" | "rules">;

function ruleUnsound(
  link: RuledLink,
  rule: WireRule,
  n: number,
  path: string,
  interventions: readonly string[],
): string[] {
  const found: string[] = [];
  if (link.rules.findIndex((other) => other.name === rule.name) !== n) {
    found.push(`${path}.name: the name ${JSON.stringify(rule.name)} is used more than once`);
  }
  const { from, after, until, nth } = rule.match;
  if (from !== undefined)
    found.push(...unknownName("host on this link", from, link.between, `${path}.match.from`));
  if (nth !== undefined && nth.to !== null && nth.to < nth.from) {
    found.push(`${path}.match.nth: to is ${nth.to}, which is less than from, which is ${nth.from}`);
  }
  const named: [string, string | undefined][] = [
    ["match.after", after],
    ["match.until", until],
    ["do.holdUntil", "holdUntil" in rule.do ? rule.do.holdUntil : undefined],
  ];
  for (const [key, name] of named) {
    if (name !== undefined) found.push(...unknownName("intervention", name, interventions, `${path}.${key}`));
  }
  return found;
}
