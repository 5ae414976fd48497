import { expect, test } from "vitest";
import { PROBES } from "../../harness/probes/all.ts";
import { rows } from "./expected/process-and-timers.ts";
import { needs } from "../programs/needs.ts";
import { tried } from "./try.ts";

const IDS = [
  "idle-connection",
  "reuse-at-idle-close",
  "persistence",
  "stop-under-load",
  "kill-and-restart",
  "inherited-descriptors",
];

test(
  "probes of timers and of the process fail at the buggy reference servers, and nowhere else",
  needs("python3"),
  async () => {
    const probes = PROBES.filter(({ id }) => IDS.includes(id));
    expect(probes.map(({ id }) => id)).toEqual(IDS);
    const results = await tried(rows, probes);
    expect(results.filter(({ faults }) => faults.length > 0)).toEqual([]);
    expect(results.length).toBe(rows.length);
  },
);
