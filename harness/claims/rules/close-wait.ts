import type { Rule } from "../former.ts";
import { rules as exhaustion } from "./close-wait/exhaustion.ts";
import { rules as hearing } from "./close-wait/hearing.ts";
import { rules as lasting } from "./close-wait/lasting.ts";
import { rules as leaving } from "./close-wait/leaving.ts";
import { rules as sharing } from "./close-wait/sharing.ts";

/** CLOSE-WAIT: how long, what it takes, what a FIN tells, what leads out of it, and two processes with one connection. */
export const rules: Rule[] = [...lasting, ...exhaustion, ...hearing, ...leaving, ...sharing];
