import { describe, expect, test } from "vitest";
import { validateSetup } from "../recording/schema.ts";
import { CORRECT, EVIL_SERVERS, FOR_CLIENTS } from "./evil-servers.ts";
import { type ExecOptions, execOrderOf } from "./order.ts";
import { exec } from "./own-client.ts";
import { execSetup } from "./scene.ts";

const known = [CORRECT, ...EVIL_SERVERS.map(({ name }) => name)].map((name) => `${FOR_CLIENTS}/${name}`);
const orderOf = (options: ExecOptions) => execOrderOf([process.execPath], options, known);
const wordsOf = (options: ExecOptions): string[] => execSetup(orderOf(options)).programs["server"]?.run ?? [];

test.each(known)("the setup of %s is valid, also with words of the wire", (server) => {
  const wire = ["delay=5ms", "loss=1%", "seed=3", "drop=SYN:2", "repeat=FIN:1"];
  for (const options of [{ server }, { server, wire }])
    expect(() => validateSetup(execSetup(orderOf(options)))).not.toThrow();
});

test("the byte at which a server stops is the user's, or its own", () => {
  expect(wordsOf({ server: "for-clients/drops-at-byte", at: 97 })).toEqual(
    expect.arrayContaining(["--with", "FIN", "--at", "97"]),
  );
  expect(wordsOf({ server: "for-clients/resets-at-byte" })).toEqual(
    expect.arrayContaining(["--with", "RST", "--at", "4096"]),
  );
  expect(wordsOf({ server: "for-clients/hangs-up", at: 0 })).toEqual(
    expect.arrayContaining(["--bytes", "0"]),
  );
});

test("the user's own server has as long as he says until it listens", () => {
  const serve = `${process.execPath} server.js`;
  const withinMs = (options: ExecOptions) => execSetup(orderOf(options)).programs["server"]?.withinMs;
  expect([withinMs({ serve }), withinMs({ serve, readyWithin: 2.5 })]).toEqual([10_000, 2500]);
});

test("the rules of a server and those of the user count the same segments", () => {
  const { wire } = orderOf({ server: "for-clients/drops-syn", wire: ["drop=SYN:2"] });
  expect(wire.rules?.map(({ name }) => name)).toEqual(["drop=SYN:2", "drop=SYN:1"]);
});

describe("what cannot be meant is refused", () => {
  test.each<[ExecOptions, RegExp]>([
    [{}, /exec needs a server: --server ID\/VARIANT, or --serve/],
    [{ server: "for-clients/answers", serve: "true" }, /both name the server/],
    [{ server: "for-clients/answers", port: 80 }, /--port is that of the server that --serve starts/],
    [
      { server: "for-clients/answers", readyWithin: 1 },
      /--ready-within is for the server that --serve starts/,
    ],
    [{ server: "drops-at-byte" }, /Did you mean for-clients\/drops-at-byte\?/],
    [
      { server: "for-clients/drops-at-byte:97" },
      /Did you mean --server for-clients\/drops-at-byte --at 97\?/,
    ],
    [
      { server: "for-clients/truncates", at: 5 },
      /--at means nothing to for-clients\/truncates\. .*drops-at-byte/,
    ],
    [{ server: "for-clients/truncate" }, /Did you mean for-clients\/truncates\?/],
    [{ serve: "no-such-server" }, /There is no command no-such-server on the PATH/],
    [{ serve: "node 'a" }, /A quote in .* has no end/],
    [{ serve: "true", at: 5 }, /--at is that of a server for clients: .*drops-at-byte/],
    [
      { server: "for-clients/drops-syn", wire: ["hold=SYN:1:1s"] },
      /drop=SYN:1 and hold=SYN:1:1s act on the same/,
    ],
  ])("%j", (options, why) => {
    expect(() => orderOf(options)).toThrow(why);
  });

  test("a command that does not exist, and none", () => {
    const server = "for-clients/answers";
    expect(() => execOrderOf(["no-such-command"], { server }, known)).toThrow(
      /There is no command no-such-command/,
    );
    expect(() => execOrderOf([], { server }, known)).toThrow(/exec needs the command of a client/);
  });

  test.each<[unknown, unknown, RegExp]>([
    ["curl", { server: "for-clients/answers" }, /command: expected the words of a command, in a list/],
    [["curl"], { sevrer: "for-clients/answers" }, /unknown key "sevrer": Did you mean server\?/],
    [
      ["curl"],
      { server: "for-clients/answers", wire: "delay=5ms" },
      /options\.wire: expected a list of words/,
    ],
    [["curl"], { server: "for-clients/answers", timeout: 0 }, /options\.timeout: expected seconds/],
    [["curl"], { server: "for-clients/hangs-up", at: 1.5 }, /options\.at: expected a whole number/],
  ])("from other programs, too: %j, %j", async (command, options, why) => {
    await expect(exec(command as string[], options as ExecOptions)).rejects.toThrow(why);
  });
});
