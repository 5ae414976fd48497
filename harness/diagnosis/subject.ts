export type { FamilySubject, NamespaceSubject, RemainsSubject, Subject } from "../model/subject.ts";
