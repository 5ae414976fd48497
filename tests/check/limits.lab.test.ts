import { expect, test } from "vitest";
import { PROBES } from "../../harness/probes/all.ts";
import { rows } from "./expected/limits.ts";
import { needs } from "../programs/needs.ts";
import { tried } from "./try.ts";

const IDS = [
  "silent-clients",
  "reader-stops",
  "burst",
  "descriptors-run-out",
  "nagle-stall",
  "whole-answers",
];

test(
  "probes of a server's limits fail at the buggy reference servers, and nowhere else",
  needs("python3"),
  async () => {
    const probes = PROBES.filter(({ id }) => IDS.includes(id));
    expect(probes.map(({ id }) => id)).toEqual(IDS);
    // A server with a time limit of half a second for itself is tried by the soak, on a machine that has nothing else to do.
    const steady = rows.filter(({ server }) => !server.startsWith("whole-answers/"));
    const results = await tried(steady, probes);
    expect(results.filter(({ faults }) => faults.length > 0)).toEqual([]);
    expect(results.length).toBe(steady.length);
  },
);
