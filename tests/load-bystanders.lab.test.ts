import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { cleanUp, folder, insideNamespace, type Load } from "./lab/load-command.ts";
import { needs } from "./programs/needs.ts";

// The segments of other connections in the namespace of a load.

afterAll(cleanUp);

/** A connection that is open before the load begins, and then carries bytes until this process ends. */
const DOWNLOAD = `
import net from "node:net";
const piece = Buffer.alloc(20_000);
const server = net.createServer((peer) => setInterval(() => peer.write(piece), 5));
server.listen(5001, "127.0.0.1", () => {
  const client = net.connect(5001, "127.0.0.1");
  client.once("data", () => console.log("ready 5001"));
  client.resume();
});
`;

test("a download beside the load is noticed, and named", needs("ip"), () => {
  writeFileSync(join(folder.path, "download.mjs"), DOWNLOAD);
  const { stdout, stderr } = insideNamespace(`
    ip link set lo up
    mkfifo "$FOLDER/ready" "$FOLDER/running"
    "$NODE" "$SERVER" --port 8080 --host 127.0.0.1 > "$FOLDER/ready" &
    read -r line < "$FOLDER/ready"
    run() { "$NODE" "$MAIN" load http://127.0.0.1:8080/ --rate 100 --warm-up 0.2 --duration 1 --json || true; }
    run
    echo ----
    "$NODE" "$FOLDER/download.mjs" > "$FOLDER/running" &
    read -r line < "$FOLDER/running"
    run
  `);
  const [alone, beside] = stdout.split("----\n").map((json) => JSON.parse(json) as Load);
  expect(alone?.bystanders, stderr).toEqual({ opened: 0, segments: 0, most: null });
  expect(beside?.bystanders, stderr).toEqual({
    opened: 0,
    segments: expect.any(Number) as number,
    most: expect.stringMatching(/^127\.0\.0\.1:\d+ to 127\.0\.0\.1:\d+$/) as string,
  });
  expect(beside?.bystanders.segments).toBeGreaterThan(10);
});
