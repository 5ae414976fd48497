import { inLab } from "./in-lab.ts";
import { ODD, sceneOf } from "./odd.ts";
import type { Doctored } from "./place.ts";
import { isStarved, unstarved } from "./unstarved.ts";
import type { NeededProgram } from "../programs/packages.ts";

/** A scene of healthy-scenes.ts: the programs that it calls, and the remarks that it may cause. */
export interface HealthyScene {
  name: string;
  needs: NeededProgram[];
  remarks: string[];
}

/** Quiet ones, which can be played at once. */
export const QUIET: HealthyScene[] = [
  { name: "an idle server", needs: [], remarks: [] },
  { name: "1000 idle kept connections", needs: [], remarks: ["half-open-idle"] },
  { name: "TIME-WAIT in thousands at the listener", needs: [], remarks: [] },
  { name: "TIME-WAIT in thousands at the connector", needs: [], remarks: [] },
  { name: "a preforking server", needs: ["python3"], remarks: [] },
  { name: "half-closed clients that wait", needs: ["python3"], remarks: [] },
  { name: "an idle pool with some CLOSE-WAIT", needs: [], remarks: [] },
  { name: "a server that waits for its clients to close", needs: ["python3"], remarks: [] },
  { name: "clients that wait for an event, beside an idle pool", needs: ["python3"], remarks: [] },
  { name: "a server that was stopped", needs: [], remarks: ["restart-refused"] },
];

/** Healthy programs that look odd, a few at once: some of them load the machine. */
export const ODD_ONES: HealthyScene[] = ODD.map((odd) => ({
  name: sceneOf(odd),
  needs: ["python3"],
  remarks: odd.remarks ?? [],
}));

/** Those with a load, which are played one after another. */
const RESETS = ["linger-zero-reset", "reset-on-unread-data"];
export const LOADED: HealthyScene[] = [
  { name: "500 short connections a second", needs: [], remarks: [] },
  { name: "a preforking server under load", needs: ["python3"], remarks: [] },
  { name: "nginx under load and in reload", needs: ["nginx"], remarks: ["half-open-idle", ...RESETS] },
  {
    name: "haproxy under load and in reload",
    needs: ["haproxy", "nginx"],
    remarks: ["half-open-idle", ...RESETS],
  },
  { name: "lighttpd under load and in reload", needs: ["lighttpd"], remarks: ["half-open-idle", ...RESETS] },
];

/** Plays scenes at once, and the doctor in each for some seconds. */
export function played(scenes: HealthyScene[], seconds: number): Record<string, Doctored> {
  const names = scenes.map(({ name }) => name);
  return inLab("tests/fixtures/doctor/healthy-scenes.ts", [String(seconds), ...names]);
}

/** Plays a scene, and again if the machine gave the doctor no time. */
export function playedAlone(scene: HealthyScene, seconds: number): Promise<Doctored | undefined> {
  return unstarved(
    () => played([scene], seconds)[scene.name],
    (doctored) => isStarved(doctored?.document),
  );
}

/** What is wrong with what the doctor printed of a healthy host, in sentences. */
export function healthyFaults(
  { remarks: allowed }: HealthyScene,
  doctored: (Doctored & { failed?: string }) | undefined,
): string[] {
  if (doctored === undefined) return ["the scene was not played"];
  const { status, document, stderr, failed } = doctored;
  if (failed !== undefined) return [`the scene was not played: ${failed}`];
  if (document === null) return [`nothing was printed: ${stderr}`];
  const { findings, undecided, examined } = document;
  const remarks = document.remarks.filter(({ mode }) => !allowed.includes(mode));
  return [
    ...findings.map(({ mode, subject, evidence }) => {
      const seen = evidence.map(({ observed }) => observed).join("; ");
      return `${subject.name} is accused of ${mode}: ${seen}`;
    }),
    ...remarks.map(({ mode, subject }) => `a remark that nothing here explains: ${mode} at ${subject.name}`),
    ...undecided.map(
      ({ mode, subject, because }) => `${mode} was not decided at ${subject.name}: ${because}`,
    ),
    ...(examined.length === 0 ? ["nothing was examined"] : []),
    ...(status === 0 ? [] : [`exit code ${status}`]),
  ];
}
