import { Type } from "@sinclair/typebox";
import { callerOf } from "../../../contracts/action.ts";
import { PostDto } from "../../../contracts/dto/post.ts";
import { toPost } from "../content.mapper.ts";
import { contentAction } from "../content.types.ts";
import { PostContentField, PostTitleField } from "../content-fields.ts";

export const createPost = contentAction({
  rest: { method: "POST", path: "/posts", status: 201 },
  summary: "Write a post",
  params: Type.Object({ title: Type.Optional(PostTitleField), content: PostContentField }),
  returns: PostDto,
  async handler(ctx) {
    const { title = null, content } = ctx.params;
    const author = callerOf(ctx);
    const post = await this.posts.create(author, title, content);
    return toPost(post, await this.authors.find(author.id), false);
  },
});
