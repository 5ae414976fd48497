import type { Rule } from "../former.ts";
import { fixedPort } from "./reuse/fixed-port.ts";
import { freePort } from "./reuse/free-port.ts";
import { lateSegments } from "./reuse/late-segments.ts";
import { listeningPort } from "./reuse/listening-port.ts";
import { restart } from "./reuse/restart.ts";
import { secondSyn } from "./reuse/second-syn.ts";

/** Of two connections between the same ports, of listeners that follow each other, and of the ports that clients take. */
export const rules: Rule[] = [
  ...lateSegments,
  ...secondSyn,
  ...restart,
  ...listeningPort,
  ...fixedPort,
  ...freePort,
];
