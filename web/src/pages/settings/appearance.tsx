import { useState } from "react";
import { Choices } from "../../components/field/field.tsx";
import { chooseTheme, chosenTheme, type Theme } from "../../design/theme.ts";
import { useMessages } from "../../i18n/language.ts";
import { useLanguageChoice } from "../../i18n/use-language-choice.ts";

export function Appearance() {
  const { settings } = useMessages();
  const [theme, setTheme] = useState(chosenTheme);
  const [language, chooseLanguage] = useLanguageChoice();
  return (
    <>
      <Choices
        legend={settings.theme}
        name="theme"
        value={theme}
        options={(["system", "light", "dark"] as const).map((each): [Theme, string] => [
          each,
          settings.themes[each],
        ])}
        onChoose={(next) => {
          chooseTheme(next);
          setTheme(next);
        }}
      />
      <Choices
        legend={settings.language}
        name="language"
        value={language}
        options={[
          ["ko", "한국어"],
          ["en", "English"],
        ]}
        onChoose={chooseLanguage}
      />
    </>
  );
}
