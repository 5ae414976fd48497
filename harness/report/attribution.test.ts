import { expect, test } from "vitest";
import type { Recording } from "../model/recording.ts";
import type { Sample } from "../model/sample.ts";
import {
  at,
  countersAt,
  exampleOf,
  group,
  handMade,
  packetAt,
  plainSetup,
  plainWire,
  socketsAt,
} from "../recording/hand-made.fixture.ts";
import { attributionsJson, attributionText, endingMarks } from "./attribution.ts";

const sequence = { sequence: 98, acknowledgement: 1 };
const fin = packetAt(at(30), "client", ["FIN", "ACK"], sequence);
const reset = packetAt(at(50), "server", ["RST", "ACK"], { acknowledgement: 99 });
const late = packetAt(at(60), "client", ["ACK"], { sequence: 99 });
const answers = [61, 62].map((ms) => packetAt(at(ms), "server", ["RST"], { acknowledgement: null }));
const closed = group("FIN-WAIT-2", "connector", 1, {
  examples: [exampleOf({ local: "192.0.2.1:40001", remote: "192.0.2.2:8080", inode: 0 })],
});

const samples: Sample[] = [
  countersAt(at(0), "server", {}),
  packetAt(at(10), "client", ["SYN"], { sequence: 0 }),
  packetAt(at(11), "server", ["SYN", "ACK"], { sequence: 0 }),
  packetAt(at(12), "client", ["PSH", "ACK"], { payloadBytes: 97 }),
  fin,
  packetAt(at(31), "server", ["ACK"], { acknowledgement: 99 }),
  socketsAt(at(40), "client", [closed]),
  reset,
  late,
  ...answers,
  countersAt(at(90), "server", { TcpExtTCPAbortOnClose: 1 }),
];

function recordingOf(some: Sample[]): Recording {
  return handMade(some, { setup: plainSetup({ links: [plainWire()] }) });
}

test("a line for each end of a connection, with its evidence; repeated answers are one line", () => {
  expect(attributionText(recordingOf(samples), { columns: 100 }).split("\n")).toEqual([
    "",
    "close-wait-leak/buggy: 4 ends of connections",
    "",
    "     30.0 ms  client:40001 sent FIN to server:8080, connection 1  likely close()",
    "              nobody held the socket 10 ms after its FIN (FIN-WAIT-2, no inode); or: shutdown()",
    "     50.0 ms  server:8080 sent RST to client:40001, connection 1  unread bytes at close()",
    "              TcpExtTCPAbortOnClose moved by 1 with it; 97 bytes had come and were not read, as far",
    "              as samples show",
    "     61.0 ms  server:8080 sent RST to client:40001, connection 1, 2 times  no such connection",
    "              it had reset the connection 11 ms before",
  ]);
});

test("JSON has every one, with addresses where a row shows them", () => {
  const { endings } = attributionsJson(recordingOf(samples));
  expect(endings.map(({ ending, cause, sure }) => [ending, cause, sure])).toEqual([
    ["FIN", "close", "likely"],
    ["RST", "unread-bytes", "decided"],
    ["RST", "no-connection", "decided"],
    ["RST", "no-connection", "decided"],
  ]);
  expect(endings[0]).toMatchObject({
    near: { host: "client", address: "192.0.2.1", port: 40_001 },
    far: { host: "server", address: "192.0.2.2", port: 8080 },
  });
});

test("a ladder marks what is known, and nothing else", () => {
  expect([...endingMarks(recordingOf(samples))]).toEqual([
    [fin, "close()"],
    [reset, "unread bytes at close()"],
    [answers[0], "no such connection"],
    [answers[1], "no such connection"],
  ]);
  const without = samples.filter(({ kind }) => kind === "packet");
  expect([...endingMarks(recordingOf(without))].map(([packet]) => packet)).toEqual(answers);
});
