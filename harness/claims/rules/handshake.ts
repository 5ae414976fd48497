import type { Rule } from "../former.ts";
import { rules as retries } from "./handshake/retries.ts";
import { rules as synCookies } from "./handshake/syn-cookies.ts";
import { rules as synDrops } from "./handshake/syn-drops.ts";
import { rules as synQueue } from "./handshake/syn-queue.ts";

export const rules: Rule[] = [...retries, ...synQueue, ...synCookies, ...synDrops];
