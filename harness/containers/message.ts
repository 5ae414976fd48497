import { join } from "node:path";
import type { HostName, PhaseName, ProgramName } from "../model/names.ts";
import type { CountersSample, EndSample, ProgramSample, Sample, SocketsSample } from "../model/sample.ts";
import type { Setup } from "../model/setup.ts";

/** The order for an observer. It does not contain the expectations. */
export interface PartOrder {
  experiment: string;
  variant: string;
  setup: Setup;
  /** Absolute path of the recording of this host. */
  out: string;
}

/** A message from the coordinator to an observer. The observer answers each with `did`, in the same order. */
export type CoordinatorSays =
  | { kind: "coordinator"; order: PartOrder }
  | { kind: "start"; program: ProgramName }
  | { kind: "begin"; phase: PhaseName }
  | { kind: "finish-phase"; met: boolean }
  | { kind: "finish"; reason: EndSample["reason"]; because: string | null };

/** A message from an observer to the coordinator. The sample in `saw` has no examples. */
export type ObserverSays =
  | { kind: "did"; what: CoordinatorSays["kind"] }
  | { kind: "saw"; sample: SocketsSample | CountersSample | ProgramSample }
  | { kind: "fault"; because: string };

/**
 * A message from a process that runs programs to the observer of its host. With `becomes`, this process itself will become the
 * program, and the program's output then follows as it is. `namespaces` are the names of the network and pid namespaces of the
 * process, `net:[4026531840]`.
 */
export type ProgramsSay =
  | { kind: "programs"; programs: ProgramName[]; becomes: boolean; pid: number; namespaces: string[] }
  | { kind: "told"; sample: Sample; originUs: number }
  | { kind: "fault"; because: string };

/** A message from the observer to the processes that run programs. */
export type ObserverOrders = { kind: "order"; setup: Setup } | { kind: "start"; program: ProgramName };

/** The namespaces that an observer must share with a program to see its sockets and processes. */
export const SHARED_NAMESPACES = ["net", "pid"] as const;

/** The path at which the observer of a host waits, in the folder that all parts share. */
export function observerPath(folder: string, host: HostName): string {
  return join(folder, `${host}.sock`);
}
