import { Link } from "wouter";
import { Logo } from "../../components/icon/icon.tsx";
import { useLanguageChoice } from "../../i18n/use-language-choice.ts";

/** The brand, and the other language. */
export function VisitorBar() {
  const [language, chooseLanguage] = useLanguageChoice();
  const other = language === "ko" ? "en" : "ko";
  return (
    <header className="visitor-bar">
      <Link href="/">
        <Logo /> dailyfeed
      </Link>
      <button
        type="button"
        className="button button-quiet button-small"
        lang={other}
        onClick={() => chooseLanguage(other)}
      >
        {other === "ko" ? "한국어" : "English"}
      </button>
    </header>
  );
}
