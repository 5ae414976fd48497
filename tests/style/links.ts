import { posix } from "node:path";

/** Where the links of a Markdown page lead that stay in the project: paths from its root, without what follows a `#`. */
export function linksOf(page: string, text: string): string[] {
  return [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, to = ""]) =>
    posix.normalize(posix.join(posix.dirname(page), to)),
  );
}
