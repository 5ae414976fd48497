import { view } from "../measure/view.ts";
import type { Asked, Looked } from "../model/examined.ts";
import { type Header, type Recording, RECORDING_FORMAT } from "../model/recording.ts";
import type { Sample } from "../model/sample.ts";
import type { Setup } from "../model/setup.ts";
import type { Agreement } from "../recording/agreement.ts";
import type { Examination } from "./examine.ts";
import { everyMs } from "./pace.ts";

/** Where and when an examination was made: the part of a header that is the same for every recording. */
export type Origin = Pick<Header, "kernel" | "node" | "bootId" | "originUs" | "startedAt">;

/** The names under which a doctor's recording is found where trials have those of an experiment and a variant. */
const NAMES = { experiment: "doctor", variant: "live" };
/** Whether a recording that begins with this text, of the beginning of its header, is one of the doctor. */
export function isNamedAsExamination(text: string): boolean {
  const { experiment, variant } = NAMES;
  return text.startsWith(
    `{"kind":"header","format":"${RECORDING_FORMAT}","experiment":"${experiment}","variant":"${variant}"`,
  );
}

// What is added to an examination is added to its recording, too, or the type check fails.
true satisfies Agreement<Omit<Examination, "patients" | "whole" | "saved">, Looked>;

/**
 * An examination as a recording. Its hosts are the subjects, and the namespace; what an observer on each of them reads is that subject's view.
 * Throws for an examination of saved text: a recording has every column.
 */
export function recordingOf(
  examination: Examination,
  { asked, origin, isRedacted = false }: { asked: Asked; origin: Origin; isRedacted?: boolean },
): Recording {
  const { patients, whole, saved, ...looked } = examination;
  if (saved !== undefined) throw new Error("an examination of saved text has columns that were not read");
  const all = [...patients, whole];
  const of = <T>(value: T): Record<string, T> =>
    Object.fromEntries(all.map(({ view: { host } }) => [host, value]));
  const samples: Sample[] = all
    .flatMap((patient): Sample[] => patient.view.samples)
    .toSorted((a, b) => a.atUs - b.atUs);
  const lastUs = samples.at(-1)?.atUs ?? 0;
  return {
    header: {
      kind: "header",
      format: RECORDING_FORMAT,
      ...NAMES,
      setup: setupOf(of({ sysctls: {} }), looked.seconds),
      ...origin,
      sysctls: Object.fromEntries(all.map(({ view: { host, sysctls } }) => [host, sysctls])),
      addresses: of([]),
      examined: {
        ...looked,
        asked,
        subjects: patients.map(({ subject, pids }) => ({ subject, pids: [...pids] })),
        isRedacted,
      },
    },
    samples: [...samples, { kind: "end", atUs: lastUs, phase: "load", reason: "completed" }],
    cutOff: null,
    sealed: true,
  };
}

/** The examination that a recording of the doctor has, and what it was asked about; null for a recording of a trial. */
export function examinationOf(
  recording: Recording,
): { examination: Examination; asked: Asked; isRedacted: boolean } | null {
  const { examined } = recording.header;
  if (examined === undefined) return null;
  const { asked, subjects, isRedacted, ...looked } = examined;
  const names = new Set(subjects.map(({ subject }) => subject.name));
  const whole = Object.keys(recording.header.setup.hosts).find((host) => !names.has(host)) ?? "";
  const views = viewsOf(recording);
  const { cutOff } = recording;
  return {
    asked,
    isRedacted,
    examination: {
      ...looked,
      lack: looked.lack ?? (cutOff === null ? null : `the recording is not whole: ${cutOff}`),
      patients: subjects.map(({ subject, pids }) => ({
        subject,
        view: views(subject.name),
        pids: new Set(pids),
      })),
      whole: { subject: { kind: "namespace", name: whole }, view: views(whole), pids: new Set() },
    },
  };
}

/** Views of a recording by host. The samples are sorted once, because a recording can have hundreds of hosts. */
function viewsOf({ header, samples, ...rest }: Recording): (host: string) => ReturnType<typeof view> {
  const byHost = new Map<string, Sample[]>();
  for (const sample of samples) {
    if (!("host" in sample)) continue;
    const own = byHost.get(sample.host);
    if (own === undefined) byHost.set(sample.host, [sample]);
    else own.push(sample);
  }
  return (host) => view({ ...rest, header, samples: byHost.get(host) ?? [] }, host);
}

function setupOf(hosts: Setup["hosts"], seconds: number): Setup {
  const every = { everyMs: everyMs(seconds) };
  return {
    hosts,
    links: [],
    programs: {},
    phases: [{ name: "load", until: { elapsedMs: seconds * 1000 } }],
    interventions: [],
    observers: {
      sockets: { ...every, tcpInfo: true },
      listeners: every,
      counters: every,
      processes: every,
    },
  };
}
