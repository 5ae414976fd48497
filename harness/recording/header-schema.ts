import * as z from "zod";
import { RECORDING_FORMAT, type Header } from "../model/recording.ts";
import type { Agreement } from "./agreement.ts";
import { examinedSchema } from "./examined-schema.ts";
import { setupSchema } from "./setup-schema.ts";
import { strict } from "./strict.ts";

/** The first line of a recording of this format. */
export const headerSchema = strict({
  kind: z.literal("header"),
  format: z.literal(RECORDING_FORMAT),
  experiment: z.string().min(1),
  variant: z.string().min(1),
  setup: setupSchema,
  kernel: strict({ release: z.string(), machine: z.string() }),
  node: z.string(),
  bootId: z.string(),
  originUs: z.int(),
  startedAt: z.string(),
  sysctls: z.record(z.string(), z.record(z.string(), z.string())),
  addresses: z.record(z.string(), z.array(z.string())),
  unseenPressure: z.array(z.string()).exactOptional(),
  examined: examinedSchema.exactOptional(),
});

true satisfies Agreement<z.infer<typeof headerSchema>, Header>;
