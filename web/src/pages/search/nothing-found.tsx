import { Link } from "wouter";
import { Empty } from "../../components/states/states.tsx";
import { useMessages } from "../../i18n/language.ts";

export function NothingFound({ keyword }: { keyword: string }) {
  const { search: texts } = useMessages();
  return (
    <Empty icon="search" title={texts.none(keyword)}>
      <p>{texts.noneText}</p>
      <Link href="/search" className="button button-plain button-small">
        {texts.clear}
      </Link>
    </Empty>
  );
}
