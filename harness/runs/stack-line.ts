import { pathToFileURL } from "node:url";

/** The line of a file that an error came from: the first of the error's stack that is in the file; null when the stack names none. */
export function stackLine({ stack = "" }: Error, file: string): string | null {
  const url = pathToFileURL(file).href;
  const place = stack.split("\n").find((one) => one.includes(url) || one.includes(file));
  return place === undefined ? null : (/:(\d+)(?::\d+)?\)?$/.exec(place.trim())?.[1] ?? null);
}
