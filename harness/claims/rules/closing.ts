import type { Rule } from "../former.ts";
import { rules as dontLinger } from "./closing/dont-linger.ts";
import { rules as dying } from "./closing/dying.ts";
import { rules as lastAck } from "./closing/last-ack.ts";
import { rules as linger } from "./closing/linger.ts";
import { rules as orphans } from "./closing/orphans.ts";
import { rules as retries } from "./closing/retries.ts";
import { rules as sending } from "./closing/sending.ts";
import { rules as shutting } from "./closing/shutting.ts";

/** Closing: what is still delivered, who is told, and for how long the kernel goes on. */
export const rules: Rule[] = [
  ...[...sending, ...dying, ...linger, ...dontLinger, ...shutting, ...orphans, ...retries, ...lastAck],
];
