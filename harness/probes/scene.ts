import type { CheckedServer } from "../model/probe.ts";
import type { ProgramPlan, Setup } from "../model/setup.ts";
import { setupOf, type ShortLink, type ShortSetup } from "../model/short-setup.ts";
import type { WireRule } from "../model/wire.ts";

/** How often the observers look: short enough for what lasts a few round trips. */
const EVERY_MS = { sockets: 50, listeners: 100, counters: 100, processes: 100 } as const;

/** What a probe adds to the server: its clients, its phases and what it does to the server. */
export interface Scene extends Pick<
  ShortSetup,
  "clients" | "phases" | "interventions" | "sysctls" | "hosts"
> {
  /** RLIMIT_NOFILE of the server, getrlimit(2). */
  nofile?: number;
  /** The one-way delay of the wire to `client`, in milliseconds; none by default. */
  delayMs?: number;
  /** The wires record each segment by default; `counted` for very many. */
  segments?: "counted";
  /** Of the wire between `client` and `server`. */
  rules?: WireRule[];
}

/** A host beside `client`, with a wire of its own: its clients go on when `client` vanishes. */
export const NEIGHBOUR = "neighbour";

/** The setup of a probe: the server on the host `server`, clients on `client` and NEIGHBOUR, and a wire from each of them to the server. */
export function sceneOf(
  server: CheckedServer,
  { nofile, delayMs = 0, segments, rules = [], ...scene }: Scene,
): Setup {
  const counted = segments === undefined ? {} : { segments };
  const hasNeighbour = Object.values(scene.clients ?? {}).some(
    (client) => typeof client === "object" && "host" in client && client.host === NEIGHBOUR,
  );
  const links: ShortLink[] = [{ kind: "wire", delayMs, rules, ...counted }];
  if (hasNeighbour) links.push({ kind: "wire", between: [NEIGHBOUR, "server"], ...counted });
  const setup = setupOf({ ...scene, links, everyMs: EVERY_MS, tcpInfo: true });
  return { ...setup, programs: { server: serverPlan(server, nofile), ...setup.programs } };
}

/** The server under check as a program of a setup. */
export function serverPlan(
  { run, foreign, port, withinMs }: Pick<CheckedServer, "run" | "foreign" | "withinMs"> & { port?: number },
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

/** The request without its Connection header: what the version of HTTP says holds then. */
export function withoutConnection(request: string): string {
  return request.replace("Connection: keep-alive\\r\\n", "");
}

/** The most bytes of answers that a probe asks for: what a wire and two hosts on one machine carry in a few seconds. */
const MOST_BYTES = 30_000_000;
const LEAST_MANY = 23;

/** How many of so many connections a probe makes: fewer where the answers are long. */
export function affordable({ answerBytes }: CheckedServer, wanted: number): number {
  const fitting = Math.floor(MOST_BYTES / Math.max(1, answerBytes));
  return Math.min(wanted, Math.max(LEAST_MANY, fitting));
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

/** A character of the text of a step: an escape is one. */
const CHARACTER = /\\x[\dA-Fa-f]{2}|\\.|\{n\}|[^]/gsu;

/** How many bytes a request has, from the text of its step. */
export function bytesIn(request: string): number {
  return charactersOf(request).length;
}

function charactersOf(request: string): string[] {
  return request.match(CHARACTER) ?? [];
}

/** The first half of a request, as the text of a step; empty when it is a single character. */
export function firstHalf(request: string): string {
  const characters = charactersOf(request);
  return characters.slice(0, Math.floor(characters.length / 2)).join("");
}
