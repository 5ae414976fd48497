/** `engines` in package.json. Older ones lack functions that lastack and its packages use. */
const OLDEST_NODE = [20, 19] as const;

/** What is wrong with the version of Node.js, and what to do; null: this version runs lastack. `version`: `process.versions.node`. */
export function nodeFault(version: string): { reason: string; remedy: string } | null {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldMajor, oldMinor] = OLDEST_NODE;
  if (major > oldMajor || (major === oldMajor && minor >= oldMinor)) return null;
  return { reason: `Node.js ${version}`, remedy: `install Node.js ${OLDEST_NODE.join(".")} or newer` };
}
