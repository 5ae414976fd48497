import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { orderOf } from "./order.ts";

const folder = mkdtempSync(join(tmpdir(), "lastack-order-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "server.js"), "");
writeFileSync(join(folder, "my-server"), "#!/bin/sh\n");
chmodSync(join(folder, "my-server"), 0o755);

describe("an order", () => {
  test("has defaults for what was not given", () => {
    const order = orderOf(["sh", "-c", "true"], { cwd: folder });
    expect(order).toMatchObject({
      command: ["sh", "-c", "true"],
      user: { folder },
      environment: {},
      isTls: false,
      request: { http: "GET /" },
      withinMs: 10_000,
      bounds: { patienceMs: 10_000, answerMs: 5_000, connections: 997, reuses: 1_000 },
    });
    expect(order.user.environment["PATH"]).toBe(process.env["PATH"]);
    expect(order).not.toHaveProperty("port");
  });

  test("takes what was given, with seconds as milliseconds", () => {
    const options = {
      port: 80,
      ready: "up",
      raw: "PING\\r\\n",
      patience: 0.25,
      answerWithin: 1,
      readyWithin: 60,
    };
    expect(orderOf(["sh"], options)).toMatchObject({
      port: 80,
      readyText: "up",
      request: { raw: "PING\\r\\n" },
      withinMs: 60_000,
      bounds: { patienceMs: 250, answerMs: 1_000 },
    });
  });

  test.each<[string[], Record<string, unknown>, RegExp]>([
    [[], {}, /needs the server's command/],
    [["no-such-server"], {}, /^There is no command no-such-server on the PATH\.$/],
    [["my-server"], { cwd: folder }, /The file of that name in .* is written \.\/my-server\./],
    [["./nowhere"], { cwd: folder }, /^There is no file \.\/nowhere in /],
    [["/nowhere/server"], {}, /^There is no file \/nowhere\/server\.$/],
    [["./server.js"], { cwd: folder }, /"-- node \.\/server\.js"/],
    [["sh"], { cwd: join(folder, "nowhere") }, /There is no folder .*nowhere in which/],
    [["sh"], { cwd: join(folder, "server.js") }, /There is no folder /],
    [["sh"], { env: { PATH: "/nowhere" } }, /There is no command sh on the PATH/],
    [["sh"], { request: "/", raw: "x" }, /and not both/],
  ])("is refused for %j %j", (command, options, sentence) => {
    expect(() => orderOf(command, options)).toThrow(sentence);
  });

  test("finds a file that is executable, as execvp(3) does", () => {
    expect(orderOf(["./my-server"], { cwd: folder }).command).toEqual(["./my-server"]);
    expect(orderOf(["my-server"], { env: { PATH: folder } }).command).toEqual(["my-server"]);
  });
});
