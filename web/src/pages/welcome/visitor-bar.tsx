import { Link } from "wouter";
import { Logo } from "../../components/icon/icon.tsx";
import { chooseLanguage, language, useMessages } from "../../i18n/language.ts";

/** The brand, and the other language. */
export function VisitorBar() {
  useMessages();
  const other = language() === "ko" ? "en" : "ko";
  return (
    <header className="visitor-bar">
      <Link href="/">
        <Logo /> dailyfeed
      </Link>
      <button
        type="button"
        className="button button-quiet button-small"
        lang={other}
        onClick={() => void chooseLanguage(other)}
      >
        {other === "ko" ? "한국어" : "English"}
      </button>
    </header>
  );
}
