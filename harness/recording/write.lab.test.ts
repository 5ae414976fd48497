import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseRecording } from "./read.ts";

/** Writes samples to a disk of 16 KiB until a write fails, and prints the error's message and the file's content. */
const FILL = `
  import { readFileSync } from "node:fs";
  import { openRecording } from ${JSON.stringify(new URL("write.ts", import.meta.url).href)};
  import { at, countersAt, plainHeader } from ${JSON.stringify(new URL("hand-made.fixture.ts", import.meta.url).href)};
  const path = process.argv[1] + "/run/buggy.ndjson";
  const writer = openRecording(path, plainHeader());
  let said = "";
  for (let n = 0; n < 10_000 && said === ""; n += 1) {
    try { writer.append(countersAt(at(n), "server", { TcpPassiveOpens: n })); } catch (error) { said = error.message; }
  }
  writer.close();
  console.log(JSON.stringify({ said, text: readFileSync(path, "utf8") }));
`;

test("on a full disk the error says so, and the recording is readable up to its last complete line", () => {
  const disk = mkdtempSync(join(tmpdir(), "lastack-full-"));
  try {
    const script =
      'mount -t tmpfs -o size=16k tmpfs "$1" && exec "$2" --import "$3" --input-type=module --eval "$4" "$1"';
    const tsx = import.meta.resolve("tsx");
    const made = spawnSync(
      "unshare",
      ["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", disk, process.execPath, tsx, FILL],
      { encoding: "utf8" },
    );
    expect(made.stderr).toBe("");
    const { said, text } = JSON.parse(made.stdout) as { said: string; text: string };
    expect(said).toContain("no space is left on that disk (ENOSPC)");
    const recording = parseRecording(text, "buggy.ndjson");
    expect(recording.samples.length).toBeGreaterThan(50);
    expect(recording.cutOff).not.toBeNull();
  } finally {
    rmSync(disk, { recursive: true });
  }
});
