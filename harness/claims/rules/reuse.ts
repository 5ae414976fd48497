import type { Rule } from "../claim.ts";
import { callers } from "./reuse/callers.ts";
import { incarnations } from "./reuse/incarnations.ts";
import { listeners } from "./reuse/listeners.ts";

/** Of two connections between the same ports, of listeners that follow each other, and of the ports that clients take. */
export const rules: Rule[] = [...incarnations, ...listeners, ...callers];
