import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** What npm needs to reach its registry from the root, as it does on this machine. */
export interface NpmAccess {
  env: Record<string, string>;
  /** Files to copy: the path here, and the path in the root. `~` is the home of the user who runs npm. */
  files: [from: string, to: string][];
}

/** Variables that npm itself adds to the environment of a script, or that name a path of this machine. */
const OF_THIS_MACHINE = new Set([
  ...["cache", "cafile", "prefix", "userconfig", "globalconfig", "init_module", "logs_dir", "tmp"],
  ...["global_prefix", "local_prefix", "node_gyp", "npm_version", "user_agent", "shell", "script_shell"],
]);

const EXTRA_CA = "/usr/local/share/lastack/extra-ca.pem";
const CAFILE = "/usr/local/share/lastack/cafile.pem";

/**
 * What npm gets in a root: its configuration files of the user and of the machine, at the paths where npm looks for them; certificates,
 * proxies, and its options from the environment. `config` is what npm reports of itself.
 */
export function npmAccess(
  env: NodeJS.ProcessEnv,
  config: { userconfig: string; globalconfig: string; cafile: string },
): NpmAccess {
  const passed = Object.entries(env).filter(([name, value]) => value !== undefined && isPassed(name));
  const access: NpmAccess = {
    env: Object.fromEntries(passed) as Record<string, string>,
    files: [
      [config.userconfig, "~/.npmrc"],
      [config.globalconfig, "/usr/local/etc/npmrc"],
    ],
  };
  const extra = env["NODE_EXTRA_CA_CERTS"] ?? "";
  if (extra !== "") {
    access.files.push([extra, EXTRA_CA]);
    access.env["NODE_EXTRA_CA_CERTS"] = EXTRA_CA;
  }
  if (config.cafile !== "") {
    access.files.push([config.cafile, CAFILE]);
    access.env["npm_config_cafile"] = CAFILE;
  }
  return access;
}

function isPassed(name: string): boolean {
  if (/^(?:https?|all|no)_proxy$/i.test(name)) return true;
  const option = /^npm_config_(.+)$/i.exec(name)?.[1]?.toLowerCase().replaceAll("-", "_");
  return option !== undefined && !OF_THIS_MACHINE.has(option);
}

/** The folder of this machine's npm: the npm that runs this process, or the one on the PATH. Throws when there is none. */
export function npmFolder(env: NodeJS.ProcessEnv): string {
  const onPath = (env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "npm"));
  const places = [env["npm_execpath"] ?? "", ...onPath, join(dirname(process.execPath), "npm")];
  const cli = places.filter((path) => path !== "" && existsSync(path)).map((path) => realpathSync(path));
  const found = cli.find((path) => path.endsWith(join("npm", "bin", "npm-cli.js")));
  if (found === undefined) throw new Error("npm was not found, neither on the PATH nor beside Node.js");
  return dirname(dirname(found));
}

/** The paths of npm's configuration on this machine, as npm reports them. */
export function npmConfig(folder: string): { userconfig: string; globalconfig: string; cafile: string } {
  const get = (key: string): string => {
    const command = [join(folder, "bin", "npm-cli.js"), "config", "get", key];
    const said = spawnSync(process.execPath, command, { encoding: "utf8" }).stdout.trim();
    return said === "null" || said === "undefined" ? "" : said;
  };
  return { userconfig: get("userconfig"), globalconfig: get("globalconfig"), cafile: get("cafile") };
}
