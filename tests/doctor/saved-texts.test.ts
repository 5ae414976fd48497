import { afterAll, describe, expect, test } from "vitest";
import type { Diagnosis } from "../../harness/diagnosis/diagnose.ts";
import type { FailureMode } from "../../harness/model/experiment.ts";
import { LOADED, QUIET } from "./healthy.ts";
import { liveModes } from "./modes.ts";
import { FORMS, type Form, judged, namedAs, needsProc, savedName, savedShots } from "./saved-texts.ts";

// What ss, nstat and netstat printed while each buggy variant ran, and while healthy programs did (scripts/doctor-texts.ts): the doctor names
// the mode from as much text as the mode needs, says nothing else from less, and accuses nobody healthy.

const modes = await liveModes();
const texts = savedShots("modes");
const healthy = savedShots("healthy");
const forms = Object.keys(FORMS) as Form[];
const WHOLE: Form = "the same, and sysctl";
const TWICE: Form = "two ss -tanoiemp, two nstat -az";

/** The modes of findings and remarks. */
const saidIn = ({ found, remarks }: Diagnosis): string[] => [
  ...new Set([...found, ...remarks].map(({ mode }) => mode.id)),
];
const able = modes.filter((mode) => !needsProc(mode, texts.get(mode.id) ?? []));
const isVisible = ({ id }: FailureMode): boolean => texts.has(id);

describe("each mode has its text", () => {
  test("and each healthy scene", () => {
    expect([...texts.keys()].toSorted()).toEqual(modes.map(({ id }) => id).toSorted());
    const scenes = [...QUIET, ...LOADED].map(({ name }) => savedName(name));
    expect([...healthy.keys()].toSorted()).toEqual(scenes.toSorted());
  });
});

describe("the text of a mode", () => {
  const named = new Map<string, Map<Form, ReturnType<typeof namedAs>>>();

  test.each(modes.filter(isVisible))("$id: with fewer columns, or once, nothing else is said", (mode) => {
    const shots = texts.get(mode.id) ?? [];
    const diagnoses = new Map(forms.map((form) => [form, judged(modes, shots, form)]));
    const said = (form: Form): string[] => saidIn(diagnoses.get(form) as Diagnosis);
    for (const form of forms)
      expect([form, said(form).filter((id) => !said(WHOLE).includes(id))]).toEqual([form, []]);
    named.set(mode.id, new Map([...diagnoses].map(([form, diagnosis]) => [form, namedAs(mode, diagnosis)])));
  });

  test("from two ss -tanoiemp and nstat -az, four fifths of the modes that need no /proc are found", () => {
    const found = able.filter(({ id }) => named.get(id)?.get(TWICE) === "found");
    expect(found.length / able.length).toBeGreaterThanOrEqual(0.8);
  });

  test("from one ss -tan, ten modes are the first that fits", () => {
    const first = modes.filter(({ id }) => (named.get(id)?.get("one ss -tan") ?? null) !== null);
    expect(first.length).toBeGreaterThanOrEqual(10);
  });

  afterAll(() => {
    const tally = (form: Form, how: "found" | "fits", among: readonly string[]): number =>
      among.filter((id) => named.get(id)?.get(form) === how).length;
    const all = modes.map(({ id }) => id);
    const ableOnes = able.map(({ id }) => id);
    const lines = forms.map((form) => {
      const [found, ofAble, fits] = [
        tally(form, "found", all),
        tally(form, "found", ableOnes),
        tally(form, "fits", all),
      ];
      return `${form}: ${found} found (${ofAble} of the ${able.length} that need no /proc), ${fits} first of those that fit`;
    });
    const missed = ableOnes.filter((id) => named.get(id)?.get(TWICE) !== "found");
    console.log(
      [
        `Saved texts of ${all.length} modes:`,
        ...lines,
        `Need no /proc, and not found from ${TWICE}: ${missed.join(", ")}`,
      ].join("\n"),
    );
  });
});

describe("the text of a healthy host", () => {
  test.each([...QUIET, ...LOADED])("$name accuses nobody, in any form", ({ name, remarks: allowed }) => {
    const shots = healthy.get(savedName(name)) ?? [];
    for (const form of forms.filter((one) => one !== TWICE && one !== "two ss -tan")) {
      const { found, remarks, examined } = judged(modes, shots, form);
      expect([form, found.map(({ mode, subject }) => `${mode.id} at ${subject.name}`)]).toEqual([form, []]);
      expect([form, remarks.map(({ mode }) => mode.id).filter((id) => !allowed.includes(id))]).toEqual([
        form,
        [],
      ]);
      expect(examined.length).toBeGreaterThan(0);
    }
  });
});
