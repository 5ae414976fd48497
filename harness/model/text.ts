/** A sentence or a part of a sentence, in both languages. */
export interface Text {
  en: string;
  zh: string;
}

export type Language = keyof Text;
