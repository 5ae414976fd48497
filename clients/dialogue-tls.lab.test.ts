import type { Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import {
  endDialogues,
  GET,
  httpServer,
  inShort,
  LONG,
  play,
  WHOLE,
} from "./fixture/dialogue-process.fixture.ts";
import { closeServers, httpsServer, rawServer, secureServer } from "./fixture/server.fixture.ts";

afterEach(async () => {
  endDialogues();
  await closeServers();
});

test("the handshake is a step of its own, and the answer is that of any server", async () => {
  const { to, seen } = await httpsServer();
  const steps = [`handshake ${LONG}`, GET, `answer ${LONG}`, "close"];
  const run = await play(to, ["--tls", "--name", "localhost", "--connections", "23", ...steps]);
  expect(run.connections.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 23 }, () => "ok"));
  const first = run.steps.filter(({ connection }) => connection === 1);
  expect(inShort(first)).toEqual(["connect ok", "handshake ok", "send ok", "answer ok", "close ok"]);
  expect(first[1]).toMatchObject({ version: "TLSv1.3" });
  expect(first[3]).toMatchObject({ status: 200, bodyBytes: 6 });
  await expect.poll(() => seen).toEqual({ connections: 23, requests: 23, clientFins: 0, resets: 0 });
});

test.each<[string, (peer: Socket, raw: () => Socket) => void, boolean]>([
  ["a close_notify before the FIN", (peer) => void peer.end(), true],
  ["a FIN alone", (_peer, raw) => void raw().destroy(), false],
])("%s is told apart from the other", async (_name, end, closeNotify) => {
  const server = await secureServer((peer, data) => {
    if (data.includes("GET")) peer.write(WHOLE);
    else end(peer, () => server.peers[0]!);
  });
  const bye = ["send bye", `end ${LONG}`];
  const run = await play(server.to, ["--tls", `handshake ${LONG}`, GET, `answer ${LONG}`, ...bye]);
  expect(run.steps.at(-1)).toMatchObject({ step: "end", outcome: "FIN", bytes: 0, closeNotify });
  expect(run.connections[0]).toMatchObject({ outcome: "ok", ended: "FIN", closeNotify });
  expect(run.closeNotifies.length).toBe(closeNotify ? 1 : 0);
});

test("bytes right before a close_notify and before a FIN are read, and both ends are told apart", async () => {
  const notified = await secureServer((peer) => void peer.end("1234567"));
  const run = await play(notified.to, ["--tls", `handshake ${LONG}`, "send a", `end ${LONG}`]);
  expect(run.steps.at(-1)).toMatchObject({ outcome: "FIN", bytes: 7, closeNotify: true });
});

test("shutdown sends a close_notify, so the server ends its half, too", async () => {
  const { to } = await httpsServer();
  const run = await play(to, [
    "--tls",
    `handshake ${LONG}`,
    GET,
    `answer ${LONG}`,
    "shutdown",
    `end ${LONG}`,
  ]);
  expect(inShort(run.steps.slice(-2))).toEqual(["shutdown ok", "end FIN"]);
  expect(run.connections[0]).toMatchObject({ outcome: "ok", closeNotify: true, reset: false });
});

test("a server without TLS, one that is silent, and one that closes have outcomes of their own", async () => {
  const plain = await httpServer();
  const silent = await rawServer(() => {});
  const closing = await rawServer((peer) => void peer.end());
  const reset = await rawServer((peer) => void peer.resetAndDestroy());
  const handshake = async (to: string, limit: string) => {
    const { steps, connections } = await play(to, ["--tls", `handshake ${limit}`, "send a"]);
    expect(connections[0]).toMatchObject({ step: "handshake", nth: 2, outcome: steps[1]!["outcome"] });
    return inShort(steps);
  };
  // Node reads the first bytes of "HTTP/1.1 400" as a record of an unknown version.
  expect(await handshake(plain.to, LONG)).toEqual(["connect ok", "handshake ERR_SSL_WRONG_VERSION_NUMBER"]);
  expect(await handshake(silent.to, "200")).toEqual(["connect ok", "handshake timeout"]);
  expect(await handshake(closing.to, LONG)).toEqual(["connect ok", "handshake FIN"]);
  expect(await handshake(reset.to, LONG)).toEqual(["connect ok", "handshake ECONNRESET"]);
});
