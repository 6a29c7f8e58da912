import { useState } from "react";
import { say } from "../components/toast/toasts.ts";
import { chooseLanguage, currentMessages, type Language, language, useMessages } from "./language.ts";

/** The language as chosen, at once, though its texts may take a moment; and how to choose another. */
export function useLanguageChoice(): readonly [Language, (next: Language) => void] {
  useMessages();
  const [wanted, setWanted] = useState<Language>();
  const choose = (next: Language) => {
    setWanted(next);
    chooseLanguage(next)
      .catch(() => say(currentMessages().problem.unreachable, { tone: "bad" }))
      .finally(() => setWanted(undefined));
  };
  return [wanted ?? language(), choose];
}
