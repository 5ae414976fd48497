import type { Probe } from "../model/probe.ts";
import { probe as clientClosesFirst } from "./client-closes-first.ts";
import { probe as halfCloseAfterRequest } from "./half-close-after-request.ts";
import { probe as idleConnection } from "./idle-connection.ts";
import { probe as inheritedDescriptors } from "./inherited-descriptors.ts";
import { probe as killAndRestart } from "./kill-and-restart.ts";
import { probe as persistence } from "./persistence.ts";
import { probe as reuseAtIdleClose } from "./reuse-at-idle-close.ts";
import { probe as stopUnderLoad } from "./stop-under-load.ts";

/** Every probe, in the order in which they are printed. */
export const PROBES: readonly Probe[] = [
  clientClosesFirst,
  halfCloseAfterRequest,
  idleConnection,
  reuseAtIdleClose,
  persistence,
  stopUnderLoad,
  killAndRestart,
  inheritedDescriptors,
];
