import { join } from "node:path";
import type { HostName, PhaseName, ProgramName } from "../model/names.ts";
import type { CountersSample, EndSample, ProgramSample, Sample, SocketsSample } from "../model/sample.ts";
import type { Setup } from "../model/setup.ts";

/** What an observer is given: never the prediction. */
export interface PartOrder {
  experiment: string;
  variant: string;
  setup: Setup;
  /** Absolute path of the recording of this host. */
  out: string;
}

/** From the coordinator to an observer. Each is answered by `did`, in its order. */
export type CoordinatorSays =
  | { kind: "coordinator"; order: PartOrder }
  | { kind: "start"; program: ProgramName }
  | { kind: "begin"; phase: PhaseName }
  | { kind: "finish-phase"; met: boolean }
  | { kind: "finish"; reason: EndSample["reason"]; because: string | null };

/** From an observer to the coordinator. `saw` carries no examples. */
export type ObserverSays =
  | { kind: "did"; what: CoordinatorSays["kind"] }
  | { kind: "saw"; sample: SocketsSample | CountersSample | ProgramSample }
  | { kind: "fault"; because: string };

/**
 * From those who run programs to the observer of their host. `becomes`: the process will be the program itself, and what it
 * prints comes as it is. `namespaces` are the names of its network and pid namespaces, `net:[4026531840]`.
 */
export type ProgramsSay =
  | { kind: "programs"; programs: ProgramName[]; becomes: boolean; pid: number; namespaces: string[] }
  | { kind: "told"; sample: Sample; originUs: number }
  | { kind: "fault"; because: string };

/** From the observer to those who run programs. */
export type ObserverOrders = { kind: "order"; setup: Setup } | { kind: "start"; program: ProgramName };

/** The namespaces in which one sees a program's sockets and processes. */
export const SHARED_NAMESPACES = ["net", "pid"] as const;

/** Where the observer of a host waits, under the folder that all parts share. */
export function observerPath(folder: string, host: HostName): string {
  return join(folder, `${host}.sock`);
}
