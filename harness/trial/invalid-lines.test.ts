import { expect, test } from "vitest";
import { InvalidLines } from "./invalid-lines.ts";

/** What is reported of lines that come in several reads. */
async function reported(...reads: string[][]): Promise<string[]> {
  const failed: string[] = [];
  const lines = new InvalidLines((because) => failed.push(because));
  for (const read of reads) {
    for (const wrong of read) lines.add(wrong);
    await Promise.resolve();
  }
  return failed;
}

test("nine invalid lines are one failure, with their number and the first of them", async () => {
  expect(await reported(["a line without a kind: {1}", ...Array<string>(8).fill("another")])).toEqual([
    "printed 9 invalid lines, of which the first is a line without a kind: {1}",
  ]);
});

test("an invalid line is reported alone, and lines after it are not reported", async () => {
  expect(await reported(["a line without a kind: {}"], ["another"], ["another", "another"])).toEqual([
    "printed an invalid line: a line without a kind: {}",
  ]);
});
