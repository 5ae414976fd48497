/**
 * Who may import whom. A row is a room: which files lie in it, and what they may import besides each other.
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
  // What people copy out and read; where Node has no API they call the kernel, and say so in their first lines.
  { name: "servers", files: "servers/*/**", may: ["node:", "kernel"], inside: "apart" },
  {
    name: "clients",
    files: "clients/**",
    may: ["node:", "kernel", "load", "type model", "npm:autocannon", "npm:hdr-histogram-js", "npm:undici"],
  },
  { name: "experiments", files: "experiments/*/**", may: ["experiment"], inside: "by-id" },
  { name: "experiment", files: "harness/experiment.ts", may: ["model", "measure", "verdict"] },

  // Labs that the catalogue does not have: as experiments are, with the symptom of one or with their own.
  { name: "compose", files: "compose/*.ts", may: ["experiment", "experiments"], inside: "apart" },

  // Pure: no disk, no clock, no process.
  { name: "model", files: "harness/model/**", may: [] },
  { name: "measure", files: "harness/measure/**", may: ["model", "npm:hdr-histogram-js"] },
  { name: "verdict", files: "harness/verdict/**", may: ["model", "measure"] },
  { name: "claims", files: "harness/claims/**", may: ["model", "measure", "verdict"] },
  {
    name: "report",
    files: "harness/report/**",
    may: [
      "model",
      "measure",
      "claims",
      "type load",
      "type compare",
      "npm:cli-table3",
      "npm:picocolors",
      "npm:wrap-ansi",
    ],
  },

  // The world.
  { name: "kernel", files: "harness/kernel/**", may: ["node:", "npm:koffi"] },
  { name: "lab", files: "harness/lab/**", may: ["node:", "model", "kernel", "npm:esbuild"] },
  { name: "wire", files: "harness/wire/**", may: ["node:", "model", "kernel"] },
  { name: "observers", files: "harness/observers/**", may: ["node:", "model", "kernel"] },
  { name: "recording", files: "harness/recording/**", may: ["node:", "model", "kernel", "npm:zod"] },
  // Loads against servers that are there already, in the namespace that we are in.
  {
    name: "live load",
    files: "harness/load/live/**",
    may: ["node:", "model", "measure", "load", "lab", "kernel", "observers"],
  },
  { name: "load", files: "harness/load/**", may: ["model", "measure", "recording"] },
  // Arms, figures and sentences of comparisons.
  { name: "compare", files: "harness/compare/**", may: ["model", "measure", "recording", "load"] },

  // Where they meet.
  {
    name: "trial",
    files: "harness/trial{.ts,/**}",
    may: ["node:", "model", "lab", "wire", "observers", "recording"],
  },
  // A trial whose hosts are containers: observers apart, and who leads them.
  {
    name: "containers",
    files: "harness/containers/**",
    may: ["node:", "model", "kernel", "lab", "observers", "recording", "trial"],
  },
  // What lastack is without a command line: what the package exports, and what scripts and tests call.
  {
    name: "runs",
    files: "harness/runs/**",
    may: ["node:", "harness", "experiments", "npm:leven", "npm:picomatch"],
  },
  // The door for programs (`lastack`), as harness/experiment.ts is that for experiments.
  { name: "lastack", files: "harness/lastack.ts", may: ["model", "lab", "recording", "runs"] },
  { name: "diagnosis", files: "harness/diagnosis/**", may: ["node:", "harness"] },
  {
    name: "cli",
    files: "harness/cli/**",
    may: ["node:", "harness", "npm:cli-table3", "npm:log-update", "npm:picocolors"],
  },

  // Not shipped.
  {
    name: "scripts",
    files: "scripts/**",
    may: ["node:", "harness", "tests", "needed programs", "npm:esbuild", "npm:tsx", "npm:hdr-histogram-js"],
  },
  // As a user would write it, in a folder that knows nothing of lastack.
  { name: "a user's own", files: "tests/fixtures/own/**", may: ["node:", "npm:lastack"] },
  // What a test may call that is not installed everywhere: every room's tests say it.
  { name: "needed programs", files: "tests/programs/**", may: ["node:", "npm:vitest"] },
  {
    name: "tests",
    files: "tests/**",
    may: [
      ...["node:", "harness", "scripts", "needed programs"],
      ...["npm:oxc-parser", "npm:picomatch", "npm:yaml", "npm:zod"],
    ],
  },
  { name: "configuration", files: "*.ts", may: ["npm:vitest"] },
];

/** A test may do what its room may, and this: it needs a disk, fixtures from all over, and its tools. */
export const TESTS_MAY = ["node:", "harness", "needed programs", "npm:vitest", "npm:fast-check"];

/** Where `import()` is given something that is not a string: what it leads to cannot be read from the source. */
export const MAY_IMPORT_COMPUTED_NAMES: Record<string, string> = {
  "harness/runs/catalogue.ts": "finds the experiments, and loads a user's own file",
  "harness/cli/serve.ts": "becomes the server that was named",
  "scripts/bench.ts": "finds the benches",
  "tests/soak.ts": "finds the repetitions",
};

/** Rooms that are not published: what they import may be a development dependency. */
export const NOT_SHIPPED = ["scripts", "tests", "needed programs", "configuration", "a user's own"];
