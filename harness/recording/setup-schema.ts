import * as z from "zod";
import { INTERVENTION_SIGNALS, type Condition, type Setup } from "../model/setup.ts";
import { TCP_STATES } from "../model/state.ts";
import type { Agreement } from "./agreement.ts";
import { peerSchema } from "./peer-schema.ts";
import { strict } from "./strict.ts";
import { wireTreatment } from "./wire-schema.ts";

const name = z.string().min(1);
const count = z.int().min(0);
const port = z.int().min(1).max(65535);
const ms = z.number().positive();

export const phaseName = z.enum(["load", "drain", "end"]);
export const tcpState = z.enum(TCP_STATES);
export const side = z.enum(["listener", "connector"]);

const socketSelector = strict({
  host: name,
  state: z
    .union([tcpState, z.array(tcpState).min(1)], { error: "expected a TCP state, or a list of them" })
    .exactOptional(),
  side: side.exactOptional(),
  port: port.exactOptional(),
});

const CONDITION_KEYS = "elapsedMs, exited, ready, sockets, counter, heldForMs, all, any";

// The type is written by hand because the schema contains itself. The annotation checks that the schema returns a Condition. The
// Agreements below and the tests check that it accepts every Condition.
const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([...plainConditions, heldCondition, allConditions, anyConditions], {
    error: `expected a condition: an object with one of ${CONDITION_KEYS}`,
  }),
);
const plainConditions = [
  strict({ elapsedMs: z.number().min(0) }),
  strict({ exited: z.array(name).min(1) }),
  strict({ ready: z.array(name).min(1) }),
  strict({ sockets: socketSelector, atLeast: count.exactOptional(), atMost: count.exactOptional() }),
  strict({ counter: name, host: name, atLeast: z.int() }),
] as const;
const heldCondition = strict({ heldForMs: ms, condition });
const allConditions = strict({ all: z.array(condition).min(1) });
const anyConditions = strict({ any: z.array(condition).min(1) });

const link = z.discriminatedUnion("kind", [
  strict({ kind: z.literal("direct"), between: z.tuple([name, name]) }),
  strict({
    kind: z.literal("wire"),
    between: z.tuple([name, name]),
    ...wireTreatment,
    segments: z.literal("counted").exactOptional(),
    peer: peerSchema.exactOptional(),
  }),
  strict({ kind: z.literal("loopback"), host: name }),
]);

const program = strict({
  host: name,
  role: z.enum(["server", "client"]),
  when: condition.exactOptional(),
  run: z.tuple([name], z.string()),
  listens: port.exactOptional(),
  limits: strict({ nofile: z.int().positive().exactOptional() }),
  foreign: strict({
    environment: z.record(name, z.string()),
    readyText: name.exactOptional(),
    reaches: strict({ server: name, port: port.exactOptional() }).exactOptional(),
    mayEnd: z.literal(true).exactOptional(),
  }).exactOptional(),
  withinMs: ms,
});

const intervention = strict({
  name,
  phase: phaseName,
  when: condition,
  do: z.union(
    [
      strict({ signal: z.enum(INTERVENTION_SIGNALS), program: name, group: z.literal(true).exactOptional() }),
      strict({ sysctl: name, value: z.string(), on: name }),
      strict({ restart: name }),
      strict({ link: z.enum(["cut", "join"]), nth: count }),
      strict({
        host: name,
        become: z.enum(["silent", "present", "rebooted", "unreachable"]),
      }),
      strict({ nothing: z.literal(true) }),
    ],
    {
      error:
        "expected { signal, program }, { sysctl, value, on }, { restart }, { link, nth }, { host, become } or { nothing: true }",
    },
  ),
  isOptional: z.literal(true).exactOptional(),
});

const observed = strict({ everyMs: ms });

/** A setup as JSON. Strict: a misspelt key is refused and not ignored. references.ts checks the names in it. */
export const setupSchema = strict({
  hosts: z.record(name, strict({ sysctls: z.record(name, z.string()) })),
  links: z.array(link),
  programs: z.record(name, program),
  phases: z.array(strict({ name: phaseName, until: condition, withinMs: ms.exactOptional() })),
  interventions: z.array(intervention),
  observers: strict({
    sockets: strict({ everyMs: ms, tcpInfo: z.boolean().exactOptional() }).exactOptional(),
    listeners: observed.exactOptional(),
    counters: observed.exactOptional(),
    processes: observed.exactOptional(),
  }),
});

type PlainCondition = Exclude<Condition, { heldForMs: number } | { all: Condition[] } | { any: Condition[] }>;
true satisfies Agreement<z.infer<typeof setupSchema>, Setup>;
true satisfies Agreement<z.infer<(typeof plainConditions)[number]>, PlainCondition>;
true satisfies Agreement<
  z.infer<typeof heldCondition | typeof allConditions | typeof anyConditions>,
  Exclude<Condition, PlainCondition>
>;
