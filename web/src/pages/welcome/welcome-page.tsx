import { Link } from "wouter";
import { Page } from "../../app/page.tsx";
import { Icon, Logo } from "../../components/icon/icon.tsx";
import { useMessages } from "../../i18n/language.ts";
import { VisitorBar } from "./visitor-bar.tsx";
import "./welcome.css";

/** What a visitor sees first. */
export function Welcome() {
  const { brand, auth } = useMessages();
  return (
    <div className="welcome">
      <VisitorBar />
      <main className="welcome-main" id="main">
        <Page title={brand.claim} titleLook="hidden">
          <div className="welcome-hero">
            <Logo size={64} />
            <p className="welcome-claim" aria-hidden="true">
              {brand.claim}
            </p>
            <p className="welcome-text">{brand.text}</p>
            <div className="row">
              <Link href="/signup" className="button button-primary button-normal">
                {auth.signUp}
              </Link>
              <Link href="/login" className="button button-plain button-normal">
                {auth.logIn}
              </Link>
            </div>
          </div>
          <ul className="welcome-points">
            {brand.points.map((point) => (
              <li key={point}>
                <Icon name="check" size={18} /> {point}
              </li>
            ))}
          </ul>
        </Page>
      </main>
    </div>
  );
}
