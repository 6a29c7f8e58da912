import { DataTypes, type Model, type ModelStatic, type Sequelize } from "sequelize";

interface PostAttributes {
  id: number;
  authorId: number;
  title: string | null;
  content: string;
  isDeleted: 0 | 1;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
}

interface CommentAttributes {
  id: number;
  postId: number;
  authorId: number;
  parentId: number | null;
  rootId: number | null;
  depth: number;
  content: string;
  isDeleted: 0 | 1;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
}

interface PostLikeAttributes {
  id: number;
  postId: number;
  memberId: number;
  createdAt: number;
}

interface CommentLikeAttributes {
  id: number;
  commentId: number;
  memberId: number;
  createdAt: number;
}

interface PostViewAttributes {
  postId: number;
  memberId: number;
  viewedAt: number;
}

/** A new row leaves the id, the flag of deletion and its time to the table. */
type New<A> = Omit<A, "id" | "isDeleted" | "deletedAt">;

export interface ContentModels {
  readonly Post: ModelStatic<Model<PostAttributes, New<PostAttributes>>>;
  readonly Comment: ModelStatic<Model<CommentAttributes, New<CommentAttributes>>>;
  readonly PostLike: ModelStatic<Model<PostLikeAttributes, New<PostLikeAttributes>>>;
  readonly CommentLike: ModelStatic<Model<CommentLikeAttributes, New<CommentLikeAttributes>>>;
  readonly PostView: ModelStatic<Model<PostViewAttributes, PostViewAttributes>>;
}

const id = { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true };

/** The tables this service writes, without their counters, which only atomic statements move. */
export function defineContentModels(sequelize: Sequelize): ContentModels {
  return {
    Post: sequelize.define(
      "Post",
      {
        id,
        authorId: DataTypes.BIGINT,
        title: DataTypes.STRING(100),
        content: DataTypes.TEXT,
        isDeleted: DataTypes.TINYINT,
        createdAt: DataTypes.BIGINT,
        updatedAt: DataTypes.BIGINT,
        deletedAt: DataTypes.BIGINT,
      },
      { tableName: "posts" },
    ),
    Comment: sequelize.define(
      "Comment",
      {
        id,
        postId: DataTypes.BIGINT,
        authorId: DataTypes.BIGINT,
        parentId: DataTypes.BIGINT,
        rootId: DataTypes.BIGINT,
        depth: DataTypes.TINYINT,
        content: DataTypes.TEXT,
        isDeleted: DataTypes.TINYINT,
        createdAt: DataTypes.BIGINT,
        updatedAt: DataTypes.BIGINT,
        deletedAt: DataTypes.BIGINT,
      },
      { tableName: "comments" },
    ),
    PostLike: sequelize.define(
      "PostLike",
      { id, postId: DataTypes.BIGINT, memberId: DataTypes.BIGINT, createdAt: DataTypes.BIGINT },
      { tableName: "post_likes" },
    ),
    CommentLike: sequelize.define(
      "CommentLike",
      { id, commentId: DataTypes.BIGINT, memberId: DataTypes.BIGINT, createdAt: DataTypes.BIGINT },
      { tableName: "comment_likes" },
    ),
    PostView: sequelize.define(
      "PostView",
      {
        postId: { type: DataTypes.BIGINT, primaryKey: true },
        memberId: { type: DataTypes.BIGINT, primaryKey: true },
        viewedAt: DataTypes.BIGINT,
      },
      { tableName: "post_views" },
    ),
  };
}
