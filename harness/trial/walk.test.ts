import { describe, expect, test } from "vitest";
import type { LatestSamples } from "../lab/condition.ts";
import { setupOf, type ShortSetup } from "../model/short-setup.ts";
import { walk, type Site } from "./walk.ts";

/** A site whose time advances with each turn. It keeps a list of its calls. Clients exit 30 ms after their start. */
class Imagined implements Site {
  readonly told: string[] = [];
  readonly #exits = new Map<string, number>();
  #nowMs = 0;
  #phaseMs = 0;

  readonly waited = (): number => 0;

  latest(): LatestSamples {
    return {
      phaseElapsedMs: this.#nowMs - this.#phaseMs,
      exited: (program) => this.#nowMs >= (this.#exits.get(program) ?? Infinity),
      ready: () => true,
      sockets: () => undefined,
      counters: () => undefined,
    };
  }

  startServer(program: string): void {
    this.told.push(`server ${program}`);
  }

  startClient(program: string): void {
    this.told.push(`client ${program}`);
    this.#exits.set(program, this.#nowMs + 30);
  }

  beginPhase({ name }: { name: string }): void {
    this.#phaseMs = this.#nowMs;
    this.told.push(`begin ${name}`);
  }

  endPhase({ name }: { name: string }, met: boolean): void {
    this.told.push(`end ${name} at ${this.#nowMs} ms, ${met ? "met" : "not met"}`);
  }

  intervene({ name }: { name: string }): void {
    this.told.push(`${name} at ${this.#nowMs} ms`);
  }

  turn(atMostMs: number): void {
    this.#nowMs += Math.min(10, Math.max(1, atMostMs));
  }
}

async function walked(short: Omit<ShortSetup, "servers" | "clients">): Promise<string[]> {
  const site = new Imagined();
  const setup = setupOf({ servers: { one: "a", two: "b" }, clients: { load: "c", more: "d" }, ...short });
  await walk(setup, site);
  return site.told;
}

const load = { name: "load", until: { exited: ["load"] } } as const;
const wanted = { phase: "load", do: { nothing: true } } as const;

describe("a walk", () => {
  test("starts servers in their order and clients with the load, and ends each phase when its condition holds", async () => {
    expect(
      await walked({
        phases: [
          { ...load, until: { exited: ["load", "more"] } },
          { name: "drain", until: { elapsedMs: 25 } },
        ],
      }),
    ).toEqual([
      "server one",
      "server two",
      "begin load",
      "client load",
      "client more",
      "end load at 30 ms, met",
      "begin drain",
      "end drain at 55 ms, met",
    ]);
  });

  test("carries out an intervention once, when its condition first holds in its phase", async () => {
    const interventions = [
      { ...wanted, name: "first", when: { elapsedMs: 5 } },
      { ...wanted, name: "second", when: { elapsedMs: 12 } },
    ];
    const told = await walked({ phases: [{ ...load, until: { exited: ["load"] } }], interventions });
    expect(told.filter((line) => /first|second/.test(line))).toEqual(["first at 5 ms", "second at 12 ms"]);
  });

  test("starts a client when its condition first holds", async () => {
    const site = new Imagined();
    const clients = { load: "c", more: { run: "d", when: { exited: ["load"] } } };
    await walk(setupOf({ clients, phases: [{ ...load, until: { exited: ["more"] } }] }), site);
    expect(site.told).toEqual(["begin load", "client load", "client more", "end load at 60 ms, met"]);
    const never = { more: { run: "d", when: { exited: ["more"] } } };
    await expect(
      walk(setupOf({ clients: never, phases: { load: { elapsedMs: 5 } } }), new Imagined()),
    ).rejects.toThrow("the condition of the client more never held");
  });

  test("rejects when the condition of an intervention never held", async () => {
    const interventions = [{ ...wanted, name: "late", when: { elapsedMs: 31 } }];
    await expect(
      walked({ phases: [{ ...load, until: { exited: ["load"] } }], interventions }),
    ).rejects.toThrow("the condition of the intervention late never held");
  });

  test("rejects with the site's error", async () => {
    const site = new Imagined();
    site.startServer = () => {
      throw new Error("the server one is not ready");
    };
    const setup = setupOf({
      servers: { one: "a" },
      clients: {},
      phases: [{ name: "load", until: { elapsedMs: 1 } }],
    });
    await expect(walk(setup, site)).rejects.toThrow("not ready");
    expect(site.told).toEqual([]);
  });
});

test("a phase whose condition does not hold within its bound is not met, and the walk goes on", async () => {
  // The bound uses this process's own clock.
  const told = await walked({
    phases: [
      { name: "load", until: { all: [{ exited: ["load"] }, { elapsedMs: 1e9 }] }, withinMs: 1 },
      { name: "drain", until: { elapsedMs: 5 } },
    ],
  });
  expect(told.filter((line) => line.startsWith("end ")).map((line) => line.replace(/ at .*,/, ""))).toEqual([
    "end load not met",
    "end drain met",
  ]);
});
