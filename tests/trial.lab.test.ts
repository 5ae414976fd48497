import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { childrenOf } from "../harness/kernel/process.ts";
import { Laboratory } from "../harness/lab/laboratory.ts";
import type { TrialEnd } from "../harness/lab/order.ts";
import { packageRoot } from "../harness/lab/paths.ts";
import { starvation } from "../harness/measure/starvation.ts";
import type { Recording } from "../harness/model/recording.ts";
import type { Setup } from "../harness/model/setup.ts";
import { setupOf, type ShortSetup } from "../harness/model/short-setup.ts";
import { readRecording } from "../harness/recording/read.ts";
import { folderFor } from "./lab/user.ts";
import { until } from "./lab/wait.ts";

const fixtures = join(packageRoot, "tests", "fixtures");
const folder = folderFor("own");
let lab: Laboratory;
let nth = 0;

beforeAll(async () => {
  lab = await Laboratory.open();
});
afterAll(async () => {
  await lab.close();
  folder.remove();
});

/** A setup with a server that runs for 0.6 s, unless `part` changes that. */
function setupWith(
  server: string,
  part: Partial<ShortSetup> = {},
  { withinMs = 3000, ...limits }: { withinMs?: number; nofile?: number } = {},
): Setup {
  return setupOf({
    servers: { server: { run: `./${server}`, withinMs, ...limits } },
    phases: { load: { elapsedMs: 600 } },
    everyMs: { sockets: 50, listeners: 50, counters: 200, processes: 50 },
    ...part,
  });
}

async function run(
  setup: Setup,
  out = join(folder.path, `${(nth += 1)}.ndjson`),
): Promise<{ end: TrialEnd; recording: Recording | null }> {
  const order = {
    experiment: "test",
    variant: "test",
    setup,
    out,
    baseDir: fixtures,
    hold: false,
    pcap: null,
  };
  const end = await lab.run(order, () => {}).ended;
  return { end, recording: existsSync(out) ? readRecording(out) : null };
}

const events = (recording: Recording | null): string[] =>
  recording?.samples.flatMap((sample) =>
    sample.kind === "program" ? [`${sample.program} ${sample.event}`] : [],
  ) ?? [];

describe("a trial", () => {
  test("of a good server has a complete recording, which shows its listener", async () => {
    const { end, recording } = await run(setupWith("echo.mjs"));
    expect(end).toEqual({ reason: "completed" });
    expect(recording?.cutOff).toBeNull();
    expect(events(recording)).toEqual(["server started", "server ready", "server exited"]);
    const listening = recording?.samples.filter(
      (sample) => sample.kind === "listeners" && sample.host === "server",
    );
    expect(listening?.at(-1)).toMatchObject({ listeners: [{ port: 8080 }] });
  });

  test("stops looking after its last phase, however long its programs take to end", async () => {
    const { recording } = await run(setupWith("echo.mjs --slow"));
    const samples = recording?.samples ?? [];
    const ended = samples.findLastIndex((sample) => sample.kind === "phase" && sample.event === "end");
    expect(samples.slice(ended + 1).map((sample) => sample.kind)).toEqual(["program", "cost", "end"]);
  });

  test.each([
    [
      "dies",
      /program server \(\.\/dies\.mjs\) ended by itself, with exit code 3; it printed: cannot open the database/,
    ],
    [
      "ready-then-dies",
      /program server \(\.\/ready-then-dies\.mjs\) ended by itself, with exit code 1; it printed: .*Error: cannot open the database/,
    ],
    ["never-ready", /did not print "ready <port>" within 3000 ms; it printed: still loading/],
    [
      "says-nonsense",
      /printed 3 invalid lines, of which the first is an attempt line whose attempt is not a finite number: .*; it printed nothing else/,
    ],
    ["listens-elsewhere", /"ready 8080", but nothing .* on port 8080; host server listens on \[::\]:8081/],
    [
      "listens-silently",
      /but host server listens on 127\.0\.0\.1:8081 \(.* "listens: 8081" in the setup\); /,
    ],
    ["not-there", /there is no program \.\/not-there\.mjs/],
  ])("of a server that %s is a fault with what it printed", async (file, sentence) => {
    const { end, recording } = await run(setupWith(`${file}.mjs`));
    expect(end.reason).toBe("fault");
    expect(end.because).toMatch(sentence);
    expect(recording?.samples.at(-1)).toMatchObject({ kind: "end", reason: "fault" });
    expect(
      recording?.samples.some((sample) => sample.kind === "fault" && sentence.test(sample.because)),
    ).toBe(true);
    const failed = recording?.samples.filter(
      (sample) => sample.kind === "program" && sample.event === "failed",
    );
    expect(failed?.length).toBeLessThanOrEqual(1);
  });

  test("of a server that listens on another port than its setup says names the port", async () => {
    const server = { run: "./listens-silently.mjs", listens: 8082, withinMs: 3000 };
    const { end } = await run(setupWith("", { servers: { first: "./echo.mjs", server } }));
    expect(end.because).toMatch(
      /did not listen on port 8082 within 3000 ms, but host server listens on 127\.0\.0\.1:8081; /,
    );
  });

  test("ends a client that does not end, and says so", async () => {
    const load = { run: "./never-ends.mjs", withinMs: 300 };
    const { end } = await run(setupWith("echo.mjs", { clients: { load } }));
    expect(end).toMatchObject({
      reason: "fault",
      because: expect.stringMatching(/program load .* did not end within 300 ms/),
    });
  });

  test("signals and restarts programs as planned", async () => {
    const interventions: Setup["interventions"] = [
      { name: "stop", phase: "load", when: { elapsedMs: 50 }, do: { signal: "SIGSTOP", program: "server" } },
      { name: "again", phase: "load", when: { elapsedMs: 200 }, do: { restart: "server" } },
    ];
    const phases = { load: { elapsedMs: 1500 } };
    const { end, recording } = await run(setupWith("echo.mjs", { interventions, phases }));
    expect(end).toEqual({ reason: "completed" });
    expect(recording?.samples.filter((sample) => sample.kind === "intervention")).toMatchObject([
      { name: "stop", done: true },
      { name: "again", done: true },
    ]);
    const starts = events(recording).filter((event) => event === "server started");
    expect(starts).toHaveLength(2);
  });

  test("writes a sysctl of a host as planned, but none of the machine", async () => {
    const written = (sysctl: string, value: string): Setup["interventions"] => [
      { name: "write", phase: "load", when: { elapsedMs: 50 }, do: { sysctl, value, on: "server" } },
    ];
    const phases = { load: { elapsedMs: 300 } };
    const runWith = (interventions: Setup["interventions"]) =>
      run(setupWith("echo.mjs", { interventions, phases }));
    const own = await runWith(written("net.ipv4.tcp_syncookies", "0"));
    expect(own.end).toEqual({ reason: "completed" });
    expect(own.recording?.samples.find((sample) => sample.kind === "intervention")).toMatchObject({
      done: true,
    });
    const { end } = await runWith(written("net.ipv4.tcp_max_orphans", "1"));
    expect(end.because).toMatch(/the intervention write failed: .* concerns the whole machine/);
  });

  test("restarts a server whose child process still holds its output", async () => {
    const interventions: Setup["interventions"] = [
      { name: "kill", phase: "load", when: { elapsedMs: 50 }, do: { signal: "SIGKILL", program: "server" } },
      { name: "again", phase: "load", when: { elapsedMs: 100 }, do: { restart: "server" } },
    ];
    const phases = { load: { elapsedMs: 1000 } };
    const { end, recording } = await run(setupWith("echo.mjs --heir", { interventions, phases }));
    expect(end).toEqual({ reason: "completed" });
    expect(events(recording).slice(0, 5)).toEqual([
      ...["server started", "server ready", "server exited", "server started", "server ready"],
    ]);
  });

  test("reads a client's whole output before its phase ends", async () => {
    const load = { run: "./last-words.mjs", withinMs: 3000 };
    const phases = { load: { exited: ["load"] } };
    const { recording } = await run(setupWith("echo.mjs", { clients: { load }, phases }));
    const samples = recording?.samples ?? [];
    expect(samples.filter((sample) => sample.kind === "report" && sample.phase === "load")).toHaveLength(400);
    const [last, ended] = [
      samples.findLastIndex((sample) => sample.kind === "report"),
      samples.findIndex((sample) => sample.kind === "phase" && sample.event === "end"),
    ];
    expect(last).toBeLessThan(ended);
  });

  test("with an intervention whose condition never holds is a fault", async () => {
    const when = { sockets: { host: "server", state: "CLOSE-WAIT" as const }, atLeast: 1 };
    const interventions: Setup["interventions"] = [
      { name: "never", phase: "load", when, do: { signal: "SIGKILL", program: "server" } },
    ];
    const { end } = await run(setupWith("echo.mjs", { interventions }));
    expect(end.because).toBe("the condition of the intervention never never held");
  });

  test("refuses a sysctl that is not the host's own", async () => {
    const hosts = { server: { "kernel.pid_max": "4194304" } };
    const { end, recording } = await run(setupWith("echo.mjs", { hosts }));
    expect(end.because).toMatch(
      /kernel\.pid_max is not among the sysctls known to belong to a network namespace/,
    );
    expect(recording).toBeNull();
  });

  test("writes a host's sysctls and reads them back", async () => {
    const hosts = { client: { "net.ipv4.ip_local_port_range": "40000 40046" } };
    const { recording } = await run(setupWith("echo.mjs", { hosts }));
    expect(recording?.header.sysctls["client"]?.["net.ipv4.ip_local_port_range"]).toBe("40000 40046");
    expect(recording?.header.sysctls["server"]?.["net.ipv4.ip_local_port_range"]).not.toBe("40000 40046");
  });

  test("that cannot write its recording says why in one sentence", async () => {
    const { end, recording } = await run(setupWith("echo.mjs"), "/proc/no/such.ndjson");
    expect(end.reason).toBe("fault");
    expect(end.because).toMatch(/cannot make the recording \/proc\/no\/such\.ndjson/);
    expect(recording).toBeNull();
  });

  test("limits descriptors as the setup says", async () => {
    const { end, recording } = await run(setupWith("echo.mjs", {}, { nofile: 64 }));
    expect(end.reason).toBe("completed");
    expect(
      recording?.samples.some((sample) => sample.kind === "processes" && sample.processes.length === 1),
    ).toBe(true);
  });

  test("leaves no process behind, not even one that left its server's group", async () => {
    const { end, recording } = await run(setupWith("echo.mjs --helper"));
    expect(end).toEqual({ reason: "completed" });
    const helpers = new Set(
      recording?.samples.flatMap((sample) =>
        sample.kind === "processes"
          ? sample.processes.filter((row) => row.name === "sleep").map((row) => row.pid)
          : [],
      ),
    );
    expect(helpers.size).toBe(1);
    for (const pid of helpers) {
      expect(
        await until(
          () => lab.outerPid(pid),
          (seen) => seen === null,
          3000,
        ),
      ).toBeNull();
    }
  });
});

test("the recording shows that the trial's own process got no processor time", async () => {
  const other = await Laboratory.open();
  const phases: Setup["phases"] = [{ name: "load", until: { elapsedMs: 6000 } }];
  const setup = setupWith("echo.mjs", { phases });
  const out = join(folder.path, "busy.ndjson");
  let begun = false;
  const { ended } = other.run(
    { experiment: "test", variant: "test", baseDir: fixtures, hold: false, pcap: null, setup, out },
    // The server is ready by then, so its start is not part of this test.
    ({ kind }) => {
      begun ||= kind === "phase";
    },
  );
  await until(() => begun, Boolean, 20_000);
  // A stopped process gets no processor time. The trial is the only child of the lab's first process.
  const [trial] = childrenOf(other.outerPid(1) ?? 0);
  expect(trial).toBeGreaterThan(0);
  const stoppedMs = performance.now();
  if (trial !== undefined) process.kill(trial, "SIGSTOP");
  await until(
    () => performance.now() - stoppedMs,
    (ms) => ms > 3500,
    20_000,
  );
  if (trial !== undefined) process.kill(trial, "SIGCONT");
  expect(await ended).toEqual({ reason: "completed" });
  const recording = readRecording(out);
  const late = recording.samples.flatMap((sample) => (sample.kind === "pressure" ? [sample.lookLateUs] : []));
  expect(Math.max(...late)).toBeGreaterThan(3_000_000);
  expect(starvation(recording)).not.toBeNull();
  await other.close();
});
