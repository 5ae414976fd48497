import type { Rule } from "../former.ts";
import { rules as descriptors } from "./limits-and-http/descriptors.ts";
import { rules as hoards } from "./limits-and-http/hoards.ts";
import { rules as http } from "./limits-and-http/http.ts";
import { rules as latency } from "./limits-and-http/latency.ts";
import { rules as shortOrLong } from "./limits-and-http/short-or-long.ts";

/** How the claims on limits of connections and on HTTP are settled. */
export const rules: Rule[] = [...descriptors, ...hoards, ...http, ...latency, ...shortOrLong];
