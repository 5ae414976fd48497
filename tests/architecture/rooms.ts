/**
 * Which files may import which. A row is a room: its files, and what they may import besides each other.
 *
 *   `node:`        Node's own modules
 *   `npm:koffi`    a package
 *   `model`        another room
 *   `type model`   another room, but only its types
 *   `harness`      every room under harness/, except cli
 *
 * A file belongs to the first row whose pattern fits it.
 */
export interface Room {
  name: string;
  files: string;
  may: string[];
  /** `apart`: no file imports another of its room. `by-id`: none imports another folder of its room. */
  inside?: "apart" | "by-id";
}

export const ROOMS: Room[] = [
  // Programs that people read and copy. Where Node has no API they call the kernel, and say so in their first lines.
  { name: "servers", files: "servers/*/**", may: ["node:", "kernel"], inside: "apart" },
  {
    name: "clients",
    files: "clients/**",
    may: ["node:", "kernel", "load", "type model", "npm:autocannon", "npm:hdr-histogram-js", "npm:undici"],
  },
  { name: "experiments", files: "experiments/*/**", may: ["experiment"], inside: "by-id" },
  { name: "experiment", files: "harness/experiment.ts", may: ["model", "measure", "verdict"] },

  // Labs that are not in the catalogue. They are like experiments, with the symptom of an experiment or with their own.
  { name: "compose", files: "compose/*.ts", may: ["experiment", "experiments"], inside: "apart" },

  // Pure: no disk, no clock, no process.
  { name: "model", files: "harness/model/**", may: [] },
  { name: "measure", files: "harness/measure/**", may: ["model", "npm:hdr-histogram-js"] },
  { name: "verdict", files: "harness/verdict/**", may: ["model", "measure"] },
  { name: "attribution", files: "harness/attribution/**", may: ["model", "measure"] },
  { name: "claims", files: "harness/claims/**", may: ["model", "measure", "verdict"] },
  {
    name: "report",
    files: "harness/report/**",
    may: [
      "model",
      "measure",
      "attribution",
      "claims",
      "type load",
      "type compare",
      "type diagnosis",
      "type check",
      "type exec",
      "npm:cli-table3",
      "npm:fast-xml-builder",
      "npm:picocolors",
      "npm:wrap-ansi",
    ],
  },

  // What is tried with a user's own server, and how it is graded.
  { name: "probes", files: "harness/probes/**", may: ["model", "measure", "verdict"] },

  // Rooms that touch the kernel, the disk or processes.
  { name: "kernel", files: "harness/kernel/**", may: ["node:", "npm:koffi"] },
  { name: "lab", files: "harness/lab/**", may: ["node:", "model", "kernel", "npm:esbuild"] },
  { name: "wire", files: "harness/wire/**", may: ["node:", "model", "kernel"] },
  { name: "observers", files: "harness/observers/**", may: ["node:", "model", "kernel"] },
  {
    name: "recording",
    files: "harness/recording/**",
    may: ["node:", "model", "kernel", "npm:leven", "npm:zod"],
  },
  // Loads against servers that already run, in the current namespace.
  {
    name: "live load",
    files: "harness/load/live/**",
    may: ["node:", "model", "measure", "load", "lab", "kernel", "observers"],
  },
  { name: "load", files: "harness/load/**", may: ["model", "measure", "recording"] },
  // Arms, figures and sentences of comparisons.
  { name: "compare", files: "harness/compare/**", may: ["model", "measure", "recording", "load"] },

  // The room that brings lab and observers together.
  {
    name: "trial",
    files: "harness/trial{.ts,/**}",
    may: ["node:", "model", "lab", "wire", "observers", "recording"],
  },
  // A trial whose hosts are containers: separate observers, and the coordinator that leads them.
  {
    name: "containers",
    files: "harness/containers/**",
    may: ["node:", "model", "kernel", "lab", "observers", "recording", "trial"],
  },
  // lastack without its command line: what the package exports, and what scripts and tests call.
  {
    name: "runs",
    files: "harness/runs/**",
    may: ["node:", "harness", "experiments", "npm:picomatch", "npm:zod"],
  },
  // The only module that programs import (`lastack`), as experiments import only harness/experiment.ts.
  {
    name: "lastack",
    files: "harness/lastack.ts",
    may: ["model", "lab", "recording", "runs", "check", "exec"],
  },
  { name: "diagnosis", files: "harness/diagnosis/**", may: ["node:", "harness"] },
  { name: "exec", files: "harness/exec/**", may: ["node:", "harness"] },
  { name: "check", files: "harness/check/**", may: ["node:", "harness", "npm:zod"] },
  {
    name: "cli",
    files: "harness/cli/**",
    may: ["node:", "harness", "npm:cli-table3", "npm:log-update", "npm:picocolors"],
  },

  // Not shipped.
  {
    name: "scripts",
    files: "scripts/**",
    may: [
      "node:",
      "harness",
      "tests",
      "needed programs",
      "npm:esbuild",
      "npm:tsx",
      "npm:hdr-histogram-js",
      "npm:yaml",
    ],
  },
  // Files as a user would write them, in a folder outside lastack.
  { name: "a user's own", files: "tests/fixtures/own/**", may: ["node:", "npm:lastack"] },
  // Clients as their users write them, which the matrix runs.
  {
    name: "clients of the matrix",
    files: "tests/fixtures/matrix/**",
    may: ["node:", "npm:axios", "npm:got", "npm:undici"],
  },
  // Programs that a test calls, but that are not installed everywhere. Tests of every room name them here.
  { name: "needed programs", files: "tests/programs/**", may: ["node:", "npm:vitest"] },
  // What help texts and pages tell a user to type: the only tests that read the commands' help.
  {
    name: "examples",
    files: "tests/examples{.test.ts,/**}",
    may: ["node:", "harness", "cli", "scripts", "npm:picomatch"],
  },
  {
    name: "tests",
    files: "tests/**",
    may: [
      ...["node:", "harness", "scripts", "needed programs"],
      ...["npm:oxc-parser", "npm:picomatch", "npm:vitest", "npm:yaml", "npm:zod"],
    ],
  },
  { name: "configuration", files: "*.ts", may: ["npm:vitest"] },
];

/** A test, or a fixture of tests, may import what its room may, and these: it needs a disk, fixtures from everywhere, and test tools. */
export const TESTS_MAY = [
  "node:",
  "harness",
  "needed programs",
  "npm:vitest",
  "npm:fast-check",
  "npm:xmllint-wasm",
];

/** Files that call `import()` with something other than a string literal, so that the source does not show what they import. */
export const MAY_IMPORT_COMPUTED_NAMES: Record<string, string> = {
  "harness/runs/all-experiments.ts": "finds the experiments",
  "harness/runs/own-file.ts": "loads a user's own file",
  "harness/cli/serve.ts": "loads the server that the user names",
  "scripts/bench.ts": "finds the benches",
  "tests/soak.ts": "finds the repetitions",
  "tests/check/expected.ts": "finds the expected grades",
};

/** Rooms that are not published: they may import development dependencies. */
export const NOT_SHIPPED = [
  "scripts",
  "tests",
  "needed programs",
  "configuration",
  "examples",
  "a user's own",
  "clients of the matrix",
];
