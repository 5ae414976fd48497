import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { currentNamespace } from "../kernel/namespace.ts";
import { observeCounters } from "./counters.ts";
import { observeListeners } from "./listeners.ts";
import { observePressure } from "./pressure.ts";
import { observeProcesses } from "./processes.ts";
import { observeSockets } from "./sockets.ts";

const page = readFileSync(new URL("../../docs/observers.md", import.meta.url), "utf8").replaceAll(
  /\s+/g,
  " ",
);
const host = { name: "here", namespace: currentNamespace("here") };
const observers = [
  observeSockets(host),
  observeListeners(host),
  observeCounters(host),
  observeProcesses(host, () => new Map()),
  observePressure(() => ({ programs: new Map(), wires: [] })),
];

test.each(observers.map((observer) => ({ name: observer.name, observer })))(
  "docs/observers.md has the costs and the limits of $name, word for word",
  ({ name, observer }) => {
    expect(page).toContain(`## ${name} `);
    expect(page).toContain(observer.costs);
    expect(page).toContain(observer.cannotSee);
    observer.close();
  },
);
