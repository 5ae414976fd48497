import type { NeededProgram } from "../programs/packages.ts";

/** A scene of healthy-scenes.ts: the programs that it calls, and the remarks that it may cause. */
export interface HealthyScene {
  name: string;
  needs: NeededProgram[];
  remarks: string[];
}

/** Quiet ones, which can be played at once. */
export const QUIET: HealthyScene[] = [
  { name: "an idle server", needs: [], remarks: [] },
  { name: "1000 idle kept connections", needs: [], remarks: ["half-open-idle"] },
  { name: "TIME-WAIT in thousands at the listener", needs: [], remarks: [] },
  { name: "TIME-WAIT in thousands at the connector", needs: [], remarks: [] },
  { name: "a preforking server", needs: ["python3"], remarks: [] },
  { name: "half-closed clients that wait", needs: ["python3"], remarks: [] },
  { name: "an idle pool with some CLOSE-WAIT", needs: [], remarks: [] },
];

/** Those with a load, which are played one after another. */
const RESETS = ["linger-zero-reset", "reset-on-unread-data"];
export const LOADED: HealthyScene[] = [
  { name: "500 short connections a second", needs: [], remarks: [] },
  { name: "nginx under load and in reload", needs: ["nginx"], remarks: ["half-open-idle", ...RESETS] },
  {
    name: "haproxy under load and in reload",
    needs: ["haproxy", "nginx"],
    remarks: ["half-open-idle", ...RESETS],
  },
  { name: "lighttpd under load and in reload", needs: ["lighttpd"], remarks: ["half-open-idle", ...RESETS] },
];
