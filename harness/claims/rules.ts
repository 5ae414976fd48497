import type { Rule as Former } from "./former.ts";
import type { Rule } from "./claim.ts";
import { rules as closeWait } from "./rules/close-wait.ts";
import { rules as closing } from "./rules/closing.ts";
import { rules as fastOpen } from "./rules/fast-open.ts";
import { rules as handshake } from "./rules/handshake.ts";
import { rules as keepAliveProbes } from "./rules/keep-alive-probes.ts";
import { rules as limitsAndHttp } from "./rules/limits-and-http.ts";
import { rules as queues } from "./rules/queues.ts";
import { rules as reuse } from "./rules/reuse.ts";
import { rules as states } from "./rules/states.ts";
import { rules as timeWaitPile } from "./rules/time-wait-pile.ts";
import { rules as timeWaitTime } from "./rules/time-wait-time.ts";

const former = (rules: Former[]): Rule[] =>
  rules.map((rule) => ({ ...rule, beyond: rule.beyond.map((one) => ({ ...one, met: "rare" as const })) }));

/** How each claim of the documents is settled. */
export const RULES: Rule[] = [
  ...former(states),
  ...former(handshake),
  ...former(queues),
  ...former(fastOpen),
  ...former(closing),
  ...former(timeWaitTime),
  ...former(timeWaitPile),
  ...former(closeWait),
  ...former(reuse),
  ...former(keepAliveProbes),
  ...former(limitsAndHttp),
];
