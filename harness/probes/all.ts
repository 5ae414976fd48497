import type { Probe } from "../model/probe.ts";
import { probe as clientClosesFirst } from "./client-closes-first.ts";
import { probe as halfCloseAfterRequest } from "./half-close-after-request.ts";

/** Every probe, in the order in which they are printed. */
export const PROBES: readonly Probe[] = [clientClosesFirst, halfCloseAfterRequest];
