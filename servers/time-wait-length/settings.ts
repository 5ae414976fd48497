// Reads the names of the sysctls under net.ipv4, and prints those that can concern TIME-WAIT, FIN or a segment's lifetime.
//
// On the wire: nothing.

import { readdirSync, readFileSync } from "node:fs";

const FOLDER = "/proc/sys/net/ipv4";

const all = readdirSync(FOLDER).filter((name) => name.startsWith("tcp_"));
const named = all.filter((name) => /tw|wait|msl|lifetime|fin/.test(name)).toSorted();
for (const name of named) {
  const value = readFileSync(`${FOLDER}/${name}`, "utf8").trim();
  tell({ kind: "setting", name: `net.ipv4.${name}`, value });
}
tell({ kind: "settings", looked: all.length, named: named.length });

function tell(report: Record<string, string | number>): void {
  console.log(JSON.stringify({ monotonicUs: Number(process.hrtime.bigint() / 1000n), ...report }));
}
