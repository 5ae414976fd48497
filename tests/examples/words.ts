/** A command line as words, as a shell divides it: quotes group, and a pipe, a redirection, a comment or `;` ends it. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)) {
    if (/^(?:[|>;&#]|2>)/.test(word)) break;
    words.push(word.replaceAll(/'([^']*)'|"([^"]*)"/g, "$1$2").replace(/[;]$/, ""));
    if (word.endsWith(";")) break;
  }
  return words;
}

/** The examples of a help text, without the word `lastack`: lines that begin with it, and end where two spaces begin an explanation. */
export function examplesOfHelp(help: string): string[][] {
  const [, examples = ""] = help.split("\nExamples:");
  return commandLines(examples, /^ {2}lastack (.*)$/);
}

/** The command lines of a page, without the word `lastack`: those of its blocks, and those in backticks. */
export function examplesOfPage(page: string): string[][] {
  const inBackticks = [...page.matchAll(/`npx lastack ([^`]+)`/g)].map(([, line = ""]) => wordsOf(line));
  return [...commandLines(page, /^(?:\$ )?npx lastack (.*)$/), ...inBackticks];
}

function commandLines(text: string, pattern: RegExp): string[][] {
  return text.split("\n").flatMap((line) => {
    const [, command] = pattern.exec(line) ?? [];
    return command === undefined ? [] : [wordsOf(command.split(/ {2,}/)[0] ?? "")];
  });
}
