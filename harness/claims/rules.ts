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

/** How each claim of the documents is settled. */
export const RULES: Rule[] = [
  ...states,
  ...handshake,
  ...queues,
  ...fastOpen,
  ...closing,
  ...timeWaitTime,
  ...timeWaitPile,
  ...closeWait,
  ...reuse,
  ...keepAliveProbes,
  ...limitsAndHttp,
];
