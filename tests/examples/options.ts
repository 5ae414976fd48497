/** Options of other programs, which pages name in their sentences. */
export const OF_OTHERS: Record<string, string> = {
  "--exit-code-from": "docker compose up",
  "--http1.0": "curl",
  "--kill-child": "unshare",
  "--lite-mode": "node",
  "--max-lazy": "node",
  "--min-semi-space-size": "node",
  "--no-opt": "node",
  "--single-threaded": "node",
  "--single-threaded-gc": "node",
  "--v8-pool-size": "node",
};

/** The options that a page names in backticks, alone: `--hold`, `--port N`. */
export function optionsOfPage(page: string): string[] {
  return [...page.matchAll(/`(--[a-z][\w.-]*)[^`\n]*`/g)].map(([, option = ""]) => option);
}

/** The command and the options of what a page has in backticks without `npx lastack`: `run --hold`. */
export function shortCommandsOf(page: string, commands: string[]): string[][] {
  return [...page.matchAll(/`([a-z]+) ([^`\n]*--[^`\n]*)`/g)].flatMap(([, command = "", rest = ""]) => {
    const options = rest.split(/[\s,]+/).filter((word) => /^--[a-z]/.test(word));
    return commands.includes(command) ? [[command, ...options]] : [];
  });
}

/** The command, and the options that the explanation beside it names: a list of commands has two or more spaces between the two. */
export function explainedOf(page: string): string[][] {
  return [...page.matchAll(/^npx lastack ([a-z]+)\S*[^\n]*? {2,}(\S.*)$/gm)].map(
    ([, command = "", text = ""]) => [
      command,
      ...[...text.matchAll(/(?<![\w-])--[a-z][\w-]*/g)].map(([option]) => option),
    ],
  );
}

/** The options that a program can have: what its source has between quotes, or after two dashes. */
export function optionsOfSource(source: string): string[] {
  return [...source.matchAll(/"([a-z][\w-]*)"|--([a-z][\w-]*)|^\s*(\w+): \{ type: /gm)].map(
    ([, quoted, dashed, key]) => `--${quoted ?? dashed ?? key}`,
  );
}

/** The scripts that a page runs: `npm run bench`, `npm test`. */
export function scriptsOf(page: string): string[] {
  return [...page.matchAll(/\bnpm (?:run ([\w:]+)|(test|start))\b/g)].map(
    ([, name, short]) => name ?? short ?? "",
  );
}
