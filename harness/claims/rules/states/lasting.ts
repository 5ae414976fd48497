import type { Bound } from "../../../verdict/bound.ts";
import { figureOf } from "../../former.ts";
import type { Question } from "../../former.ts";
import { longestMs } from "./evidence.ts";

/** For how long looks without a break found a host in such a state. */
export const lasts = (host: string, state: "FIN-WAIT-1" | "FIN-WAIT-2", bound: Bound): Question =>
  figureOf(
    { en: `looks found ${state} for {} ms`, zh: `连续观察到 ${state} 达 {} ms` },
    { needs: ["sockets"], of: (recording) => longestMs(recording, { host, state }) },
    bound,
  );
