import * as z from "zod";
import { suggest } from "./suggest.ts";

/** An object schema that refuses unknown keys and names the key that was probably meant. */
export function strict<Shape extends z.core.$ZodShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? unknownKeys(issue.keys, known) : undefined),
  });
}

function unknownKeys(keys: readonly string[], known: string[]): string {
  const words = keys.map((key) => `${JSON.stringify(key)}${suggest(key, known).replace(/^ /, ": ")}`);
  return `has the unknown ${keys.length === 1 ? "key" : "keys"} ${words.join(", ")}`;
}
