import { DataTypes, type Model, type ModelStatic, type Sequelize } from "sequelize";

interface MemberAttributes {
  id: number;
  name: string | null;
  updatedAt: number;
}

interface ProfileAttributes {
  memberId: number;
  handle: string | null;
  handleKey: string | null;
  displayName: string | null;
  bio: string | null;
  location: string | null;
  websiteUrl: string | null;
  birthDate: string | null;
  gender: string | null;
  timezone: string | null;
  languageCode: string;
  countryCode: string | null;
  privacyLevel: string;
  avatarUrl: string | null;
  coverUrl: string | null;
  updatedAt: number;
}

interface FollowAttributes {
  id: number;
  followerId: number;
  followingId: number;
  createdAt: number;
}

/** What a member may change about the own profile. Null clears. */
export type ProfileChanges = Partial<
  Omit<ProfileAttributes, "memberId" | "handle" | "handleKey" | "updatedAt">
>;

export interface MemberModels {
  readonly Member: ModelStatic<Model<MemberAttributes, Partial<MemberAttributes>>>;
  readonly Profile: ModelStatic<Model<ProfileAttributes, Partial<ProfileAttributes>>>;
  readonly Follow: ModelStatic<Model<FollowAttributes, Omit<FollowAttributes, "id">>>;
}

/** The tables this service writes; only the columns that it writes through a model. */
export function defineMemberModels(sequelize: Sequelize): MemberModels {
  return {
    Member: sequelize.define(
      "Member",
      {
        id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true },
        name: DataTypes.STRING(30),
        updatedAt: DataTypes.BIGINT,
      },
      { tableName: "members" },
    ),
    Profile: sequelize.define(
      "Profile",
      {
        memberId: { type: DataTypes.BIGINT, primaryKey: true },
        handle: DataTypes.STRING(50),
        handleKey: DataTypes.STRING(50),
        displayName: DataTypes.STRING(50),
        bio: DataTypes.STRING(500),
        location: DataTypes.STRING(100),
        websiteUrl: DataTypes.STRING(200),
        birthDate: DataTypes.STRING(10),
        gender: DataTypes.STRING(20),
        timezone: DataTypes.STRING(64),
        languageCode: DataTypes.STRING(5),
        countryCode: DataTypes.STRING(2),
        privacyLevel: DataTypes.STRING(10),
        avatarUrl: DataTypes.STRING(500),
        coverUrl: DataTypes.STRING(500),
        updatedAt: DataTypes.BIGINT,
      },
      { tableName: "profiles" },
    ),
    Follow: sequelize.define(
      "Follow",
      {
        id: { type: DataTypes.BIGINT, primaryKey: true, autoIncrement: true },
        followerId: DataTypes.BIGINT,
        followingId: DataTypes.BIGINT,
        createdAt: DataTypes.BIGINT,
      },
      { tableName: "follows" },
    ),
  };
}
