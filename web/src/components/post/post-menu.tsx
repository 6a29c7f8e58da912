import { session } from "../../api/browser-session.ts";
import { useMessages } from "../../i18n/language.ts";
import { deletePost } from "../../queries/deletions.ts";
import type { Post } from "../../queries/types.ts";
import { Menu, type MenuItem } from "../menu/menu.tsx";
import { say } from "../toast/toasts.ts";

interface PostMenuProps {
  readonly post: Post;
  onEdit(): void;
  onDeleted?(): void;
}

export function PostMenu({ post, onEdit, onDeleted }: PostMenuProps) {
  const { post: texts } = useMessages();
  const isMine = post.authorId === session.current?.memberId;
  const copy = async () => {
    await navigator.clipboard.writeText(`${location.origin}/posts/${post.id}`);
    say(texts.copied);
  };
  const items: MenuItem[] = [{ label: texts.copyLink, icon: "link", run: () => void copy() }];
  if (isMine) {
    items.push({ label: texts.edit, icon: "pen", run: onEdit });
    items.push({
      label: texts.delete,
      icon: "trash",
      tone: "danger",
      run: () => {
        deletePost(post);
        onDeleted?.();
      },
    });
  }
  return <Menu label={texts.actions} items={items} />;
}
