/** Texts by two names, of a table with a line each: `C16 refuted TIME-WAIT stays at its 60 s`. Throws where a line is not so, or comes twice. */
export function readTable(lines: string): Map<string, Map<string, string>> {
  const table = new Map<string, Map<string, string>>();
  for (const line of lines.trim().split("\n")) {
    const [, id, key, text] = /^(\S+) (\S+) (\S.*)$/.exec(line) ?? [];
    if (id === undefined || key === undefined || text === undefined)
      throw new Error(`this is no text: ${line}`);
    const own = table.get(id) ?? new Map<string, string>();
    if (own.has(key)) throw new Error(`there are two texts for ${id} ${key}`);
    table.set(id, own.set(key, text));
  }
  return table;
}
