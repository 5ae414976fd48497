import { spawnSync } from "node:child_process";

/**
 * Puts an empty folder in memory over another, for this mount namespace. Throws what mount(8) said when it cannot, and anywhere but
 * in the first process of namespaces of its own (entryCommand): elsewhere it would be the whole machine that lost its folder.
 */
export function coverInMemory(folder: string): void {
  if (process.pid !== 1) throw new Error(`${folder} is covered only in a mount namespace of our own`);
  const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "tmpfs", folder], { encoding: "utf8" });
  if (status !== 0) throw new Error(`no file system in memory over ${folder}: ${stderr.trim()}`);
}
