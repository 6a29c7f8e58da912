import { Type } from "@sinclair/typebox";
import { callerOf } from "../../../contracts/action.ts";
import { PostDto } from "../../../contracts/dto/post.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { toPost } from "../content.mapper.ts";
import { contentAction } from "../content.types.ts";
import { PostContentField, PostTitleField } from "../content-fields.ts";

export const updatePost = contentAction({
  rest: { method: "PUT", path: "/posts/{id}" },
  summary: "Edit an own post: an absent title stays as it is, null removes it",
  params: Type.Object({ id: Id, title: Type.Optional(PostTitleField), content: PostContentField }),
  returns: PostDto,
  errors: ["POST_NOT_FOUND", "POST_UPDATE_FORBIDDEN"],
  async handler(ctx) {
    const { id, title, content } = ctx.params;
    const caller = callerOf(ctx);
    const post = await this.posts.updateOrThrow(id, caller, { title, content });
    const author = await this.authors.findWithPostLike(caller.id, id);
    return toPost(post, author, author.liked === 1);
  },
});
