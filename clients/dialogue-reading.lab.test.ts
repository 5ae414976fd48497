import { once } from "node:events";
import { afterEach, describe, expect, test } from "vitest";
import { descriptorOf, getTcpInfo } from "../harness/kernel/sockopt.ts";
import { endDialogues, inShort, LONG, play, start } from "./fixture/dialogue-process.fixture.ts";
import { closeServers, rawServer, type RunningServer } from "./fixture/server.fixture.ts";

afterEach(async () => {
  endDialogues();
  await closeServers();
});

describe("with a server that does not read", () => {
  /** A server that stops reading, and a way to let it answer and reset every connection. */
  async function unreading(): Promise<RunningServer & { refuse: () => Promise<void> }> {
    const server = await rawServer((peer) => void peer.pause());
    const refuse = async (): Promise<void> => {
      for (const peer of server.peers) {
        await new Promise<void>(
          (resolve) => void peer.write("HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n", () => resolve()),
        );
        // Bytes are unread, so close() sends an RST.
        peer.destroy();
      }
    };
    return Object.assign(server, { refuse });
  }
  const UPLOAD = "send POST / HTTP/1.1\\r\\nContent-Length: 100000000\\r\\n\\r\\n";

  test("fill gives up at its limit, with the bytes that the kernel has", async () => {
    const { to } = await unreading();
    const { steps, connections } = await play(to, [UPLOAD, "try fill 100000000 300", "wait 5"]);
    expect(inShort(steps).slice(2)).toEqual(["fill timeout", "wait ok"]);
    expect(steps[2]!["bytes"]).toBeGreaterThan(10_000);
    expect(steps[2]!["bytes"]).toBeLessThan(100_000_000);
    expect(connections[0]).toMatchObject({ outcome: "ok", ended: null });
    // The kernel can take the piece that was under way later.
    const later =
      Number(connections[0]!["sentBytes"]) - Number(steps[1]!["bytes"]) - Number(steps[2]!["bytes"]);
    expect([0, 16_384]).toContain(later);
  });

  test.each([
    ["reads meanwhile", []],
    ["does not read meanwhile", ["pause"]],
  ])("an early answer before an RST can be read by a client that %s", async (_name, pause) => {
    const { to, refuse, peers } = await unreading();
    const resume = pause.length > 0 ? ["resume"] : [];
    const { child, printed } = start([
      "--to",
      to,
      UPLOAD,
      ...pause,
      "try fill 100000000",
      ...resume,
      `answer ${LONG}`,
    ]);
    const exited = once(child, "close");
    // Both buffers are full when the client has sent nothing more for some time.
    let before = -1;
    await expect
      .poll(
        () => {
          const received = getTcpInfo(descriptorOf(peers[0]!)).bytesReceived ?? 0;
          const isStill = received > 10_000 && received === before;
          before = received;
          return isStill;
        },
        { interval: 200 },
      )
      .toBe(true);
    await refuse();
    await exited;
    const fill = printed.steps.find(({ step }) => step === "fill")!;
    expect(["EPIPE", "ECONNRESET"]).toContain(fill["outcome"]);
    expect(fill["bytes"]).toBeLessThan(100_000_000);
    expect(printed.steps.at(-1)).toMatchObject({ step: "answer", outcome: "ok", status: 413 });
    expect(printed.connections[0]).toMatchObject({ outcome: "ok", ended: "ECONNRESET", reset: true });
  });
});

describe("a client that does not read", () => {
  const MUCH = 8_388_608;
  const muchServer = () => rawServer((peer) => void peer.write(Buffer.alloc(MUCH)));

  test("takes nothing from the kernel, and the window is that of --receive-buffer from the SYN on", async () => {
    const { to, peers } = await muchServer();
    const { child, printed } = start(["--to", to, "--receive-buffer", "4096", "pause", "send a", "stay"]);
    await expect.poll(() => peers[0]?.writableLength ?? 0).toBeGreaterThan(MUCH / 2);
    // The window is used up: the kernel of the other end knows that nobody reads.
    await expect.poll(() => getTcpInfo(descriptorOf(peers[0]!)).notSentBytes ?? 0).toBeGreaterThan(0);
    const { bytesAcked } = getTcpInfo(descriptorOf(peers[0]!));
    child.kill("SIGTERM");
    await expect.poll(() => printed.connections.length).toBe(1);
    expect(printed.connections[0]).toMatchObject({ outcome: "ok", receivedBytes: 0 });
    expect(bytesAcked).toBeLessThan(16_384);
  });

  test("gets everything after resume", async () => {
    const { to } = await muchServer();
    const { steps } = await play(to, ["pause", "send a", "wait 100", "resume", `bytes ${MUCH} ${LONG}`]);
    expect(steps.at(-1)).toMatchObject({ step: "bytes", outcome: "ok", bytes: MUCH });
  });

  test("keeps a bounded part of what no step reads, and gets the rest later", async () => {
    const { to, peers } = await muchServer();
    const { child, printed } = start(["--to", to, "send a", "wait 300", `bytes ${MUCH} ${LONG}`]);
    const exited = once(child, "close");
    await expect.poll(() => peers.length).toBe(1);
    await exited;
    expect(printed.steps.at(-1)).toMatchObject({ step: "bytes", outcome: "ok", bytes: MUCH });
  });
});

describe("a change of protocol", () => {
  const UPGRADE = "send GET / HTTP/1.1\\r\\nHost: x\\r\\nUpgrade: websocket\\r\\n\\r\\n";
  const steps = [UPGRADE, `switch ${LONG}`, `try close-frame ${LONG}`, "wait 5"];

  test("is read as an answer, and frames after it up to a Close frame", async () => {
    const frames = "\x81\x05hello\x88\x02\x03\xea";
    const { to } = await rawServer((peer) =>
      peer.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n${frames}`, "latin1"),
    );
    const run = await play(to, steps);
    expect(inShort(run.steps).slice(2)).toEqual(["switch ok", "close-frame ok", "wait ok"]);
    expect(run.steps[2]).toMatchObject({ status: 101 });
    expect(run.steps[3]).toMatchObject({ frames: 1, code: 1002 });
  });

  test("that is refused ends the steps", async () => {
    const { to } = await rawServer((peer) => peer.write("HTTP/1.1 426 No\r\nContent-Length: 0\r\n\r\n"));
    const run = await play(to, steps);
    expect(inShort(run.steps).slice(2)).toEqual(["switch refused"]);
    expect(run.steps[2]).toMatchObject({ status: 426 });
    expect(run.connections[0]).toMatchObject({ outcome: "refused", step: "switch" });
  });

  test("that the server answers with a FIN is told apart", async () => {
    const { to } = await rawServer((peer) => void peer.end());
    expect(inShort((await play(to, steps)).steps).slice(2)).toEqual(["switch empty"]);
  });
});
