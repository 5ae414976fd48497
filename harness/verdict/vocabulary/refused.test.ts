import { expect, test } from "vitest";
import type { Recording } from "../../model/recording.ts";
import type { ProgramPlan } from "../../model/setup.ts";
import { at, attemptAt, handMade, plainSetup } from "../../recording/hand-made.fixture.ts";
import { judgeExact } from "../judge.ts";
import { attemptsOk, outcomes } from "./attempts.ts";
import { exactly } from "./bound.ts";

const refusedOutcome = { phase: "connect", code: "ECONNREFUSED", call: "connect" } as const;

/** A client that is refused, and the sockets of the server that listen. */
function refused(target: string, ...listeners: [address: string, port: number][]): Recording {
  const setup = plainSetup();
  const load: ProgramPlan = { ...setup.programs["load"]!, run: ["clients/short-tcp", "--to", target] };
  const addresses = {
    client: ["127.0.0.1", "::1", "192.0.2.1", "2001:db8::1"],
    server: ["127.0.0.1", "::1", "192.0.2.2", "2001:db8::2"],
  };
  const sample = {
    ...at(10),
    kind: "listeners" as const,
    host: "server",
    listeners: listeners.map(([address, port], nth) => ({
      address,
      port,
      queue: 0,
      backlog: 5,
      inode: nth + 1,
    })),
  };
  return handMade([sample, attemptAt(at(20), 1, { outcome: refusedOutcome })], {
    setup: { ...setup, programs: { ...setup.programs, load } },
    addresses,
  });
}

const observed = (recording: Recording): string => {
  const claim = attemptsOk({ program: "load" }, exactly(1)).because("the server echoes");
  return judgeExact([claim], recording).findings[0]!.observed;
};

test.each<[string, string, [string, number][], string]>([
  [
    "listens on loopback only",
    "{server}:8080",
    [["127.0.0.1", 8080]],
    "host server listens on 127.0.0.1:8080 only, and load connects to 192.0.2.2:8080",
  ],
  [
    "listens on another port",
    "{server}:8080",
    [
      ["0.0.0.0", 9090],
      ["::1", 8080],
    ],
    "host server listens on 0.0.0.0:9090, [::1]:8080 only, and load connects to 192.0.2.2:8080",
  ],
  [
    "does not listen",
    "http://{server}:8080/",
    [],
    "nothing listens on host server, and load connects to 192.0.2.2:8080",
  ],
  [
    "listens on IPv4 only",
    "http://[{server6}]:8080/",
    [["0.0.0.0", 8080]],
    "host server listens on 0.0.0.0:8080 only, and load connects to [2001:db8::2]:8080",
  ],
])("a refuted claim about refused clients says so when the server %s", (_, target, listeners, hint) => {
  expect(observed(refused(target, ...listeners))).toBe(`of 1 attempt: 1 connect ECONNREFUSED; ${hint}`);
});

test.each([["0.0.0.0"], ["::"], ["192.0.2.2"], ["::ffff:192.0.2.2"]])(
  "nothing is added when the server listens where the client connects to: %s",
  (address) => {
    expect(observed(refused("{server}:8080", [address, 8080]))).toBe("of 1 attempt: 1 connect ECONNREFUSED");
  },
);

test("nothing is added when nobody sampled the listeners, and to a claim that is confirmed", () => {
  const { samples, ...rest } = refused("{server}:8080");
  const unsampled = { ...rest, samples: samples.filter(({ kind }) => kind !== "listeners") };
  expect(observed(unsampled)).toBe("of 1 attempt: 1 connect ECONNREFUSED");
  const claim = outcomes({}, "connect ECONNREFUSED", exactly(1)).because("nothing listens there");
  expect(judgeExact([claim], refused("{server}:8080")).findings[0]).toMatchObject({
    outcome: "confirmed",
    observed: "of 1 attempt: 1 connect ECONNREFUSED",
  });
});
