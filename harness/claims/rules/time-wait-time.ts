import type { Rule } from "../former.ts";
import { closer } from "./time-wait-time/closer.ts";
import { finWait2 } from "./time-wait-time/fin-wait-2.ts";
import { lastAck } from "./time-wait-time/last-ack.ts";
import { length } from "./time-wait-time/length.ts";
import { rates } from "./time-wait-time/rate.ts";

/** TIME-WAIT: how long it lasts, who is left with it, how many there are, and what it is for. */
export const rules: Rule[] = [...length, ...finWait2, ...closer, ...rates, ...lastAck];
