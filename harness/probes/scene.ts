import type { CheckedServer } from "../model/probe.ts";
import type { ProgramPlan, Setup } from "../model/setup.ts";
import { setupOf, type ShortSetup } from "../model/short-setup.ts";

/** How often the observers look: short enough for what lasts a few round trips. */
const EVERY_MS = { sockets: 50, listeners: 100, counters: 100, processes: 100 } as const;

/** What a probe adds to the server: its clients, its phases and what it does to the server. */
export interface Scene extends Pick<
  ShortSetup,
  "clients" | "phases" | "interventions" | "sysctls" | "hosts"
> {
  /** RLIMIT_NOFILE of the server, getrlimit(2). */
  nofile?: number;
  /** The one-way delay of the wire, in milliseconds; none by default. */
  delayMs?: number;
  /** The wire records each segment by default; `counted` for very many. */
  segments?: "counted";
}

/** The setup of a probe: the server on the host `server`, a wire between, clients on the host `client`. */
export function sceneOf(server: CheckedServer, { nofile, delayMs = 0, segments, ...scene }: Scene): Setup {
  const setup = setupOf({
    ...scene,
    links: [{ kind: "wire", delayMs, ...(segments !== undefined && { segments }) }],
    everyMs: EVERY_MS,
    tcpInfo: true,
  });
  return { ...setup, programs: { server: serverPlan(server, nofile), ...setup.programs } };
}

/** The server under check as a program of a setup. */
export function serverPlan(
  { run, foreign, port, withinMs }: Omit<CheckedServer, "port"> & { port?: number },
  nofile?: number,
): ProgramPlan {
  return {
    host: "server",
    role: "server",
    run,
    ...(port !== undefined && { listens: port }),
    limits: nofile === undefined ? {} : { nofile },
    foreign,
    withinMs,
  };
}

/** The command of a client that plays `steps` on its connections to the server (clients/dialogue). */
export function dialogue(
  { port, isTls }: Pick<CheckedServer, "port" | "isTls">,
  steps: readonly string[],
  options: readonly string[] = [],
): string[] {
  const tls = isTls ? ["--tls"] : [];
  return ["clients/dialogue", "--to", `{server}:${port}`, ...tls, ...options, ...steps];
}

/** The steps that send a request and read its answer. */
export function exchange(server: CheckedServer, answerMs: number, isLast = false): string[] {
  return [`send ${isLast ? server.lastRequest : server.request}`, answerStep(server, answerMs)];
}

/** The step that reads one answer. */
export function answerStep({ speaks, answerBytes }: CheckedServer, answerMs: number): string {
  return speaks === "http" ? `answer ${answerMs}` : `bytes ${answerBytes} ${answerMs}`;
}
