import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { LineSocket, reach, waitAt } from "./line-socket.ts";

const folder = mkdtempSync(join(tmpdir(), "lastack-lines-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("lines arrive whole and in order, into whatever pieces they were cut", async () => {
  const pieces = fc.array(fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", " ")));
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 1, max: 7 }), async (lines, size) => {
      const heard: string[] = [];
      const server = createServer((socket) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        for (let at = 0; at < bytes.length; at += size) socket.write(bytes.subarray(at, at + size));
        socket.end();
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
      await new Promise<void>((resolve) => {
        new LineSocket(socket).listen((line) => heard.push(line), resolve);
      });
      server.close();
      expect(heard).toEqual(lines);
    }),
    { numRuns: 30 },
  );
});

test("a peer that comes too early tries again, and notices when the other end closes", async () => {
  const path = join(folder, "late.sock");
  const reaching = reach(path, 10_000);
  let greet = (_: LineSocket): void => {};
  const greeted = new Promise<LineSocket>((resolve) => {
    greet = resolve;
  });
  const server = await waitAt(path, (peer) => greet(peer));
  const near = await reaching;
  const far = await greeted;
  const heard = new Promise<string>((resolve) => far.listen(resolve));
  near?.say({ kind: "hello" });
  expect(await heard).toBe('{"kind":"hello"}');
  const gone = new Promise<void>((resolve) => near?.listen(() => {}, resolve));
  far.close();
  await gone;
  near?.say({ kind: "to nobody" });
  server.close();
});

test("without a peer the result is null: when the time is over, or at once when isVain returns true", async () => {
  expect(await reach(join(folder, "nobody.sock"), 60)).toBeNull();
  expect(await reach(join(folder, "nobody.sock"), 600_000, () => true)).toBeNull();
});
