import type { Advice, Signs } from "../../harness/experiment.ts";

export const signs: Signs = {
  zh: "每次调用一个连接池，连接再没人用",
  seen: ["ESTAB, empty queues, at the connecting end"],
  mark: {
    en: "each has carried one exchange, and they were opened one after another",
    zh: "每条只有过一次往来，而且是一条接一条打开的",
  },
};

export const advice: Advice = {
  doubt:
    "a program that opens connections slowly, uses each once and keeps it on purpose looks the same, and so does a pool in its first rounds",
  wrong: ["idle-timeout-of-the-server", "more-descriptors"],
};
