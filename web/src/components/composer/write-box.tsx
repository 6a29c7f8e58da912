import { navigate } from "wouter/use-browser-location";
import { useMessages } from "../../i18n/language.ts";
import { useMe } from "../../queries/me.ts";
import { useCreatePost } from "../../queries/posts.ts";
import { Avatar } from "../avatar/avatar.tsx";
import { say } from "../toast/toasts.ts";
import { PostEditor } from "./post-editor.tsx";
import "./write-box.css";

/** Above the feed: what happened today? */
export function WriteBox() {
  const { post: texts } = useMessages();
  const { data: me } = useMe();
  const create = useCreatePost();
  return (
    <section className="write-box" aria-label={texts.write}>
      <Avatar name={me?.displayName ?? ""} url={me?.avatarUrl ?? null} memberId={me?.id ?? 0} />
      <PostEditor
        draft="post"
        submitLabel={texts.publish}
        busyLabel={texts.publishing}
        onSubmit={async (text) => {
          const post = await create.mutateAsync(text);
          say(texts.published, { action: { label: texts.view, run: () => navigate(`/posts/${post.id}`) } });
        }}
      />
    </section>
  );
}
