import type { ForeignPlan, InterventionPlan, ProgramPlan, Setup } from "../model/setup.ts";
import { setupOf, type ShortLink } from "../model/short-setup.ts";
import { evilServer, type EvilPlan, OPEN_MS, PORT } from "./evil-servers.ts";
import type { ExecOrder } from "./order.ts";

/** The names of the two programs. */
export const CLIENT = "command";
export const SERVER = "server";

/** Often, because a command can be over in a moment. */
const EVERY_MS = { sockets: 50, listeners: 200, counters: 50, processes: 50 } as const;
/** How long it is recorded what the command has left behind. */
const LEFT_MS = 200;
/** How long the server may take to become ready. */
const READY_WITHIN_MS = 10_000;
/** The phase ends at the bound; the program's own bound, which would be a fault of the trial, is later. */
const LATER_MS = 60_000;

/** The setup of a command against a server: the command on the host `client`, the server on the host `server`, a wire between. Pure. */
export function execSetup(order: Pick<ExecOrder, "command" | "server" | "wire" | "timeoutMs">): Setup {
  const { command, server, wire, timeoutMs } = order;
  const evil = server.kind === "reference" ? evilServer(server.name) : undefined;
  const link: ShortLink = { kind: "wire", ...wire };
  const setup = setupOf({
    links: [link],
    phases: {
      load: { until: { exited: [CLIENT] }, withinMs: timeoutMs },
      drain: { elapsedMs: LEFT_MS },
    },
    interventions: evil?.whenOpen === undefined ? [] : [whenOpen(evil.whenOpen)],
    everyMs: EVERY_MS,
    tcpInfo: true,
  });
  const client: ProgramPlan = {
    host: "client",
    role: "client",
    run: command,
    limits: {},
    foreign: { environment: {}, reaches: reached(order, evil) },
    withinMs: timeoutMs + LATER_MS,
  };
  return { ...setup, programs: { [SERVER]: serverPlan(order, evil), [CLIENT]: client } };
}

function reached(
  { server }: Pick<ExecOrder, "server">,
  evil: EvilPlan | undefined,
): ForeignPlan["reaches"] & {} {
  const port = server.kind === "own" ? server.port : evil?.port;
  return { server: SERVER, ...(port !== undefined && { port }) };
}

function serverPlan({ server }: Pick<ExecOrder, "server">, evil: EvilPlan | undefined): ProgramPlan {
  const rest = { host: "server", role: "server", limits: {}, withinMs: READY_WITHIN_MS } as const;
  if (server.kind === "reference")
    return {
      ...rest,
      run: evil === undefined ? [server.name, "--port", String(PORT)] : runOf(evil, server.at),
    };
  const { command, port } = server;
  return {
    ...rest,
    run: command,
    foreign: { environment: {}, mayEnd: true },
    ...(port !== undefined && { listens: port }),
  };
}

function runOf({ run, at: byte }: EvilPlan, at: number | undefined): EvilPlan["run"] {
  return byte === undefined ? run : [...run, byte.option, String(at ?? byte.bytes)];
}

/** Done once a connection has been open for some time. A command that opens none is right to end without it. */
function whenOpen(what: InterventionPlan["do"]): InterventionPlan {
  const open = {
    sockets: { host: "client", state: "ESTABLISHED" as const, side: "connector" as const },
    atLeast: 1,
  };
  return {
    name: "a connection is open",
    phase: "load",
    when: { heldForMs: OPEN_MS, condition: open },
    do: what,
    isOptional: true,
  };
}
