import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { isInstalled } from "../programs/installed.ts";

/** A program that nobody of this project wrote, as a user of it would start it. */
export interface MatrixProgram {
  /** In kebab case: the name of its results. */
  id: string;
  title: string;
  /** The words of its command. They run in the folder of its file, tests/fixtures/matrix/servers or clients. */
  command: [string, ...string[]];
  /** The Debian package that has it; absent for Node.js, and for what `npm ci` installs. */
  debian?: string;
  /** The file that is there when the package is installed: a path, or a name on PATH. */
  file?: string;
  /** The command that prints its version, and where in its output the version is. */
  version: [string, ...string[]];
  versionAt: RegExp;
}

/** What Debian calls Python. Another one, first on PATH, has not Debian's packages. */
const PYTHON = "/usr/bin/python3";
const NODE: Pick<MatrixProgram, "version" | "versionAt"> = {
  version: [process.execPath, "--version"],
  versionAt: /v([\d.]+)/,
};

/** Starts a server in a folder of its own, $LASTACK_INSTANCE: several instances run at once, and share the disk. */
const inOwnFolder = (script: string): [string, ...string[]] => [
  "sh",
  "-c",
  `LASTACK_INSTANCE=$(mktemp -d -p "$LASTACK_SCRATCH"); export LASTACK_INSTANCE; ${script}`,
];

/** The version of an npm package in node_modules. */
const packageVersion = (name: string): Pick<MatrixProgram, "version" | "versionAt"> => ({
  version: [process.execPath, "-p", `require("./node_modules/${name}/package.json").version`],
  versionAt: /([\d.]+)/,
});

/** The version of a Python module of Debian. */
const moduleVersion = (name: string): Pick<MatrixProgram, "version" | "versionAt"> => ({
  version: [PYTHON, "-c", `import importlib.metadata as m; print(m.version("${name}"))`],
  versionAt: /([\d.]+)/,
});

export const SERVERS: readonly MatrixProgram[] = [
  {
    id: "nginx",
    title: "nginx",
    command: inOwnFolder(`exec nginx -p "$LASTACK_INSTANCE" -c "$PWD/nginx.conf" -g 'daemon off;'`),
    debian: "nginx-light",
    file: "nginx",
    version: ["nginx", "-v"],
    versionAt: /nginx\/([\d.]+)/,
  },
  {
    id: "apache2",
    title: "Apache httpd",
    command: inOwnFolder(`exec apache2 -D FOREGROUND -f "$PWD/apache2.conf"`),
    debian: "apache2-bin",
    file: "apache2",
    version: ["apache2", "-v"],
    versionAt: /Apache\/([\d.]+)/,
  },
  {
    id: "lighttpd",
    title: "lighttpd",
    command: ["lighttpd", "-D", "-f", "lighttpd.conf"],
    debian: "lighttpd",
    file: "lighttpd",
    version: ["lighttpd", "-v"],
    versionAt: /lighttpd\/([\d.]+)/,
  },
  {
    id: "haproxy",
    title: "HAProxy",
    command: ["haproxy", "-f", "haproxy.cfg"],
    debian: "haproxy",
    file: "haproxy",
    version: ["haproxy", "-v"],
    versionAt: /version ([\d.]+)/,
  },
  {
    id: "caddy",
    title: "Caddy (Go's net/http)",
    command: ["caddy", "run", "--config", "Caddyfile", "--adapter", "caddyfile"],
    debian: "caddy",
    file: "caddy",
    version: ["caddy", "version"],
    versionAt: /v?([\d.]+)/,
  },
  { id: "node-http", title: "Node.js http", command: [process.execPath, "http.mjs"], ...NODE },
  {
    id: "python-http-server",
    title: "Python http.server",
    command: [PYTHON, "-m", "http.server", "8080", "--directory", "site"],
    debian: "python3",
    file: PYTHON,
    version: [PYTHON, "--version"],
    versionAt: /Python ([\d.]+)/,
  },
  {
    id: "gunicorn",
    title: "gunicorn (sync workers)",
    command: ["/usr/bin/gunicorn", "--bind", "0.0.0.0:8080", "--workers", "2", "wsgi:application"],
    debian: "gunicorn",
    file: "/usr/bin/gunicorn",
    version: ["/usr/bin/gunicorn", "--version"],
    versionAt: /version ([\d.]+)/,
  },
  {
    id: "waitress",
    title: "waitress",
    command: ["/usr/bin/waitress-serve", "--listen=0.0.0.0:8080", "wsgi:application"],
    debian: "python3-waitress",
    file: "/usr/bin/waitress-serve",
    ...moduleVersion("waitress"),
  },
  {
    id: "uvicorn",
    title: "uvicorn",
    command: ["/usr/bin/uvicorn", "--host", "0.0.0.0", "--port", "8080", "asgi:application"],
    debian: "uvicorn",
    file: "/usr/bin/uvicorn",
    ...moduleVersion("uvicorn"),
  },
];

export const CLIENTS: readonly MatrixProgram[] = [
  { id: "http-agent", title: "Node.js http.Agent", command: [process.execPath, "agent.mjs"], ...NODE },
  { id: "fetch", title: "Node.js fetch", command: [process.execPath, "fetch.mjs"], ...NODE },
  {
    id: "undici-pool",
    title: "undici Pool",
    command: [process.execPath, "undici-pool.mjs"],
    ...packageVersion("undici"),
  },
  { id: "axios", title: "axios", command: [process.execPath, "axios.mjs"], ...packageVersion("axios") },
  { id: "got", title: "got", command: [process.execPath, "got.mjs"], ...packageVersion("got") },
  {
    id: "curl",
    title: "curl",
    // Three transfers, one after another, begun 0.6 s apart.
    command: [
      "sh",
      "-c",
      'exec curl -sS --fail-early -o /dev/null --rate 100/m "$LASTACK_URL" -o /dev/null "$LASTACK_URL" -o /dev/null "$LASTACK_URL"',
    ],
    debian: "curl",
    file: "curl",
    version: ["curl", "--version"],
    versionAt: /curl ([\d.]+)/,
  },
  {
    id: "wget",
    title: "wget",
    command: [
      "sh",
      "-c",
      'exec wget -nv --wait=0.6 -O /dev/null "$LASTACK_URL" "$LASTACK_URL" "$LASTACK_URL"',
    ],
    debian: "wget",
    file: "wget",
    version: ["wget", "--version"],
    versionAt: /Wget ([\d.]+)/,
  },
  {
    id: "urllib",
    title: "Python urllib",
    command: [PYTHON, "with_urllib.py"],
    debian: "python3",
    file: PYTHON,
    version: [PYTHON, "--version"],
    versionAt: /Python ([\d.]+)/,
  },
  {
    id: "requests",
    title: "Python requests",
    command: [PYTHON, "with_requests.py"],
    debian: "python3-requests",
    file: "/usr/lib/python3/dist-packages/requests",
    ...moduleVersion("requests"),
  },
  {
    id: "httpx",
    title: "Python httpx",
    command: [PYTHON, "with_httpx.py"],
    debian: "python3-httpx",
    file: "/usr/lib/python3/dist-packages/httpx",
    ...moduleVersion("httpx"),
  },
  {
    id: "go",
    title: "Go net/http",
    // Compiled before the run (build.ts).
    command: ["sh", "-c", 'exec "$LASTACK_SCRATCH/go-client"'],
    debian: "golang-go",
    file: "go",
    version: ["go", "version"],
    versionAt: /go([\d.]+)/,
  },
];

/** Whether a program is on this machine. */
export function isHere({ file }: MatrixProgram): boolean {
  if (file === undefined) return true;
  return file.startsWith("/") ? existsSync(file) : isInstalled(file, { isOfSystem: true });
}

/** Its version, as it prints it. `folder`: the project's. */
export function versionOf(
  { version: [program, ...words], versionAt }: MatrixProgram,
  folder: string,
): string {
  // Some print it to standard error.
  const printed = execFileSync("sh", ["-c", '"$@" 2>&1', "sh", program, ...words], {
    cwd: folder,
    encoding: "utf8",
  });
  const found = versionAt.exec(printed)?.[1];
  if (found === undefined) throw new Error(`${program} prints no version: ${printed.slice(0, 200)}`);
  return found;
}
