import { basename, relative, resolve } from "node:path";

/**
 * The first thing in a file, or in a file that it imports by its path, that is no JavaScript or TypeScript, with its place:
 * `Unexpected "=" (line 3)`. Node's own errors name neither the file nor the line. null when there is none.
 */
export async function syntaxFault(file: string): Promise<string | null> {
  const { build } = await import("esbuild");
  const { errors } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "silent",
  }).catch((failure: unknown) => failure as Awaited<ReturnType<typeof build>>);
  const first = errors?.find(({ location }) => location !== null);
  if (first === undefined || !first.location) return null;
  const { file: place, line } = first.location;
  const isOther = relative(resolve(place), file) !== "";
  return `${first.text} (${isOther ? `${basename(place)}, ` : ""}line ${line})`;
}

/** Whether an error says that a file is no JavaScript or TypeScript: Node's, or esbuild's from the hook that reads TypeScript. */
export function isOfSyntax(error: unknown): boolean {
  return (
    error instanceof SyntaxError || (error instanceof Error && error.message.startsWith("Transform failed"))
  );
}
