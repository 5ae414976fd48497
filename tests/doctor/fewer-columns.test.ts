import { describe, expect, test } from "vitest";
import { groupAsRead, listenerAsRead, processAsRead } from "../../harness/diagnosis/saved/as-read.ts";
import { packageRoot } from "../../harness/lab/paths.ts";
import { hosts } from "../../harness/measure/evidence.ts";
import { COLUMNS, type Column, onlyThese, withValues } from "../../harness/measure/unread.ts";
import { view } from "../../harness/measure/view.ts";
import type { View } from "../../harness/model/expectation.ts";
import type { SocketGroup } from "../../harness/model/sample.ts";
import { referencePath } from "../../harness/recording/place.ts";
import { readRecording } from "../../harness/recording/read.ts";
import { judge } from "../../harness/verdict/judge.ts";
import { liveModes } from "./modes.ts";

// A view with fewer columns may say less. It never says something else: on every recording of every failure mode.

const modes = await liveModes();
const UNHELD = new Set(["TIME-WAIT", "SYN-RECEIVED"]);
const SUBSETS: Column[][] = [
  ...COLUMNS.map((column) => [column]),
  ["timer", "holder", "inode", "info", "process"],
  [...COLUMNS],
];

/** The view as a dump without these columns shows it. */
function without(of: View, columns: readonly Column[]): View {
  const lacks = new Set(columns);
  const samples = of.samples.map((sample) => {
    if (sample.kind === "listeners") {
      return {
        ...sample,
        listeners: sample.listeners.map((one) => listenerAsRead(one, sample.listeners, lacks)),
      };
    }
    if (sample.kind === "processes" && lacks.has("process"))
      return { ...sample, processes: sample.processes.map(processAsRead) };
    if (sample.kind !== "sockets") return sample;
    return {
      ...sample,
      groups: sample.groups.map((group) => groupAsRead(untold(group, lacks), { lacks, oneHolder: false })),
    };
  });
  // Who holds a socket, and shares it, is in the samples of processes, too.
  return {
    ...of,
    sysctls: lacks.has("sysctl") ? onlyThese({}) : of.sysctls,
    samples: lacks.has("holder") ? samples.filter(({ kind }) => kind !== "processes") : samples,
  };
}

function untold(group: SocketGroup, lacks: ReadonlySet<Column>): SocketGroup {
  if (UNHELD.has(group.state)) return group;
  const isUntold = lacks.has("holder") || (lacks.has("inode") && group.owner === "none");
  return isUntold ? withValues(group, { owner: "unseen" }) : group;
}

describe.each(modes.map(({ id, variants }) => ({ id, variants: Object.keys(variants) })))(
  "$id",
  ({ id, variants }) => {
    test.each(variants)("%s", (variant) => {
      const others: unknown[] = [];
      const recording = readRecording(referencePath(packageRoot, id, variant));
      for (const host of hosts(recording)) {
        const full = view(recording, host);
        const fewer = SUBSETS.map((columns) => ({ columns, view: without(full, columns) }));
        for (const mode of modes) {
          const { outcome } = judge(mode.symptom, full);
          for (const { columns, view: less } of fewer) {
            const { outcome: said, findings } = judge(mode.symptom, less);
            if (said !== "inconclusive" && said !== outcome)
              others.push({ mode: mode.id, host, columns, outcome, said, findings });
          }
        }
      }
      expect(others).toEqual([]);
    });
  },
);
