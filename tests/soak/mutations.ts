import { tryMutations } from "../mutations/mutations.ts";
import type { Soak } from "../soak.ts";

/** Checks that every mutation of a reference program changes the verdict, as it must. */
export const soak: Soak = {
  name: "mutations",
  summary: "the fix removed from every fixed program, the bug put in, and the fix put into every buggy one",
  rounds: 1,
  async run() {
    const tried = await tryMutations(({ name, exit, isNoticed }) =>
      console.log(`${isNoticed ? "noticed" : "NOT NOTICED"}: ${name} ends with exit ${exit}`),
    );
    const noticed = tried.filter(({ isNoticed }) => isNoticed).length;
    console.log(`${noticed} of ${tried.length} mutations noticed`);
    return tried.length > 0 && noticed === tried.length ? 0 : 1;
  },
};
