import type { Rule } from "../former.ts";
import { rules as abortOnOverflow } from "./queues/abort-on-overflow.ts";
import { rules as acceptQueue } from "./queues/accept-queue.ts";
import { rules as backlog } from "./queues/backlog.ts";
import { rules as counters } from "./queues/counters.ts";
import { rules as joining } from "./queues/joining.ts";
import { rules as overflow } from "./queues/overflow.ts";

export const rules: Rule[] = [
  ...backlog,
  ...joining,
  ...acceptQueue,
  ...abortOnOverflow,
  ...overflow,
  ...counters,
];
