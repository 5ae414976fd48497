import type { Rule } from "../claim.ts";

export const rules: Rule[] = [];
