import { afterAll, describe, expect, test } from "vitest";
import { lastack } from "./lab/command.ts";
import { folderFor } from "./lab/user.ts";

const folder = folderFor("own");
afterAll(() => folder.remove());

describe("wrong usage exits with 64, a sentence and the nearest word", () => {
  test.each<[string[], RegExp]>([
    [["lst"], /no command lst\. Did you mean list\?/],
    [["run", "close-wait-leek"], /no experiment close-wait-leek\. Did you mean close-wait-leak\?/],
    [
      ["run", "close-wait-leak", "--variant", "bugy"],
      /close-wait-leak has no variant "bugy"\. Did you mean buggy\?/,
    ],
    [["run", "--jobs", "0"], /--jobs takes a whole number from 1 to 64, not "0"/],
    [
      ["run", "close-wait-leak", "--pcap"],
      /--pcap writes the segments on wires, and no chosen experiment has a wire/,
    ],
    // Every JavaScript object has a property of this name.
    [["constructor"], /There is no command constructor/],
    [["run", "--frob"], /unknown option '--frob'/i],
    [["run", "./nowhere.ts"], /nowhere\.ts does not exist/],
    [
      ["serve", "close-wait-leak/bugy"],
      /no server "close-wait-leak\/bugy"\. Did you mean close-wait-leak\/buggy\?/,
    ],
    [["list", "tour"], /takes only options, and "tour" is not one/],
    [["judge"], /judge needs at least one recording/],
    [["report"], /report needs the folder of a run or at least one recording/],
    [["report", "x.ndjson", "--connection", "2"], /--connection means nothing without --ladder/],
    [["report", "x.ndjson", "--ladder", "--connection", "0"], /--connection takes a whole number/],
    [["report", "x.ndjson", "--ladder", "--verbose"], /--verbose adds nothing to --ladder/],
    [["claims", "--jobs", "2"], /--jobs means nothing without --run/],
    [["claims", "C16", "--connection", "1", "--json"], /--connection draws a connection, and --json/],
    [["compare", "--remote-target-is-mine"], /--remote-target-is-mine means nothing without --url/],
    [["serve", "--list", "--port", "8080"], /--list prints the names of all servers, and takes nothing else/],
    [["serve", "--list", "close-wait-leak/buggy"], /--list prints the names of all servers/],
    [["run", "close-wait-leak", "--hold", "--jobs", "2"], /--jobs means nothing beside it/],
    [["run", "close-wait-leak", "--hold", "--repeat", "2"], /--repeat means nothing beside it/],
    [["run", "close-wait-leak", "--no-types"], /--no-types means nothing without an experiment file/],
    [["part"], /part needs the name of a part\. The parts are: judge, observer/],
    [["part", "watcher"], /There is no part "watcher"\. The parts are: judge, observer/],
    [["part", "observer", "server", "--within", "3"], /--within means nothing to part observer/],
    [["part", "program", "server", "server", "--out", "x"], /--out means nothing to part program/],
    [["check"], /needs the command of a server after "--"/],
    [["check", "node", "server.js"], /comes after "--": lastack check -- node server\.js/],
    [["check", "fast", "--", "node", "server.js"], /Before "--" come only options, and "fast" is not one/],
    [["check", "--", "no-such-server"], /There is no command no-such-server on the PATH/],
    [["check", "--", "./nowhere"], /There is no file \.\/nowhere in /],
    [["check", "--cwd", "nowhere", "--", "node"], /There is no folder nowhere in which/],
    [
      ["check", "--probe", "client-closes-frist", "--", "node"],
      /no probe client-closes-frist\. Did you mean client-closes-first\?/,
    ],
    [["check", "--port", "0", "--", "node"], /--port takes a whole number from 1 to 65535/],
    [["check", "--patience", "0", "--", "node"], /--patience takes seconds, as 2 or 0\.5/],
    [["check", "--env", "NAME", "--", "node"], /--env takes NAME=VALUE, not "NAME"/],
    [["check", "--raw", "\\q", "--", "node"], /--raw: .* is no escape/],
    [["check", "--raw", "x", "--request", "/", "--", "node"], /--raw is for a protocol that is not HTTP/],
    [["check", "--request", "health", "--", "node"], /A request is a method and a path/],
    [["check", "--ready", "", "--", "node"], /--ready takes a text that is not empty/],
    [["check", "--junit", "", "--", "node"], /--junit takes a file/],
    [["check", "--list", "--", "node"], /--list prints the probes, and takes no command/],
    [["check", "--replay", "--probe", "client-closes-first"], /--probe means nothing beside it/],
    [["census", "--port", "http"], /--port takes a whole number/],
  ])("%j", (args, sentence) => {
    const { status, stdout, stderr } = lastack(args, { cwd: folder.path });
    expect(stderr).toMatch(sentence);
    expect(stdout).toBe("");
    expect(status).toBe(64);
  });
});
