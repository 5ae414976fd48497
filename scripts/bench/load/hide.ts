import { spawnSync } from "node:child_process";

/** Puts an empty folder in memory over another, for this mount namespace. Throws what mount(8) said. */
export function hide(folder: string): void {
  const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "tmpfs", folder], { encoding: "utf8" });
  if (status !== 0) throw new Error(`no file system in memory over ${folder}: ${stderr.trim()}`);
}
