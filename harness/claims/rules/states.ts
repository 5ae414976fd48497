import type { Rule } from "../former.ts";
import { activeClose } from "./states/active-close.ts";
import { established } from "./states/established.ts";
import { halfClosed } from "./states/half-closed.ts";
import { opening } from "./states/opening.ts";
import { passiveClose } from "./states/passive-close.ts";

export const rules: Rule[] = [...opening, ...established, ...activeClose, ...halfClosed, ...passiveClose];
