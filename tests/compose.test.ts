import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { select } from "../harness/runs/catalogue.ts";
import { packageRoot } from "../harness/lab/paths.ts";
import type { Experiment, Variant } from "../harness/model/experiment.ts";
import type { Setup } from "../harness/model/setup.ts";
import { labsIn } from "./compose/labs.ts";

/** The parts of a compose file that these tests read. */
interface ComposeFile {
  services: Record<string, Service>;
  networks?: Record<string, { ipam: { config: { subnet: string }[] } }>;
}
interface Service {
  extends?: { service: string };
  command?: string[];
  entrypoint?: string[];
  sysctls?: Record<string, string>;
  networks?: Record<string, { ipv4_address: string }>;
  network_mode?: string;
  ports?: unknown;
  cap_add?: string[];
}

const folder = join(packageRoot, "compose");
const labs = await Promise.all(
  labsIn(folder).map(async (lab) => {
    const file = parse(readFileSync(lab.file, "utf8")) as ComposeFile;
    return { ...lab, file, experiment: await experimentOf(file) };
  }),
);

/** The experiment that a file names for its judge. A container has the compiled file; this loads its source. */
async function experimentOf({ services }: ComposeFile): Promise<Experiment> {
  const [, , word = ""] = services["judge"]?.command ?? [];
  const named = word.replace("./dist/", `${packageRoot}/`).replace(/\.js$/, ".ts");
  const [entry] = await select([named], false);
  if (entry === undefined) throw new Error(`no experiment is called ${word}`);
  return entry.experiment;
}

const setups = (experiment: Experiment, variants: string[]): Setup[] =>
  variants.map((name) => (experiment.variants as Record<string, Variant>)[name]?.setup as Setup);

/** The programs that services run on that host: `[part, program, HOST, NAME]`. */
function programsOf(file: ComposeFile, host: string): string[] {
  return Object.values(file.services).flatMap(({ command: [part, what = "", where, ...names] = [] }) =>
    part === "part" && /^programs?$/.test(what) && where === host ? names : [],
  );
}

test("compose/ has labs", () => {
  expect(labs.length).toBeGreaterThanOrEqual(9);
});

describe.each(labs)("compose/$name.yaml", ({ file, variants, experiment }) => {
  test("has variants of its experiment, and a service for each host", () => {
    expect(Object.keys(experiment.variants)).toEqual(expect.arrayContaining(variants));
    for (const { hosts } of setups(experiment, variants)) {
      expect(Object.keys(file.services)).toEqual(expect.arrayContaining(Object.keys(hosts)));
    }
  });

  test("gives each host the sysctls of the setup, and no others", () => {
    for (const { hosts } of setups(experiment, variants)) {
      for (const [host, { sysctls }] of Object.entries(hosts)) {
        expect(file.services[host]?.sysctls ?? {}, host).toEqual(sysctls);
      }
    }
  });

  test("has each program of the setup once, on its host", () => {
    for (const { hosts, programs } of setups(experiment, variants)) {
      for (const host of Object.keys(hosts)) {
        const wanted = Object.keys(programs).filter((name) => programs[name]?.host === host);
        expect(programsOf(file, host).toSorted(), host).toEqual(wanted.toSorted());
      }
    }
  });

  test("has an observer in each host's namespaces, or the host observes itself", () => {
    for (const { hosts } of setups(experiment, variants)) {
      for (const host of Object.keys(hosts)) {
        const isObserver = ({ command = [], entrypoint = [] }: Service): boolean =>
          [...command, ...entrypoint].join(" ").endsWith(`part observer ${host}`);
        const observers = Object.entries(file.services).filter(([, service]) => isObserver(service));
        expect(observers.length, host).toBe(1);
        const [[name, service] = ["", {}]] = observers;
        expect(name === host || service.network_mode === `service:${host}`, name).toBe(true);
      }
    }
  });

  test("publishes no port, and uses only the documentation ranges", () => {
    for (const [name, { ports }] of Object.entries(file.services)) expect(ports, name).toBeUndefined();
    const subnets = Object.values(file.networks ?? {}).flatMap(({ ipam }) =>
      ipam.config.map(({ subnet }) => subnet),
    );
    expect(subnets.length).toBe(Object.keys(file.networks ?? {}).length);
    for (const subnet of subnets)
      expect(subnet).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+\/2[4-8]$/);
  });

  test("adds only capabilities that the page names", () => {
    for (const page of ["README.md", "README.zh-CN.md"]) {
      const text = readFileSync(join(folder, page), "utf8");
      const added = Object.values(file.services).flatMap(({ cap_add = [] }) => cap_add);
      for (const capability of added) expect(text, page).toContain(capability);
    }
  });
});

test("every file of compose/ is a lab, a part of one, or the file of the whole catalogue", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  const names = [...labs.map(({ name }) => `${name}.yaml`), "lab.yaml", "parts.yaml"];
  expect(files.toSorted()).toEqual(names.toSorted());
  for (const name of names) expect(existsSync(join(folder, name))).toBe(true);
});

test("the Chinese page has the commands of the English one", () => {
  const [english, chinese] = ["README.md", "README.zh-CN.md"].map((page) =>
    [...readFileSync(join(folder, page), "utf8").matchAll(/^\$ .*$/gm)].map(([line]) => line),
  );
  expect(english?.length).toBeGreaterThan(20);
  expect(chinese).toEqual(english);
});
