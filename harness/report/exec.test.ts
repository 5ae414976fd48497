import { expect, test } from "vitest";
import type { Exec } from "../exec/exec.ts";
import type { ClientSide } from "../model/exec.ts";
import { execJson, reportExec } from "./exec.ts";

const none = { most: 0, last: 0, longestSeconds: 0 };
const quiet: ClientSide = {
  samples: 20,
  seconds: 1,
  connections: {
    begun: 1,
    refused: 0,
    withoutAnswer: 0,
    ports: 1,
    requests: 1,
    requestsPerConnection: { mean: 1, most: 1 },
    synsAgain: 0,
  },
  resets: { received: 0, sent: 0 },
  closeWait: none,
  unread: { ...none, mostBytes: 0, lastBytes: 0 },
  unowned: none,
  unanswered: 0,
  waiting: 0,
  descriptors: null,
  left: {},
  leftRunning: 0,
  unrecorded: 0,
};

const exec = (client: Partial<ClientSide>, changes: Partial<Exec> = {}): Exec => ({
  outcome: "confirmed",
  because: [],
  end: { exitCode: 0, signal: null, endedBy: "itself", lastLines: [] },
  client: { ...quiet, ...client },
  misbehaviours: [],
  hadNoOccasion: false,
  diagnosis: {
    asked: { port: null, pid: null },
    examined: [],
    surroundings: {} as Exec["diagnosis"]["surroundings"],
    found: [],
    remarks: [],
    undecided: [],
    ruledOut: [],
    invisible: [],
  },
  examination: {} as Exec["examination"],
  recording: "exec.ndjson",
  ...changes,
});
const linesOf = (one: Exec): string[] =>
  reportExec(one, { colour: false, columns: 200, attributions: [] })
    .split("\n")
    .map((line) => line.trim());

test("a quiet run is a line, and the verdict", () => {
  expect(linesOf(exec({}))).toEqual([
    ...["", "The command ended with exit code 0.", "", "The client's side"],
    ...["1 connection from 1 port; 1 request, 1.0 a connection", "", "Nothing was found at the client."],
  ]);
});

test("whatever went wrong at the client has a line of its own", () => {
  const held = { most: 23, last: 5, longestSeconds: 1.25 };
  const lines = linesOf(
    exec({
      connections: {
        begun: 12,
        refused: 3,
        withoutAnswer: 1,
        ports: 11,
        requests: 16,
        requestsPerConnection: { mean: 2, most: 7 },
        synsAgain: 2,
      },
      resets: { received: 3, sent: 4 },
      closeWait: held,
      unread: { ...held, mostBytes: 1, lastBytes: 0 },
      unowned: held,
      unanswered: 2,
      waiting: 1,
      descriptors: { first: 4, most: 30, last: 20 },
      left: { "FIN-WAIT-1": 2 },
      leftRunning: 1,
      unrecorded: 97,
    }),
  );
  for (const sentence of [
    "12 connections from 11 ports, 3 refused, 1 without an answer; 16 requests, 2.0 a connection, 7 at most",
    "2 SYNs sent again: connect() waited a second or more",
    "resets: 3 received, 4 sent",
    "connections in CLOSE-WAIT, which the command had not closed: 23 at most, 5 at last, for 1.3 s",
    "connections with bytes that it had not read: 23 at most, 5 at last, for 1.3 s; 1 byte at most, 0 at last on some of them",
    "connections that no process holds: 23 at most, 5 at last, for 1.3 s",
    "2 requests were never answered; 1 still waited at the end",
    "descriptors: 4 at first, 30 at most, 20 at last",
    "left behind: 2 FIN-WAIT-1",
    "left running: 1 process",
    "97 segments were too many to be recorded: there was more than is counted here",
  ])
    expect(lines.join(" ")).toContain(sentence);
});

test("what the server's side did is there, and also that it had no occasion", () => {
  const misbehaviours = [{ did: "the server closed an idle connection", times: 3 }];
  expect(linesOf(exec({}, { misbehaviours }))).toContain("the server closed an idle connection, 3 times");
  const idle = linesOf(exec({}, { hadNoOccasion: true }));
  expect(idle).toContain("nothing wrong: the command gave the server no occasion");
});

test.each([
  ["timeout", "The command did not end in its time, and lastack ended it."],
  ["interrupt", "The command was interrupted."],
  ["fault", "The run could not go on, and lastack ended the command."],
] as const)("an end by %s has a sentence", (endedBy, sentence) => {
  const end = { exitCode: null, signal: "SIGTERM", endedBy, lastLines: [] };
  const lines = linesOf(exec({}, { end, outcome: "inconclusive", because: ["It is so."] }));
  expect(lines).toContain(sentence);
  expect(lines.at(-1)).toBe("It could not be told whether the client is at fault. It is so.");
});

test("the JSON has the facts as they are", () => {
  const client = { ...quiet, unanswered: 7 };
  const diagnosed = { ...exec({ unanswered: 7 }) };
  expect(execJson(diagnosed)).toMatchObject({ outcome: "confirmed", exitCode: 0, client, findings: [] });
});
