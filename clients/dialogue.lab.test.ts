import { once } from "node:events";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { numbers } from "./fixture/client-process.fixture.ts";
import {
  endDialogues,
  GET,
  HEAD,
  httpServer,
  inShort,
  LONG,
  play,
  start,
  WHOLE,
} from "./fixture/dialogue-process.fixture.ts";
import type { Line } from "./fixture/dialogue-process.fixture.ts";
import { closeServers, rawServer } from "./fixture/server.fixture.ts";

afterEach(async () => {
  endDialogues();
  await closeServers();
});

test("the steps of a connection are played and reported in order", async () => {
  const { to, urls } = await httpServer();
  const run = await play(to, [GET, `answer ${LONG}`, HEAD, `answer ${LONG}`, "wait 5", "close"]);
  expect(run).toMatchObject({ code: 0, stderr: "" });
  expect(inShort(run.steps)).toEqual([
    ...["connect ok", "send ok", "answer ok", "send ok", "answer ok", "wait ok", "close ok"],
  ]);
  expect(run.steps.map(({ nth }) => nth)).toEqual(numbers(7));
  const answer = {
    version: "1.1",
    status: 200,
    connectionField: "keep-alive",
    persistent: true,
    complete: true,
  };
  expect(run.steps[2]).toMatchObject({ ...answer, bodyBytes: 6, keepAliveSeconds: 900 });
  expect(run.steps[4]).toMatchObject({ ...answer, bodyBytes: 0 });
  expect(urls).toEqual(["/1", "/"]);
  const [connection] = run.connections;
  expect(connection).toMatchObject({ outcome: "ok", step: null, nth: null, ended: null, reset: false });
  const { localPort, monotonicUs, sentBytes, receivedBytes } = connection!;
  const sum = (step: string): number =>
    run.steps.reduce((total, line) => total + (line["step"] === step ? Number(line["bytes"]) : 0), 0);
  expect([sentBytes, receivedBytes]).toEqual([sum("send"), sum("answer")]);
  for (const step of run.steps) expect(step).toMatchObject({ connection: 1, localPort });
  const times = [monotonicUs, ...run.steps.map((step) => step["monotonicUs"])].map(Number);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

describe("an answer", () => {
  const cases: [string, (peer: Socket) => void, string, Line][] = [
    ["whole", (peer) => peer.end(WHOLE), "ok", { status: 200, bodyBytes: 5, complete: true }],
    [
      "ended by a FIN",
      (peer) => peer.end("HTTP/1.0 200 OK\r\n\r\nabc"),
      "ok",
      { bodyBytes: 3, version: "1.0" },
    ],
    [
      "cut by a FIN",
      (peer) => peer.end(WHOLE.slice(0, -2)),
      "truncated",
      { status: 200, bodyBytes: 3, complete: false },
    ],
    ["cut in its head", (peer) => peer.end(WHOLE.slice(0, 20)), "truncated", { status: null }],
    ["that is only a FIN", (peer) => peer.end(), "empty", { bytes: 0 }],
    ["that is an RST", (peer) => peer.resetAndDestroy(), "ECONNRESET", { bytes: 0 }],
    ["that is no HTTP", (peer) => peer.write("SSH-2.0-x\r\n"), "not-http", { status: null }],
    [
      "with a bad chunk",
      (peer) => peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"),
      "bad-chunk",
      {},
    ],
  ];
  test.each(cases)("%s", async (_name, answer, outcome, fields) => {
    const { to } = await rawServer(answer);
    const run = await play(to, [GET, `answer ${LONG}`]);
    expect(run.steps.at(-1)).toMatchObject({ step: "answer", nth: 3, outcome, ...fields });
    const failed = outcome === "ok" ? { step: null, nth: null } : { step: "answer", nth: 3 };
    expect(run.connections[0]).toMatchObject({ outcome, ...failed });
    expect(run.code).toBe(0);
  });

  test("that never comes is a timeout, and the rest is not played", async () => {
    const { to, peers } = await rawServer((peer) => peer.write(WHOLE.slice(0, -2)));
    const run = await play(to, [GET, "answer 200", "end"]);
    expect(inShort(run.steps)).toEqual(["connect ok", "send ok", "answer timeout"]);
    expect(run.steps.at(-1)!["ms"]).toBeGreaterThanOrEqual(200);
    expect(run.connections[0]).toMatchObject({ outcome: "timeout", step: "answer", nth: 3, ended: null });
    await expect.poll(() => peers[0]!.readableEnded).toBe(true);
  });

  test("to each of two pipelined requests is read by its own step, again and again", async () => {
    const { to, urls } = await httpServer();
    const both = [HEAD, GET, `answer ${LONG}`, `answer ${LONG}`];
    const { steps, connections } = await play(to, ["--repeat", "3", ...both]);
    const answers = steps.filter(({ step }) => step === "answer");
    expect(answers.map(({ nth, bodyBytes }) => [nth, bodyBytes])).toEqual([
      ...[4, 5, 8, 9, 12, 13].map((nth) => [nth, nth % 4 === 0 ? 0 : 6]),
    ]);
    expect(urls).toHaveLength(6);
    expect(connections[0]).toMatchObject({ outcome: "ok" });
  });
});

test("drip sends one byte after another, and some reads what comes", async () => {
  const pieces: string[] = [];
  const { to } = await rawServer((peer, data) => {
    pieces.push(data.toString("latin1"));
    if (data.includes("\n")) peer.write("thanks");
  });
  const { steps } = await play(to, ["drip 20 a{n}\\xff\\n", `some ${LONG}`]);
  expect(steps[1]).toMatchObject({ step: "drip", outcome: "ok", bytes: 4 });
  expect(steps[1]!["ms"]).toBeGreaterThanOrEqual(60);
  expect(pieces.join("")).toBe("a1\xff\n");
  expect(steps[2]).toMatchObject({ step: "some", outcome: "ok", bytes: 6 });
});

test("SIGTERM ends all connections quietly, with what is known of them", async () => {
  const { to } = await rawServer(() => {});
  const { child, printed } = start([
    "--to",
    to,
    "--connections",
    "7",
    "--concurrency",
    "5",
    "send a",
    `some ${LONG}`,
  ]);
  const closed = once(child, "close");
  await expect.poll(() => printed.steps.length).toBe(10);
  child.kill("SIGTERM");
  expect(await closed).toEqual([0, null]);
  expect(printed.connections).toHaveLength(5);
  for (const line of printed.connections)
    expect(line).toMatchObject({ outcome: "ECANCELED", step: "some", sentBytes: 1 });
});

test.each([
  [["--to", "127.0.0.1:1"], "no step was given"],
  [["close"], "--to takes ADDRESS:PORT"],
  [["--to", "localhost:80", "close"], "localhost is not an IPv4 or IPv6 address"],
  [["--to", "127.0.0.1:1", "cloze"], '"cloze" is no step'],
  [["--to", "127.0.0.1:1", "--connections", "0", "close"], "--connections takes a whole number"],
  [["--to", "127.0.0.1:1", "--connections", "9", "--concurrency", "3", "together 5"], "would wait for ever"],
  [["--to", "127.0.0.1:1", "--name", "x", "close"], "--name is for --tls"],
  [["--to", "127.0.0.1:1", "--nonsense", "close"], "--nonsense"],
])("wrong usage gives a sentence and exit code 64: %j", async (args, why) => {
  const { child } = start(args);
  const closed = once(child, "close");
  expect(await text(child.stderr!)).toContain(why);
  expect(await closed).toEqual([64, null]);
});
