import fc from "fast-check";
import { expect, test } from "vitest";
import { Queue } from "./queue.ts";
import type { Queued } from "./queue.ts";

interface Item extends Queued<Item> {
  name: number;
}

const inOrder = (queue: Queue<Item>): number[] => {
  const names: number[] = [];
  for (let item = queue.first; item !== null; item = item.after) names.push(item.name);
  return names;
};

test("two queues keep the order of adding, whichever items are removed, and share no item", () => {
  const step = fc.record({ add: fc.boolean(), which: fc.nat(1), name: fc.nat(7) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queues = [new Queue<Item>(), new Queue<Item>()] as const;
      const model: [number[], number[]] = [[], []];
      const items = Array.from({ length: 8 }, (_, name): Item => ({
        name,
        queue: null,
        before: null,
        after: null,
      }));
      for (const { add, which, name } of steps) {
        const item = items[name]!;
        const [queue, names] = which === 0 ? [queues[0], model[0]] : [queues[1], model[1]];
        for (const list of add ? model : [names]) {
          if (list.includes(name)) list.splice(list.indexOf(name), 1);
        }
        if (add) {
          queue.add(item);
          names.push(name);
        } else {
          queue.remove(item);
        }
        for (const place of [0, 1] as const) {
          expect(inOrder(queues[place])).toEqual(model[place]);
          expect(queues[place].size).toBe(model[place].length);
        }
      }
    }),
  );
});
