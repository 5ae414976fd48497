import type { ClientCell, ClientResult, ProbeCell, ServerResult } from "./result.ts";

/** What was expected and observed at a server, probe by probe: a page with an anchor for each. */
export function serverEvidence({ title, version, kernel, probes }: ServerResult): string {
  const sections = probes.map((probe) => `## ${probe.id}\n\n${probe.outcome}${ofProbe(probe)}`);
  return page(`${title} ${version}, probe by probe`, kernel, sections);
}

function ofProbe({ skipped, claims, seconds }: ProbeCell): string {
  if (skipped !== undefined) return `: ${oneLine(skipped)}\n`;
  const lines = claims.map(
    ({ outcome, expected, observed }) =>
      `- ${outcome}: ${oneLine(expected)}\n  - observed: ${oneLine(observed)}`,
  );
  return `, in ${Math.round(seconds)} s\n\n${lines.join("\n")}\n`;
}

/** What a client did at each server for clients: a page with an anchor for each. */
export function clientEvidence({ title, version, kernel, servers }: ClientResult): string {
  const sections = servers.map((cell) => `## ${cell.name}\n\n${ofCell(cell)}`);
  return page(`${title} ${version}, server by server`, kernel, sections);
}

function ofCell(cell: ClientCell): string {
  const { outcome, findings, exitCode, connections, requests, resetsReceived, printed, seconds } = cell;
  const ended =
    exitCode === null ? `lastack ended it after ${seconds} s` : `exit code ${exitCode} after ${seconds} s`;
  const facts = [
    `- ${ended}`,
    `- connections: ${connections}; requests: ${requests}; resets received: ${resetsReceived}`,
    ...findings.map((mode) => `- found: ${mode}`),
  ];
  const lines = printed.length === 0 ? "" : `\n\n\`\`\`\n${printed.join("\n")}\n\`\`\``;
  return `${outcome}\n\n${facts.join("\n")}${lines}\n`;
}

function page(title: string, kernel: string, sections: string[]): string {
  const intro = `\`npm run matrix\` writes this page. It was run on Linux ${kernel}.`;
  return `# ${title}\n\n${intro}\n\n${sections.join("\n")}`;
}

/** Several sentences of a claim come as lines. */
function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ").trim();
}
