import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** How to install each tool that is not ours. */
export const SOURCES = {
  nginx: "apt-get install nginx-light",
  haproxy: "apt-get install haproxy",
  lighttpd: "apt-get install lighttpd",
  wrk: "apt-get install wrk",
  ab: "apt-get install apache2-utils",
  hey: "apt-get install hey",
  autocannon: "npm ci",
};

/** The path of a tool, or null when it is not installed. nginx is in /usr/sbin, which is not in the PATH of ordinary users. */
export function find(tool: keyof typeof SOURCES): string | null {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];
  const places = tool === "autocannon" ? autocannon() : folders.map((folder) => join(folder, tool));
  return places.find((place) => existsSync(place)) ?? null;
}

function autocannon(): string[] {
  try {
    return [fileURLToPath(import.meta.resolve("autocannon"))];
  } catch {
    return [];
  }
}
