import { posix } from "node:path";

/** The targets of a Markdown page's links within the project, as paths from its root, without the part after `#`. */
export function linksOf(page: string, text: string): string[] {
  return [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, to = ""]) =>
    posix.normalize(posix.join(posix.dirname(page), to)),
  );
}
