import type { Rule } from "../former.ts";
import { cookies } from "./fast-open/cookies.ts";
import { switches } from "./fast-open/switches.ts";

export const rules: Rule[] = [...cookies, ...switches];
