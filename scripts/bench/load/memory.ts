import { spawnSync } from "node:child_process";

/**
 * Mounts an empty folder in memory over another folder, for this mount namespace. Throws with the message of mount(8) when it fails. Also
 * throws unless this is the first process of new namespaces (entryCommand): otherwise the whole machine would lose the folder.
 */
export function coverInMemory(folder: string): void {
  if (process.pid !== 1) throw new Error(`${folder} is covered only in a mount namespace of our own`);
  const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "tmpfs", folder], { encoding: "utf8" });
  if (status !== 0) throw new Error(`no file system in memory over ${folder}: ${stderr.trim()}`);
}
