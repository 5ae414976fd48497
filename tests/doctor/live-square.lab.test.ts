import { describe, expect, test } from "vitest";
import { setupOf } from "../../harness/model/short-setup.ts";
import { lasting, live, withCounts, withOtherPorts } from "./live-square.ts";
import { liveModes } from "./modes.ts";

// Ten modes, in about a minute and a half. All of them, also as an ordinary user: npm run soak -- doctor.
const SAMPLE = [
  ["accept-queue-overflow", "buggy", 1],
  ["close-wait-leak", "buggy", 2],
  ["ephemeral-port-exhaustion", "buggy", 1],
  ["forked-child-holds-connection", "buggy", 1],
  ["nagle-delayed-ack", "buggy", 1],
  ["abandoned-connection", "buggy", 1],
  ["close-wait-never-accepted", "buggy", 1],
  ["invisible-descriptor-leak", "buggy", 1],
  ["slowloris", "buggy", 1],
  ["somaxconn-clamp", "buggy", 1],
  ["accept-queue-overflow", "fixed", 1],
  ["close-wait-leak", "fixed", 1],
] as const;

const modes = await liveModes();

describe("the doctor names the mode of a live program, and accuses no cure", () => {
  test.each(SAMPLE)("%s/%s, %i times", async (id, variant, times) => {
    const mode = modes.find((one) => one.id === id);
    expect(mode).toBeDefined();
    if (mode !== undefined) expect((await live({ mode, variant, times, who: "own" })).faults).toEqual([]);
  });
});

describe("a setup", () => {
  const setup = setupOf({
    servers: { one: "a/b --port 8080", two: { run: "c {here}/d.py 8081", listens: 8081 } },
    clients: { load: "clients/short-tcp --to {server}:8080 --attempts 97 --rate 80" },
    phases: [
      { name: "load", until: { sockets: { host: "server", state: "CLOSE-WAIT", port: 8080 }, atLeast: 23 } },
    ],
  });

  test("with other ports has them in its commands, its listeners and its conditions", () => {
    const other = withOtherPorts(setup);
    expect(other.programs["one"]?.run).toEqual(["a/b", "--port", "18080"]);
    expect(other.programs["two"]).toMatchObject({ run: ["c", "{here}/d.py", "18081"], listens: 18_081 });
    expect(other.programs["load"]?.run).toContain("{server}:18080");
    expect(other.programs["load"]?.run).toContain("80");
    expect(other.phases[0]?.until).toMatchObject({ sockets: { port: 18_080 } });
  });

  test("that lasts has patient clients and phases, and keeps its short times", () => {
    const waits = setupOf({
      servers: { one: "a/b --port 8080" },
      clients: { load: "clients/short-tcp --to {server}:8080 --timeout-ms 2800 --hold-ms 50" },
      phases: [
        { name: "load", until: { elapsedMs: 2800 } },
        { name: "drain", until: { elapsedMs: 200 } },
      ],
    });
    const long = lasting(waits);
    expect(long.programs["load"]?.run.slice(-4)).toEqual(["--timeout-ms", "8000", "--hold-ms", "50"]);
    expect(long.phases.map(({ until }) => until)).toEqual([{ elapsedMs: 8000 }, { elapsedMs: 200 }]);
  });

  test("with twice the count has it in its commands and its conditions", () => {
    const more = withCounts(setup, 2);
    expect(more.programs["load"]?.run).toContain("194");
    expect(more.phases[0]?.until).toMatchObject({ atLeast: 46 });
    expect(withCounts(setup, 0.5).phases[0]?.until).toMatchObject({ atLeast: 11 });
  });
});
