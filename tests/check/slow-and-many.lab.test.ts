import { expect, test } from "vitest";
import { PROBES } from "../../harness/probes/all.ts";
import { rows } from "./expected/slow-and-many.ts";
import { needs } from "../programs/needs.ts";
import { tried } from "./try.ts";

const IDS = ["silent-clients", "half-a-request", "one-byte-a-second", "many-requests", "pipelined-requests"];

test(
  "probes of slow clients and of many requests fail at the buggy reference servers, and nowhere else",
  needs("python3"),
  async () => {
    const probes = PROBES.filter(({ id }) => IDS.includes(id));
    expect(probes.map(({ id }) => id)).toEqual(IDS);
    const results = await tried(rows, probes);
    expect(results.filter(({ faults }) => faults.length > 0)).toEqual([]);
    expect(results.length).toBe(rows.length);
  },
);
