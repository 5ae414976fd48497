import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { runClient } from "./fixture/client-process.fixture.ts";
import { closeServers, listen, rawServer } from "./fixture/server.fixture.ts";

// Requests with a body from a file, larger than any socket buffer.
const folder = mkdtempSync(join(tmpdir(), "lastack-body-"));
const file = join(folder, "body");
const BODY = Buffer.alloc(8 * 1024 * 1024, "a body, ");
writeFileSync(file, BODY);

afterEach(closeServers);
afterAll(() => rmSync(folder, { recursive: true }));

const digest = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

test.each(["short-http", "long-http", "undici"])(
  "%s sends the whole file with every request",
  async (client) => {
    const seen: unknown[] = [];
    const { to } = await listen(
      createHttpServer((request, response) => {
        const parts: Buffer[] = [];
        request.on("data", (part: Buffer) => parts.push(part));
        request.on("end", () => {
          const type = request.headers["content-type"];
          seen.push([request.method, type, digest(Buffer.concat(parts))]);
          response.end("thanks\n");
        });
      }),
    );
    const run = await runClient(client, [
      "--to",
      to,
      "--attempts",
      "7",
      "--concurrency",
      "3",
      "--body",
      file,
    ]);
    expect(run).toMatchObject({ code: 0, stderr: "", outcomes: { ok: 7 } });
    expect(seen).toEqual(Array.from({ length: 7 }, () => ["POST", "application/octet-stream", digest(BODY)]));
  },
);

test("a server that answers before it has read the body: the answer counts, and the connection is not used again", async () => {
  // It answers the first bytes of each connection, and reads no more.
  const { to } = await rawServer((peer) => {
    peer.pause();
    peer.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n");
  });
  const args = ["--to", to, "--attempts", "5", "--concurrency", "1", "--body", file];
  const run = await runClient("long-http", args);
  expect(run).toMatchObject({ code: 0, stderr: "", outcomes: { "status 413": 5 } });
  expect(new Set(run.attempts.map(({ connection }) => connection)).size).toBe(5);
});
