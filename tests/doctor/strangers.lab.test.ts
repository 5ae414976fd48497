import { afterAll, describe, expect, test } from "vitest";
import { needs } from "../programs/needs.ts";
import {
  compileStrangers,
  healthyFaults,
  playStrangers,
  sceneName,
  sickFaults,
  strangers,
  tableLine,
} from "./strangers.ts";

// A sample that takes two minutes. All of them: npm run soak -- doctor.
const SICK = [
  "close-wait-leak",
  "close-wait-not-reading",
  "emfile-accept",
  "ephemeral-port-exhaustion",
  "fin-not-forwarded",
  "forked-child-holds-connection",
  "select-fd-limit",
  "silent-client-blocks-acceptor",
];
const HEALTHY = ["healthy-login-daemon", "healthy-subscriptions"];
const CURED = ["close-wait-leak", "forked-child-holds-connection", "pool-per-call"];

const all = strangers();
const table: string[] = [];
afterAll(() => console.log(["What the doctor printed of strangers:", ...table].join("\n")));

test("the doctor can name at least 25 failure modes of strangers, and 15 of these have a cured twin", () => {
  const named = all.filter(({ mode, limit }) => mode !== null && limit === undefined);
  expect(new Set(named.map(({ mode }) => mode)).size).toBeGreaterThanOrEqual(25);
  expect(named.filter(({ cure }) => cure !== undefined).length).toBeGreaterThanOrEqual(15);
});

describe("programs that are not the project's, in C and Python", () => {
  const scenes = [
    ...[...SICK, ...HEALTHY].map((id) => ({ id, isCured: false })),
    ...CURED.map((id) => ({ id, isCured: true })),
  ];
  describe.each(scenes.map((scene) => ({ ...scene, name: sceneName(scene) })))("$name", (scene) => {
    const stranger = all.find(({ id }) => id === scene.id);
    test("is accused of what it has, and of nothing else", needs(...(stranger?.needs ?? [])), () => {
      if (stranger === undefined) throw new Error(`there is no stranger ${scene.id}`);
      const played = playStrangers({ bin: compileStrangers([scene.id]), scenes: [scene] })[scene.name];
      if (played === undefined) throw new Error("it was not played");
      table.push(tableLine(scene, stranger.languages, played));
      expect(scene.isCured ? healthyFaults(played) : sickFaults(stranger, played)).toEqual([]);
    });
  });
});
