import { describe, expect, test } from "vitest";
import { CLIENTS, type MatrixProgram, SERVERS } from "./matrix/programs.ts";
import { outcomesOf } from "./matrix/result.ts";
import { committed } from "./matrix/results.ts";
import { checkServer, tryClient, withScratch } from "./matrix/run.ts";
import { needs } from "./programs/needs.ts";

/** Two programs of each matrix, again. `npm run matrix` does all. */
const SAMPLE_SERVERS = ["node-http", "python-http-server"];
const SAMPLE_CLIENTS = ["curl", "fetch"];

/** On a machine without time a probe cannot tell; that is no other answer. */
const UNTOLD = "inconclusive";
const MOST_UNTOLD = 0.1;

const sampleOf = (programs: readonly MatrixProgram[], ids: string[]): MatrixProgram[] =>
  programs.filter(({ id }) => ids.includes(id));

function expectSame(seen: Record<string, string>, wanted: Record<string, string>): void {
  const told = Object.entries(seen).filter(([, outcome]) => outcome !== UNTOLD);
  expect(told).toEqual(told.map(([row]) => [row, wanted[row]]));
  expect(Object.keys(seen)).toEqual(Object.keys(wanted));
  expect(told.length).toBeGreaterThanOrEqual((1 - MOST_UNTOLD) * Object.keys(wanted).length);
}

describe("a sample of the matrices is as committed", needs("python3", "curl"), () => {
  test.each(sampleOf(SERVERS, SAMPLE_SERVERS))("the server $id", async (program) => {
    const result = await withScratch((scratch) => checkServer(program, scratch));
    const wanted = committed("servers", program.id);
    expect(wanted).not.toBeNull();
    if (wanted !== null) expectSame(outcomesOf(result), outcomesOf(wanted));
  });

  test.each(sampleOf(CLIENTS, SAMPLE_CLIENTS))("the client $id", async (program) => {
    const result = await withScratch((scratch) => tryClient(program, scratch));
    const wanted = committed("clients", program.id);
    expect(wanted).not.toBeNull();
    if (wanted !== null) expectSame(outcomesOf(result), outcomesOf(wanted));
  });
});
