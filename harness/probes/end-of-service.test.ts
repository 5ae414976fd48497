import { describe, expect, test } from "vitest";
import { DEFAULT_BOUNDS } from "../check/order.ts";
import type { CheckedServer, Probe, ProbeClaim } from "../model/probe.ts";
import type { Sample } from "../model/sample.ts";
import { at, group, handMade, packetAt, socketsAt } from "../recording/hand-made.fixture.ts";
import { probe as clientNeverCloses } from "./client-never-closes.ts";
import { probe as oneByteASecond } from "./one-byte-a-second.ts";
import { probe as stopUnderLoad } from "./stop-under-load.ts";

const server: Pick<CheckedServer, "port" | "speaks" | "request"> = {
  port: 8080,
  speaks: "bytes",
  request: "hello\\n",
};

function claimOf(probe: Probe, about: RegExp): ProbeClaim {
  const all = probe.claims(server as CheckedServer, DEFAULT_BOUNDS);
  const claim = all.find((one) => about.test(one.claim));
  if (claim === undefined) throw new Error(`${probe.id} has no claim on ${about}`);
  return claim;
}

describe("the port of a server that SIGTERM has ended", () => {
  const portIsFree = claimOf(stopUnderLoad, /nobody listens on its port/);
  const exit: Sample = { ...at(700), kind: "program", program: "server", event: "exited", pid: 7, code: 0 };
  const look = (listeners: number): Sample =>
    socketsAt(at(900, "drain"), "server", listeners === 0 ? [] : [group("LISTEN", "listener", listeners)]);

  test.each<[string, Sample[], boolean | null]>([
    ["is free", [exit, look(0)], true],
    ["is held by a child", [exit, look(1)], false],
    ["is not judged while the server runs", [look(1)], null],
    ["is not judged when nobody looked", [exit], null],
  ])("%s", (_, samples, holds) => {
    expect(portIsFree.test(handMade(samples)).holds).toBe(holds);
  });
});

describe("a server that closes first", () => {
  const noReset = claimOf(clientNeverCloses, /no reset follows/);
  const open = [
    packetAt(at(1), "client", ["SYN"]),
    packetAt(at(20), "server", ["ACK"], { payloadBytes: 97 }),
    socketsAt(at(2000, "drain"), "server", []),
  ];

  test.each<[string, Sample[], boolean]>([
    ["with a FIN passes", [packetAt(at(21), "server", ["FIN", "ACK"])], true],
    ["with an RST right behind the answer is a risk", [packetAt(at(21), "server", ["RST"])], false],
    ["with an RST after its own limit is judged elsewhere", [packetAt(at(1500), "server", ["RST"])], true],
    [
      "with a FIN, and an RST behind it, passes",
      [packetAt(at(21), "server", ["FIN", "ACK"]), packetAt(at(30), "server", ["RST"])],
      true,
    ],
  ])("%s", (_, samples, holds) => {
    expect(noReset.test(handMade([...open, ...samples])).holds).toBe(holds);
    expect(noReset.otherwise).toBe("warn");
  });
});

test("a server that may answer each byte at length is asked by fewer slow clients", () => {
  const asked = (answerBytes: number): string => {
    const setup = oneByteASecond.setup(
      { ...server, answerBytes, lastRequest: "" } as CheckedServer,
      DEFAULT_BOUNDS,
    );
    return (setup.programs["slow"]?.run ?? []).join(" ");
  };
  expect(asked(6)).toContain("--connections 23 ");
  expect(asked(997_000)).toContain("--connections 4 ");
});
