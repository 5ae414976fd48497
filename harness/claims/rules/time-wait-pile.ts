import type { Rule } from "../former.ts";
import { cost } from "./time-wait-pile/cost.ts";
import { limit } from "./time-wait-pile/limit.ts";
import { nat } from "./time-wait-pile/nat.ts";
import { recycle } from "./time-wait-pile/recycle.ts";
import { reuse } from "./time-wait-pile/reuse.ts";

/** What TIME-WAIT costs, and what is said to make it cheaper. */
export const rules: Rule[] = [...cost, ...limit, ...reuse, ...recycle, ...nat];
