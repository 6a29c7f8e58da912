import { Link } from "wouter";
import { Page } from "../../app/page.tsx";
import { Empty } from "../../components/states/states.tsx";
import { useMessages } from "../../i18n/language.ts";

export function NotFoundPage() {
  const { notFound } = useMessages();
  return (
    <Page title={notFound.title} titleLook="hidden">
      <Empty icon="search" title={notFound.title}>
        <p>{notFound.text}</p>
        <Link href="/" className="button button-primary button-normal">
          {notFound.home}
        </Link>
      </Empty>
    </Page>
  );
}
