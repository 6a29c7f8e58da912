import type { ReactNode } from "react";
import { useDeleted } from "../../queries/deletions.ts";
import type { Post } from "../../queries/types.ts";
import { EndlessList, type EndlessQuery } from "../list/endless-list.tsx";
import { PostCard } from "./post-card.tsx";

interface PostListProps<T extends Post> {
  readonly name: string;
  readonly label: string;
  readonly query: EndlessQuery<T>;
  readonly empty: ReactNode;
  readonly excerpt?: (post: T) => ReactNode;
}

export function PostList<T extends Post>({ query, excerpt, ...rest }: PostListProps<T>) {
  const isDeleted = useDeleted("post");
  return (
    <EndlessList
      {...rest}
      kind="post"
      query={query}
      items={query.items.filter((post) => !isDeleted(post))}
      render={(post, position, total) => (
        <PostCard post={post} excerpt={excerpt?.(post)} position={position} total={total} />
      )}
    />
  );
}
