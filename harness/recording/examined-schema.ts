import * as z from "zod";
import type { Examined } from "../model/examined.ts";
import type { Agreement } from "./agreement.ts";
import { side } from "./setup-schema.ts";
import { strict } from "./strict.ts";

const name = z.string().min(1);
const count = z.int().min(0);
const pids = z.array(count);

const subject = z.discriminatedUnion("kind", [
  strict({
    kind: z.literal("family"),
    name,
    pid: count,
    program: z.string(),
    command: z.string(),
    pids,
    ports: pids,
  }),
  strict({ kind: z.literal("remains"), name, side, port: count, isHeld: z.boolean() }),
  strict({ kind: z.literal("namespace"), name }),
]);

/** What the header of a doctor's recording has besides those of trials. */
export const examinedSchema = strict({
  asked: strict({ port: count.nullable(), pid: count.nullable() }),
  seconds: z.number().min(0),
  looks: count,
  longestLookMs: z.number().min(0),
  unseenSockets: count,
  unread: z.array(strict({ pid: count, name: z.string() })),
  lack: z.string().nullable(),
  subjects: z.array(strict({ subject, pids })),
  isRedacted: z.boolean(),
});

true satisfies Agreement<z.infer<typeof examinedSchema>, Examined>;
