import { readdirSync } from "node:fs";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PROBES } from "./harness/probes/all.ts";
import { Laboratory } from "./harness/lab/laboratory.ts";
import { resultsAt } from "./tests/check/try.ts";
const IDS = (process.env["IDS"] ?? "burst,descriptors-run-out,nagle-stall,reader-stops,whole-answers").split(",");
const only = process.argv.slice(2);
const files = readdirSync("tests/check/expected").filter((n) => n !== "row.ts");
const rows = new Map<string, any>();
for (const f of files) for (const row of (await import(`./tests/check/expected/${f}`)).rows) {
  const known = rows.get(row.server); rows.set(row.server, known === undefined ? row : { ...row, fails: { ...known.fails, ...row.fails } });
}
const lab = await Laboratory.open();
const folder = process.env["KEEP"] ?? mkdtempSync("/tmp/lim/five-");
for (const row of rows.values()) {
  if (only.length > 0 && !only.some((o) => row.server.startsWith(o))) continue;
  const began = performance.now();
  try {
    const results = await resultsAt(row, { probes: PROBES.filter(({ id }) => IDS.includes(id)), bounds: { patience: 4, reuses: 300, connections: 199 } }, lab, join(folder, row.server.replace("/", "-")));
    console.log(`${row.server}  ${Math.round(performance.now() - began) / 1000} s  ${results.map((r) => `${r.probe.id}=${r.outcome}(${r.seconds.toFixed(1)})`).join(" ")}`);
    for (const r of results) {
      const expected = row.fails[r.probe.id];
      const grade = expected === undefined ? "good" : typeof expected === "string" ? "fail" : expected.grade;
      const got = ["pass", "informational", "skip"].includes(r.outcome) ? "good" : r.outcome;
      if (got !== grade) console.log(`   ${r.probe.id}: ${r.outcome}, not ${grade}: ${r.claims.filter((c) => c.outcome === r.outcome).map((c) => `${c.expected}: ${c.observed}`).join("; ")}`);
    }
  } catch (e) { console.log(row.server, "ERROR", String(e)); }
}
await lab.close();
rmSync(folder, { recursive: true, force: true });
