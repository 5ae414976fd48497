import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { clientCommand } from "./fixture/client-process.fixture.ts";
import { endDialogues, GET, inShort, LONG, play, start, WHOLE } from "./fixture/dialogue-process.fixture.ts";
import { closeServers, listen, rawServer } from "./fixture/server.fixture.ts";

const listeners: ChildProcess[] = [];

afterEach(async () => {
  endDialogues();
  for (const child of listeners.splice(0)) child.kill("SIGKILL");
  await closeServers();
});

/** A port at which nobody listens. */
async function freePort(): Promise<number> {
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port } = free.address() as AddressInfo;
  free.close();
  await once(free, "close");
  return port;
}

describe("the end of a connection", () => {
  test("is read by end: a FIN after bytes, and an RST", async () => {
    const fin = await rawServer((peer) => peer.end("1234567"));
    const rst = await rawServer((peer) => peer.resetAndDestroy());
    const [one, other] = [await play(fin.to, [GET, `end ${LONG}`]), await play(rst.to, [GET, `end ${LONG}`])];
    expect(one.steps.at(-1)).toMatchObject({ outcome: "FIN", bytes: 7 });
    expect(one.connections[0]).toMatchObject({ outcome: "ok", ended: "FIN", reset: false });
    expect(other.steps.at(-1)).toMatchObject({ outcome: "ECONNRESET", bytes: 0 });
    expect(other.connections[0]).toMatchObject({ outcome: "ok", ended: "ECONNRESET", reset: true });
  });

  test("is an RST also when bytes come right before it", async () => {
    const { to } = await rawServer((peer) => {
      peer.write("1234567");
      peer.resetAndDestroy();
    });
    const { steps } = await play(to, ["--connections", "97", GET, `end ${LONG}`]);
    const ends = steps.filter(({ step }) => step === "end");
    expect(ends).toHaveLength(97);
    for (const end of ends) expect(end).toMatchObject({ outcome: "ECONNRESET", bytes: 7 });
  });

  test("that does not come is a timeout", async () => {
    const { to } = await rawServer(() => {});
    const { steps, connections } = await play(to, [GET, "end 100", "wait 5"]);
    expect(inShort(steps)).toEqual(["connect ok", "send ok", "end timeout"]);
    expect(connections[0]).toMatchObject({ outcome: "timeout", step: "end", ended: null });
  });

  test.each([
    ["FIN", (peer: Socket) => void peer.end(), false],
    ["ECONNRESET", (peer: Socket) => void peer.resetAndDestroy(), true],
  ])("%s is reported with its time when no step reads for it", async (how, end, reset) => {
    const { to, peers } = await rawServer((peer) => peer.write(WHOLE));
    const { child, printed } = start(["--to", to, GET, `answer ${LONG}`, "stay"]);
    const exited = once(child, "exit");
    await expect.poll(() => printed.steps.length).toBe(3);
    const before = process.hrtime.bigint() / 1000n;
    end(peers[0]!);
    await expect.poll(() => printed.ends.length).toBe(1);
    child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
    await expect.poll(() => printed.connections.length).toBe(1);
    const [ended] = printed.ends;
    expect(ended).toMatchObject({ how, connection: 1, localPort: printed.steps[0]!["localPort"] });
    expect(ended!["monotonicUs"]).toBeGreaterThanOrEqual(Number(before));
    const answered = printed.steps[2]!;
    const answeredUs = Number(answered["monotonicUs"]) + Number(answered["ms"]) * 1000;
    const idleUs = Number(ended!["monotonicUs"]) - answeredUs;
    expect(Number(ended!["idleMs"]) * 1000).toBeGreaterThanOrEqual(idleUs);
    expect(printed.steps.at(-1)).toMatchObject({ step: "stay", outcome: "ok" });
    const { idleMs } = ended!;
    expect(printed.connections[0]).toMatchObject({ outcome: "ok", ended: how, idleMs, reset });
  });

  test("by this client is a FIN, an RST, or the FIN of one half", async () => {
    // What the server sees of each connection. Its answer to a client that has closed already may end in an error too, and late.
    const connections: string[][] = [];
    const server = createServer({ allowHalfOpen: true }, (peer) => {
      const seen: string[] = [];
      connections.push(seen);
      peer.on("end", () => {
        seen.push("FIN");
        peer.end("bye");
      });
      peer.on("error", ({ message }) => seen.push(message));
      peer.resume();
    });
    const { to } = await listen(server);
    const half = await play(to, ["send a", "shutdown", `end ${LONG}`, "close"]);
    expect(inShort(half.steps)).toEqual(["connect ok", "send ok", "shutdown ok", "end FIN", "close ok"]);
    expect(half.steps[3]).toMatchObject({ bytes: 3 });
    await expect.poll(() => connections[0]).toEqual(["FIN"]);
    await play(to, ["send a", "close", "wait 5"]);
    await expect.poll(() => connections[1]?.[0]).toBe("FIN");
    const reset = await play(to, ["send a", "reset", "wait 5"]);
    expect(reset.connections[0]).toMatchObject({ outcome: "ok", ended: null, reset: false });
    await expect.poll(() => connections[2]).toEqual(["read ECONNRESET"]);
  });
});

test("a server that does not listen refuses, and one that accepts nothing more is a timeout", async () => {
  const port = await freePort();
  const refused = await play(`127.0.0.1:${port}`, [GET]);
  expect(inShort(refused.steps)).toEqual(["connect ECONNREFUSED"]);
  expect(refused.connections[0]).toMatchObject({
    outcome: "ECONNREFUSED",
    step: "connect",
    nth: 1,
    ended: null,
  });
  expect(refused.connections[0]!["localPort"]).toBeGreaterThan(0);
  // The backlog of this listener holds two connections, and its process accepts none.
  const [executable = "", ...rest] = clientCommand("calls", ["listen 0 1", "stay"]);
  const full = spawn(executable, rest, { stdio: ["ignore", "pipe", "inherit"] });
  listeners.push(full);
  let heard = "";
  full.stdout.setEncoding("utf8").on("data", (piece: string) => (heard += piece));
  await expect.poll(() => heard).toMatch(/^ready \d+$/m);
  const to = `127.0.0.1:${/^ready (\d+)$/m.exec(heard)![1]}`;
  const run = await play(to, ["--connections", "5", "connect 700", "together 2"]);
  const outcomes = run.connections.map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === "ok")).toHaveLength(2);
  expect(outcomes.filter((outcome) => outcome === "timeout")).toHaveLength(3);
});
