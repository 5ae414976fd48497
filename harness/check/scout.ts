import { join } from "node:path";
import { dialogueOf, type DialogueConnection } from "../measure/dialogue.ts";
import { samplesOf } from "../measure/evidence.ts";
import type { CheckedServer } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import type { ListenerRow } from "../model/sample.ts";
import type { Setup } from "../model/setup.ts";
import { setupOf } from "../model/short-setup.ts";
import { dialogue, exchange, sceneOf, serverPlan } from "../probes/scene.ts";
import { pcapPath } from "../recording/place.ts";
import { readOwnRecording } from "../recording/read.ts";
import { RecordingError } from "../recording/recording-error.ts";
import { UNWATCHED } from "../runs/watch.ts";
import type { BatteryPlace } from "./battery.ts";
import { Interrupted, NotChecked } from "./not-checked.ts";
import { notReady } from "./not-ready.ts";
import type { CheckOrder } from "./order.ts";
import { requestsOf } from "./requests.ts";

/** How long a server that listens on its first port gets for its others. */
const OTHER_PORTS_MS = 300;
/** How long the connection stays open between two requests: an answer in bytes is over by then. */
const PAUSE_MS = 100;
/** Takes all that has come meanwhile: nobody waits for so many bytes. */
const REST = `try bytes ${2 ** 31} 1`;

/**
 * Finds out what is needed to probe a server: on which port it listens, whether it answers the request, and whether it keeps the
 * connection. Throws NotChecked when it cannot be probed, and Interrupted when somebody stopped it. The recordings go to the folder's `scout`.
 */
export async function scout(order: CheckOrder, place: BatteryPlace): Promise<CheckedServer> {
  const { lab, signal, watch = UNWATCHED } = place;
  const stop = (): void => void lab.stop();
  signal?.addEventListener("abort", stop);
  try {
    watch.planned(2);
    const found = await portOf(order, place);
    return await talkedTo(found, order, place);
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** What is known of a server that has not been talked to. */
type Found = Omit<CheckedServer, keyof typeof NOT_TALKED_TO>;

async function portOf(order: CheckOrder, place: BatteryPlace): Promise<Found> {
  const { command, environment, readyText, withinMs, isTls } = order;
  const foreign = { environment, ...(readyText !== undefined && { readyText }) };
  const speaks = "http" in order.request ? ("http" as const) : ("bytes" as const);
  const rest = { run: command, foreign, withinMs, isTls, speaks };
  const setup = setupOf({
    phases: { load: { elapsedMs: OTHER_PORTS_MS } },
    everyMs: { listeners: 50, processes: 100 },
  });
  const given = order.port === undefined ? {} : { port: order.port };
  const plan = serverPlan({ ...rest, ...given });
  const recording = await recorded("listens", order, place, { ...setup, programs: { server: plan } });
  const rows = samplesOf(recording, "listeners", "server").at(-1)?.listeners ?? [];
  const port = order.port ?? onlyPort(rows);
  refuseLoopback(rows, port);
  return { ...rest, port, ...requestsOf(order.request, port), ...listenersOf(rows, port) };
}

const NOT_TALKED_TO = { answerBytes: 1, answerTookMs: 0, descriptors: 0, keepsOpen: true };

/** What the kernel shows of the listeners of a port. */
function listenersOf(
  rows: readonly ListenerRow[],
  port: number,
): Pick<CheckedServer, "backlog" | "listeningProcesses"> {
  const its = rows.filter((row) => row.port === port);
  return {
    backlog: its.reduce((sum, { backlog }) => sum + backlog, 0),
    listeningProcesses: new Set(its.flatMap(({ pids }) => pids ?? [])).size,
  };
}

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
    `It listens on ${addresses.join(" and ")}, port ${port}, and the client is on another host of the lab: let it listen on all addresses (0.0.0.0 or ::). Many servers have an option for it, or a variable: --env HOST=0.0.0.0.`,
  );
}

async function talkedTo(found: Found, order: CheckOrder, place: BatteryPlace): Promise<CheckedServer> {
  const { answerMs } = order.bounds;
  const server = { ...NOT_TALKED_TO, ...found };
  const once = exchange(server, answerMs);
  // Also at the end: what comes after close() is answered with an RST, which some servers do not survive.
  const pause = [`wait ${PAUSE_MS}`, ...(found.speaks === "bytes" ? [REST] : [])];
  const setup = sceneOf(server, {
    clients: {
      talk: { run: dialogue(server, [...once, ...pause, ...once, ...pause]), withinMs: 3 * answerMs + 5_000 },
    },
    phases: { load: { exited: ["talk"] } },
  });
  const recording = await recorded("answers", order, place, setup);
  const [connection] = dialogueOf(recording, { program: "talk" });
  const answered = answersOf(connection).filter(({ outcome }) => outcome === "ok");
  const [first, second] = answersOf(connection);
  if (first === undefined || first.outcome !== "ok") throw new NotChecked(noAnswer(found, first, connection));
  return {
    ...server,
    answerBytes: answerBytesOf(connection),
    answerTookMs: Math.min(...answered.map(({ ms }) => ms)),
    descriptors: descriptorsIn(recording),
    keepsOpen: second?.outcome === "ok",
  };
}

type Step = DialogueConnection["steps"][number];

/** The steps that waited for an answer: the first and the second. Behind each of them stands REST where the answers are bytes. */
function answersOf(connection: DialogueConnection | undefined): Step[] {
  const steps = connection?.steps ?? [];
  const inBytes = steps.filter(({ step }) => step === "bytes").filter((_, nth) => nth % 2 === 0);
  return [...steps.filter(({ step }) => step === "answer"), ...inBytes];
}

/** The bytes of an answer of HTTP: half of two. Of what is not HTTP, the shorter of two: all its answers are at least as long. */
function answerBytesOf(connection: DialogueConnection | undefined): number {
  const answers = answersOf(connection).filter(({ outcome }) => outcome === "ok");
  const received = connection?.receivedBytes ?? 0;
  const read = answers.map(({ nth, step }) => {
    if (step === "answer") return Math.floor(received / answers.length);
    const own = connection?.steps.filter((one) => one.step === "bytes" && one.nth >= nth) ?? [];
    return own.slice(0, 2).reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
  });
  return read.length === 0 ? 1 : Math.max(1, Math.min(...read));
}

function descriptorsIn(recording: Recording): number {
  const rows = samplesOf(recording, "processes", "server").flatMap(({ processes }) => processes);
  return Math.max(0, ...rows.map(({ descriptors }) => descriptors));
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
async function recorded(
  name: string,
  order: CheckOrder,
  { lab, folder, signal, watch = UNWATCHED }: BatteryPlace,
  setup: Setup,
): Promise<Recording> {
  if (signal?.aborted === true) throw new Interrupted();
  const [shown, beganMs] = [`scout/${name}`, performance.now()];
  watch.begin(shown);
  const out = join(folder, "scout", `${name}.ndjson`);
  const { ended } = lab.run(
    {
      experiment: "scout",
      variant: name,
      setup,
      out,
      baseDir: order.user.folder,
      hold: false,
      pcap: pcapPath(out),
      user: order.user,
    },
    (progress) => watch.tell(shown, progress),
  );
  const end = await ended;
  watch.end(shown, end.reason, (performance.now() - beganMs) / 1000);
  if (end.reason === "interrupted") throw new Interrupted();
  const recording = read(out, end.because);
  const failed = samplesOf(recording, "program").find(
    ({ program, event }) => program === "server" && event === "failed",
  );
  if (failed === undefined && end.reason !== "fault") return recording;
  throw new NotChecked(notReady(failed, end.because));
}

function read(out: string, because: string | undefined): Recording {
  try {
    return readOwnRecording(out);
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    throw new NotChecked(because ?? error.message);
  }
}
