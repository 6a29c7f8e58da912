import { type FormEvent, useEffect, useRef, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { Page } from "../../app/page.tsx";
import { Button } from "../../components/button/button.tsx";
import { EndlessList } from "../../components/list/endless-list.tsx";
import { MemberRow } from "../../components/member/member-row.tsx";
import { PostList } from "../../components/post/post-list.tsx";
import { Empty } from "../../components/states/states.tsx";
import { Tabs } from "../../components/tabs/tabs.tsx";
import { useMessages } from "../../i18n/language.ts";
import { lengthOf } from "../../lib/length.ts";
import { useFoundMembers, useFoundPosts } from "../../queries/search.ts";
import { FoundComments } from "./found-comments.tsx";
import { NothingFound } from "./nothing-found.tsx";
import { Snippets } from "./snippets.tsx";
import "./search-page.css";

const MAX_KEYWORD = 100;
const KINDS = ["posts", "comments", "people"] as const;
type Kind = (typeof KINDS)[number];

export function SearchPage() {
  const { search: texts } = useMessages();
  const asked = new URLSearchParams(useSearch());
  const keyword = (asked.get("q") ?? "").trim();
  const kind = KINDS.find((known) => known === asked.get("in")) ?? "posts";
  const isTooLong = lengthOf(keyword) > MAX_KEYWORD;
  return (
    <Page title={keyword ? `${texts.title}: ${keyword}` : texts.title} titleLook="hidden">
      <SearchForm key={keyword} keyword={keyword} kind={kind} isTooLong={isTooLong} />
      {keyword === "" || isTooLong ? (
        <Empty icon="search" title={texts.start}>
          <p>{texts.startText}</p>
        </Empty>
      ) : (
        <>
          <Tabs
            label={texts.tabs}
            tabs={KINDS.map((each) => ({
              href: addressOf(keyword, each),
              label: texts[each],
              current: each === kind,
            }))}
          />
          <Found key={`${kind} ${keyword}`} kind={kind} keyword={keyword} />
        </>
      )}
    </Page>
  );
}

function addressOf(keyword: string, kind: Kind): string {
  return `/search?${new URLSearchParams({ q: keyword, ...(kind === "posts" ? {} : { in: kind }) })}`;
}

function SearchForm({ keyword, kind, isTooLong }: { keyword: string; kind: Kind; isTooLong: boolean }) {
  const { search: texts } = useMessages();
  const [, navigate] = useLocation();
  const [text, setText] = useState(keyword);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (keyword === "") input.current?.focus();
  }, [keyword]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== "") navigate(addressOf(text.trim(), kind));
  };
  return (
    <search className="search-form">
      <form onSubmit={submit}>
        <input
          ref={input}
          type="search"
          className="field-input"
          aria-label={texts.label}
          aria-invalid={isTooLong || undefined}
          aria-describedby={isTooLong ? "search-error" : undefined}
          placeholder={texts.label}
          value={text}
          onChange={(event) => setText(event.target.value)}
          enterKeyHint="search"
          dir="auto"
        />
        <Button type="submit" look="primary" icon="search">
          {texts.submit}
        </Button>
      </form>
      {isTooLong && (
        <p id="search-error" className="field-error">
          {texts.tooLong}
        </p>
      )}
    </search>
  );
}

function Found({ kind, keyword }: { kind: Kind; keyword: string }) {
  if (kind === "people") return <FoundMembers keyword={keyword} />;
  return kind === "comments" ? <FoundComments keyword={keyword} /> : <FoundPosts keyword={keyword} />;
}

function FoundPosts({ keyword }: { keyword: string }) {
  const { search: texts } = useMessages();
  const query = useFoundPosts(keyword);
  return (
    <PostList
      name={`found posts ${keyword}`}
      label={texts.posts}
      query={query}
      empty={<NothingFound keyword={keyword} />}
      excerpt={(post) => <Snippets highlights={post.highlights} />}
    />
  );
}

function FoundMembers({ keyword }: { keyword: string }) {
  const { search: texts } = useMessages();
  const query = useFoundMembers(keyword);
  return (
    <EndlessList
      name={`found members ${keyword}`}
      label={texts.people}
      kind="member"
      query={query}
      empty={<NothingFound keyword={keyword} />}
      render={(member) => (
        <article>
          <MemberRow member={member} />
        </article>
      )}
    />
  );
}
