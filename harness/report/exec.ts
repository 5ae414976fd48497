import type { Exec } from "../exec/exec.ts";
import { countOf } from "../model/count.ts";
import type { ClientSide, CommandEnd, EvilServer } from "../model/exec.ts";
import { diagnosisJson, reportFindings } from "./doctor.ts";
import { palette } from "./palette.ts";
import { plainTable } from "./table.ts";
import type { ReportOptions } from "./text.ts";
import { wrap } from "./wrap.ts";

const MOST_COLUMNS = 100;
/** Sockets that were held for less are not worth a line. */
const WORTH_SECONDS = 0.2;
/** A sample shows the bytes of at most so many sockets that are alike (SocketGroup). */
const MOST_EXAMPLES = 20;

/** What a command's run against a server showed, as text: how it ended, its side of the connections, and the findings of the doctor. */
export function reportExec(
  { outcome, because, end, client, misbehaviours, hadNoOccasion, diagnosis }: Exec,
  options: Pick<ReportOptions, "colour" | "columns"> & { attributions: readonly string[] },
): string {
  const columns = Math.min(options.columns, MOST_COLUMNS);
  const paint = palette(options.colour);
  const lines = (text: string, indent = "  "): string[] => wrap(text, columns, indent);
  const section = (title: string, texts: readonly string[]): string[] =>
    texts.length === 0 ? [] : ["", paint.title(title), ...texts.flatMap((text) => lines(text))];
  const verdict = {
    confirmed: "Nothing was found at the client.",
    refuted: `Found: ${diagnosis.found.map(({ mode }) => mode.id).join(", ")}.`,
    inconclusive: `It could not be told whether the client is at fault. ${because.join(" ")}`,
  }[outcome];
  return [
    "",
    ...wrap(endInWords(end), columns),
    ...section("What the server's side did", [
      ...(hadNoOccasion ? ["nothing wrong: the command gave the server no occasion"] : []),
      ...misbehaviours.map(({ did, times }) => (times > 1 ? `${did}, ${times} times` : did)),
    ]),
    ...section("The client's side", sideInWords(client)),
    ...section("Who ended the connections, and why", options.attributions),
    ...reportFindings(diagnosis, { colour: options.colour, columns }),
    "",
    ...wrap(verdict, columns).map((line) => paint.outcome[outcome](line)),
  ].join("\n");
}

/** How the command ended, in a sentence. */
function endInWords({ exitCode, signal, endedBy }: CommandEnd): string {
  if (endedBy === "timeout") return "The command did not end in its time, and lastack ended it.";
  if (endedBy === "fault") return "The run could not go on, and lastack ended the command.";
  if (endedBy === "interrupt") return "The command was interrupted.";
  return signal === null
    ? `The command ended with exit code ${exitCode}.`
    : `The command was ended by ${signal}.`;
}

function sideInWords(client: ClientSide): string[] {
  const { connections, resets, closeWait, unread, unowned, descriptors, left, leftRunning, unrecorded } =
    client;
  const { begun, refused, withoutAnswer, ports, requests, requestsPerConnection, synsAgain } = connections;
  const states = Object.entries(left).map(([state, count]) => `${count} ${state}`);
  return [
    `${countOf(begun, "connection")} from ${countOf(ports, "port")}${some(refused, "refused")}${some(withoutAnswer, "without an answer")}; ${countOf(requests, "request")}${perConnection(requestsPerConnection)}`,
    ...(synsAgain === 0
      ? []
      : [`${countOf(synsAgain, "SYN")} sent again: connect() waited a second or more`]),
    ...(resets.received + resets.sent === 0
      ? []
      : [`resets: ${resets.received} received, ${resets.sent} sent`]),
    ...held("in CLOSE-WAIT, which the command had not closed", closeWait),
    ...unreadInWords(unread),
    ...held("that no process holds", unowned),
    ...unansweredInWords(client),
    ...(descriptors === null
      ? []
      : [
          `descriptors: ${descriptors.first} at first, ${descriptors.most} at most, ${descriptors.last} at last`,
        ]),
    ...(states.length === 0 ? [] : [`left behind: ${states.join(", ")}`]),
    ...(leftRunning === 0 ? [] : [`left running: ${countOf(leftRunning, "process", "processes")}`]),
    ...(unrecorded === 0
      ? []
      : [
          `${countOf(unrecorded, "segment was", "segments were")} too many to be recorded: there was more than is counted here`,
        ]),
  ];
}

const some = (count: number, what: string): string => (count === 0 ? "" : `, ${count} ${what}`);

function perConnection(requests: ClientSide["connections"]["requestsPerConnection"]): string {
  if (requests === null || requests.most === 0) return "";
  const { mean, most } = requests;
  return `, ${mean.toFixed(1)} a connection${most === mean ? "" : `, ${most} at most`}`;
}

function unreadInWords(unread: ClientSide["unread"]): string[] {
  const { most, mostBytes, lastBytes } = unread;
  const where = most > MOST_EXAMPLES ? " on some of them" : "";
  return held("with bytes that it had not read", unread).map(
    (line) => `${line}; ${countOf(mostBytes, "byte")} at most, ${lastBytes} at last${where}`,
  );
}

function unansweredInWords({ unanswered, waiting }: ClientSide): string[] {
  if (unanswered === 0) return [];
  const still = waiting === 0 ? "" : `; ${waiting} still waited at the end`;
  return [`${countOf(unanswered, "request was", "requests were")} never answered${still}`];
}

function held(what: string, { most, last, longestSeconds }: ClientSide["closeWait"]): string[] {
  // A moment is what it takes to notice.
  if (most === 0 || longestSeconds < WORTH_SECONDS) return [];
  return [`connections ${what}: ${most} at most, ${last} at last, for ${longestSeconds.toFixed(1)} s`];
}

/** The run of a command as JSON. */
export function execJson({
  outcome,
  because,
  end,
  client,
  misbehaviours,
  hadNoOccasion,
  diagnosis,
  examination,
  recording,
}: Exec): object {
  const { findings, remarks, undecided } = diagnosisJson(diagnosis, examination) as Record<string, unknown>;
  return {
    outcome,
    because,
    ...end,
    client,
    misbehaviours,
    hadNoOccasion,
    findings,
    remarks,
    undecided,
    recording,
  };
}

/** The servers that misbehave to clients, a line each. */
export function listEvil(servers: readonly EvilServer[], columns: number): string[] {
  const rows = servers.map(({ name, title }) => [`for-clients/${name}`, title]);
  const table = plainTable(rows, ["left", "left"]);
  return table.every((line) => line.length <= columns)
    ? table
    : rows.flatMap(([name = "", title = ""]) => [name, ...wrap(title, columns, "  ")]);
}
