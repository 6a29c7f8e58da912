import { Link } from "wouter";
import { Avatar } from "../../components/avatar/avatar.tsx";
import { EndlessList } from "../../components/list/endless-list.tsx";
import { AuthorLine } from "../../components/post/author-line.tsx";
import { useMessages } from "../../i18n/language.ts";
import { useFoundComments } from "../../queries/search.ts";
import { NothingFound } from "./nothing-found.tsx";
import { Snippets } from "./snippets.tsx";

export function FoundComments({ keyword }: { keyword: string }) {
  const { search: texts } = useMessages();
  const query = useFoundComments(keyword);
  return (
    <EndlessList
      name={`found comments ${keyword}`}
      label={texts.comments}
      kind="member"
      query={query}
      empty={<NothingFound keyword={keyword} />}
      render={(comment) => {
        const href = `/posts/${comment.postId}#comments`;
        return (
          <article className="found-comment">
            <Avatar
              name={comment.authorName}
              url={comment.authorAvatarUrl}
              memberId={comment.authorId}
              size="small"
            />
            <div>
              <AuthorLine row={comment} href={href} />
              <Snippets highlights={comment.highlights} />
              <Link href={href}>{texts.onPost}</Link>
            </div>
          </article>
        );
      }}
    />
  );
}
