import { join } from "node:path";
import type { Laboratory } from "../lab/laboratory.ts";
import { dialogueOf, type DialogueConnection } from "../measure/dialogue.ts";
import { samplesOf } from "../measure/evidence.ts";
import type { CheckedServer } from "../model/probe.ts";
import { printedBeside } from "../model/quoted.ts";
import type { Recording } from "../model/recording.ts";
import type { ListenerRow } from "../model/sample.ts";
import type { Setup } from "../model/setup.ts";
import { setupOf } from "../model/short-setup.ts";
import { dialogue, exchange, sceneOf, serverPlan } from "../probes/scene.ts";
import { readOwnRecording } from "../recording/read.ts";
import { RecordingError } from "../recording/recording-error.ts";
import { NotChecked } from "./not-checked.ts";
import type { CheckOrder } from "./order.ts";
import { requestsOf } from "./requests.ts";

/** How long a server that listens on its first port gets for its others. */
const OTHER_PORTS_MS = 300;
/** How long the connection stays open between two requests. */
const PAUSE_MS = 300;

/**
 * Finds out what is needed to probe a server: on which port it listens, whether it answers the request, and whether it keeps the
 * connection. Throws NotChecked when it cannot be probed. The recordings go to `folder`/scout.
 */
export async function scout(order: CheckOrder, lab: Laboratory, folder: string): Promise<CheckedServer> {
  const found = await portOf(order, lab, join(folder, "scout", "listens.ndjson"));
  return talkedTo(found, order, lab, join(folder, "scout", "answers.ndjson"));
}

/** What is known of a server that has not been talked to. */
type Found = Omit<CheckedServer, "answerBytes" | "keepsOpen">;

async function portOf(order: CheckOrder, lab: Laboratory, out: string): Promise<Found> {
  const { command, environment, readyText, withinMs, isTls } = order;
  const foreign = { environment, ...(readyText !== undefined && { readyText }) };
  const speaks = "http" in order.request ? ("http" as const) : ("bytes" as const);
  const rest = { run: command, foreign, withinMs, isTls, speaks };
  const setup = setupOf({
    phases: { load: { elapsedMs: OTHER_PORTS_MS } },
    everyMs: { listeners: 50, processes: 100 },
  });
  const given = order.port === undefined ? {} : { port: order.port };
  const plan = serverPlan({ ...rest, ...given, ...NOT_TALKED_TO });
  const recording = await recorded(order, lab, out, { ...setup, programs: { server: plan } });
  const rows = samplesOf(recording, "listeners", "server").at(-1)?.listeners ?? [];
  const port = order.port ?? onlyPort(rows);
  refuseLoopback(rows, port);
  return { ...rest, port, ...requestsOf(order.request, port) };
}

const NOT_TALKED_TO = { request: "", lastRequest: "", answerBytes: 0, keepsOpen: true };

function onlyPort(rows: readonly ListenerRow[]): number {
  const ports = [...new Set(rows.map(({ port }) => port))];
  const [port, second] = ports;
  if (port === undefined) throw new NotChecked("It listened, and stopped again at once.");
  if (second === undefined) return port;
  throw new NotChecked(`It listens on ${ports.join(" and ")}: say with --port which of them to check.`);
}

/** A server that listens on loopback only is out of reach of another host. */
function refuseLoopback(rows: readonly ListenerRow[], port: number): void {
  const addresses = rows.filter((row) => row.port === port).map(({ address }) => address);
  if (addresses.some((address) => !/^(127\.|::1$|::ffff:127\.)/.test(address))) return;
  throw new NotChecked(
    `It listens on ${addresses.join(" and ")}, port ${port}, and the client is on another host of the lab: let it listen on all addresses (0.0.0.0 or ::).`,
  );
}

async function talkedTo(
  found: Found,
  order: CheckOrder,
  lab: Laboratory,
  out: string,
): Promise<CheckedServer> {
  const { answerMs } = order.bounds;
  const server = { ...found, answerBytes: 1, keepsOpen: true };
  const once = exchange(server, answerMs);
  const setup = sceneOf(server, {
    clients: {
      talk: { run: dialogue(server, [...once, `wait ${PAUSE_MS}`, ...once]), withinMs: 3 * answerMs + 5_000 },
    },
    phases: { load: { exited: ["talk"] } },
  });
  const recording = await recorded(order, lab, out, setup);
  const [connection] = dialogueOf(recording, { program: "talk" });
  const [first, second] = answersOf(connection);
  if (first === undefined || first.outcome !== "ok") throw new NotChecked(noAnswer(found, first, connection));
  return { ...server, answerBytes: answerBytesOf(found, connection), keepsOpen: second?.outcome === "ok" };
}

type Step = DialogueConnection["steps"][number];

function answersOf(connection: DialogueConnection | undefined): Step[] {
  return connection?.steps.filter(({ step }) => step === "answer" || step === "bytes") ?? [];
}

/** All bytes of an answer that is not HTTP: what came until the second request, or until the end. */
function answerBytesOf({ speaks }: Found, connection: DialogueConnection | undefined): number {
  if (speaks === "http" || connection === undefined) return 0;
  const answers = answersOf(connection).filter(({ outcome }) => outcome === "ok").length;
  return Math.max(1, Math.floor((connection.receivedBytes ?? 0) / Math.max(1, answers)));
}

function noAnswer(
  { speaks, request, port }: Found,
  answer: Step | undefined,
  connection: DialogueConnection | undefined,
): string {
  const how = answer?.outcome ?? connection?.outcome ?? "no connection was made";
  const what = `It listens on port ${port}, and did not answer ${JSON.stringify(request.split("\\r")[0])}: ${how}.`;
  return speaks === "http"
    ? `${what} For another path: --request 'GET /health'. For a protocol that is not HTTP: --raw TEXT. For TLS: --tls.`
    : `${what} --raw takes the bytes of a request that it answers.`;
}

/** Runs one trial of the scout and reads its recording. Throws NotChecked when the server did not become ready. */
async function recorded(order: CheckOrder, lab: Laboratory, out: string, setup: Setup): Promise<Recording> {
  const { ended } = lab.run(
    {
      ...{ experiment: "scout", variant: "server", setup, out, baseDir: order.user.folder },
      ...{ hold: false, pcap: null, user: order.user },
    },
    () => {},
  );
  const end = await ended;
  const recording = read(out, end.because);
  const failed = samplesOf(recording, "program").find(
    ({ program, event }) => program === "server" && event === "failed",
  );
  if (failed === undefined && end.reason !== "fault") return recording;
  const because = failed?.because ?? `could not be tried: ${end.because}`;
  throw new NotChecked(`The server ${because}; ${printedBeside(because, failed?.lastLines ?? [])}.`);
}

function read(out: string, because: string | undefined): Recording {
  try {
    return readOwnRecording(out);
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    throw new NotChecked(because ?? error.message);
  }
}
