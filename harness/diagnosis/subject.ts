export type { RemainsSubject, Subject } from "../model/subject.ts";
