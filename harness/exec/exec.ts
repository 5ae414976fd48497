import { type Diagnosis, diagnose } from "../diagnosis/diagnose.ts";
import type { Examination } from "../diagnosis/examine.ts";
import type { Laboratory } from "../lab/laboratory.ts";
import { samplesOf } from "../measure/evidence.ts";
import type { ClientSide, CommandEnd, Misbehaviour } from "../model/exec.ts";
import type { Experiment } from "../model/experiment.ts";
import type { Recording } from "../model/recording.ts";
import type { Outcome } from "../model/verdict.ts";
import { pcapPath, recordingPath } from "../recording/place.ts";
import { readOwnRecording } from "../recording/read.ts";
import { RecordingError } from "../recording/recording-error.ts";
import { InputError } from "../runs/errors.ts";
import { clientSide } from "./client-side.ts";
import { examinationOf } from "./examined.ts";
import { hadNoOccasion, misbehaviours, unmetRules } from "./misbehaviours.ts";
import type { ExecOrder } from "./order.ts";
import { endOf } from "./ran.ts";
import { CLIENT, execSetup, SERVER } from "./scene.ts";

/** What a command's run against a server showed. */
export interface Exec {
  /** `confirmed`: nothing was found. `refuted`: something was. `inconclusive`: it could not be told. */
  outcome: Outcome;
  /** Why it could not be told, as sentences; empty where nothing hindered it. */
  because: string[];
  end: CommandEnd;
  client: ClientSide;
  misbehaviours: Misbehaviour[];
  /** Nothing wrong happened at a server for clients: the command gave it no occasion. */
  hadNoOccasion: boolean;
  examination: Examination;
  diagnosis: Diagnosis;
  /** Absolute path. */
  recording: string;
}

/** Where it runs: a lab, the folder of its recording, and what interrupts it. */
export interface ExecPlace {
  lab: Laboratory;
  folder: string;
  experiments: readonly Experiment[];
  signal?: AbortSignal | undefined;
  /** The lab was opened with the user's output, and the command writes to it. Otherwise what it prints is kept beside the recording. */
  isShown: boolean;
}

/**
 * Runs a command on the client's host of a lab, against a server, and judges what the client's host showed meanwhile. Throws an InputError when
 * the server did not become ready, or the command could not be started.
 */
export async function execIn(
  order: ExecOrder,
  { lab, folder, experiments, signal, isShown }: ExecPlace,
): Promise<Exec> {
  const path = recordingPath(folder, "exec", "client");
  const stop = (): void => void lab.stop();
  signal?.addEventListener("abort", stop);
  const { ended } = lab.run(
    {
      experiment: "exec",
      variant: "client",
      setup: execSetup(order),
      out: path,
      baseDir: order.user.folder,
      hold: false,
      pcap: pcapPath(path),
      user: isShown ? { ...order.user, writesToUser: CLIENT } : order.user,
    },
    () => {},
  );
  // A signal that came before there was a trial.
  if (signal?.aborted === true) stop();
  const { because } = await ended.finally(() => signal?.removeEventListener("abort", stop));
  const recording = read(path, because);
  const end = endOf(recording);
  if (end === null) throw new InputError(notStarted(recording, because));
  return { ...judged(recording, { order, end, experiments }), recording: path };
}

/** What a recording of `exec` shows. Pure. */
function judged(
  recording: Recording,
  {
    order,
    end,
    experiments,
  }: { order: Pick<ExecOrder, "command">; end: CommandEnd; experiments: readonly Experiment[] },
): Omit<Exec, "recording"> {
  const examination = examinationOf(recording, order.command);
  const diagnosis = diagnose(experiments, examination, { port: null, pid: null });
  const client = clientSide(recording);
  const because = hindrances(recording, { client, end, diagnosis });
  const outcome = diagnosis.found.length > 0 ? "refuted" : because.length > 0 ? "inconclusive" : "confirmed";
  return {
    outcome,
    because,
    end,
    client,
    misbehaviours: misbehaviours(recording),
    hadNoOccasion: client.connections.refused === 0 && hadNoOccasion(recording),
    examination,
    diagnosis,
  };
}

/** Why nothing can be ruled out. */
function hindrances(
  recording: Recording,
  { client, end, diagnosis }: Pick<Exec, "client" | "end" | "diagnosis">,
): string[] {
  const fault = samplesOf(recording, "fault").at(0);
  const { endedBy } = end;
  const unmet = client.connections.begun === 0 ? [] : unmetRules(recording);
  return [
    ...(fault === undefined ? [] : [`The run was cut short: ${fault.because}.`]),
    ...(endedBy === "timeout" ? ["The command did not end in its time, and lastack ended it."] : []),
    ...(endedBy === "interrupt" ? ["It was interrupted."] : []),
    ...(client.connections.begun === 0
      ? [
          "The command opened no connection to the server: its address is in LASTACK_URL, LASTACK_HOST and LASTACK_PORT.",
        ]
      : []),
    ...(unmet.length > 0
      ? [`No segment met these rules of the wire, so they were not tried: ${unmet.join(", ")}.`]
      : []),
    ...(diagnosis.undecided.length > 0
      ? [`Not judged: ${[...new Set(diagnosis.undecided.map(({ mode }) => mode.id))].join(", ")}.`]
      : []),
  ];
}

function read(path: string, because: string | undefined): Recording {
  try {
    return readOwnRecording(path);
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    throw new InputError(`Nothing was recorded: ${because ?? error.message}.`);
  }
}

/** Why the command was not started: mostly, because the server did not come up. */
function notStarted(recording: Recording, because: string | undefined): string {
  const failed = samplesOf(recording, "program").find(
    ({ program, event }) => program === SERVER && event === "failed",
  );
  const lines = (failed?.lastLines ?? []).slice(-10).map((line) => `\n  ${line}`);
  if (failed !== undefined)
    return `The server ${failed.because}; the command was not started.${lines.join("")}`;
  return `The command was not started: ${because ?? "the run ended before"}.`;
}
