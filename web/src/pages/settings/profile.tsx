import { useCallback } from "react";
import { Button } from "../../components/button/button.tsx";
import { AreaField, Choices, SelectField, TextField } from "../../components/field/field.tsx";
import { Problem, ProblemLine, Skeleton } from "../../components/states/states.tsx";
import { say } from "../../components/toast/toasts.ts";
import { language, useMessages } from "../../i18n/language.ts";
import { all, atLeast, atMost, notBlank, pastDate, url } from "../../lib/form-rules.ts";
import { useForm } from "../../lib/use-form.ts";
import { useMyProfile } from "../../queries/me.ts";
import { type ProfileChanges, useUpdateProfile } from "../../queries/members.ts";
import type { MemberProfile } from "../../queries/types.ts";
import { Picture } from "./picture.tsx";

const COUNTRIES = ["KR", "US", "JP", "CN", "GB", "DE", "FR", "CA", "AU", "IN"] as const;
const GENDERS = ["FEMALE", "MALE", "OTHER", "PREFER_NOT_TO_SAY"] as const;
const PRIVACY_LEVELS = ["PUBLIC", "FRIENDS", "PRIVATE"] as const;

export function Profile() {
  const { data, error, refetch } = useMyProfile();
  const again = useCallback(() => void refetch(), [refetch]);
  if (data) return <ProfileForm profile={data} />;
  return error ? <Problem error={error} onRetry={again} /> : <Skeleton rows={3} />;
}

function ProfileForm({ profile }: { profile: MemberProfile }) {
  const { auth, settings } = useMessages();
  const update = useUpdateProfile();
  const countryNames = new Intl.DisplayNames(language(), { type: "region" });
  const { form, field, values, setValues, failure, isSending } = useForm({
    initial: {
      displayName: profile.displayName === profile.handle ? "" : profile.displayName,
      memberName: profile.memberName ?? "",
      bio: profile.bio ?? "",
      location: profile.location ?? "",
      websiteUrl: profile.websiteUrl ?? "",
      birthDate: profile.birthDate ?? "",
      gender: profile.gender ?? "",
      countryCode: profile.countryCode ?? "",
      privacyLevel: profile.privacyLevel,
    },
    checks: {
      displayName: atMost(50),
      memberName: all(notBlank, atLeast(2), atMost(30)),
      bio: atMost(500),
      location: atMost(100),
      websiteUrl: all(url, atMost(200)),
      birthDate: pastDate,
    },
    submit: async (all) => {
      await update.mutateAsync(all as ProfileChanges);
      say(settings.saved);
    },
  });
  return (
    <>
      <Picture profile={profile} />
      <form {...form}>
        <p className="soft">{settings.complete(profile.profileCompletionScore)}</p>
        <div className="settings-pair">
          <TextField
            label={auth.displayName}
            autoComplete="nickname"
            hint={auth.displayNameHint}
            {...field("displayName")}
          />
          <TextField
            label={settings.name}
            autoComplete="name"
            hint={auth.nameHint}
            {...field("memberName")}
          />
        </div>
        <AreaField label={settings.bio} hint={settings.bioHint} {...field("bio")} />
        <div className="settings-pair">
          <TextField label={settings.location} hint={settings.locationHint} {...field("location")} />
          <TextField
            label={settings.website}
            type="url"
            inputMode="url"
            hint={settings.websiteHint}
            {...field("websiteUrl")}
          />
          <TextField
            label={settings.birthDate}
            type="date"
            autoComplete="bday"
            hint={settings.birthDateHint}
            {...field("birthDate")}
          />
          <SelectField label={settings.gender} {...field("gender")}>
            <option value="">{settings.notGiven}</option>
            {GENDERS.map((gender) => (
              <option key={gender} value={gender}>
                {settings.genders[gender]}
              </option>
            ))}
          </SelectField>
          <SelectField label={settings.country} autoComplete="country" {...field("countryCode")}>
            <option value="">{settings.notGiven}</option>
            {COUNTRIES.map((code) => (
              <option key={code} value={code}>
                {countryNames.of(code)}
              </option>
            ))}
          </SelectField>
        </div>
        <Choices
          legend={settings.privacy}
          hint={settings.privacyHint}
          name="privacyLevel"
          value={values.privacyLevel}
          options={PRIVACY_LEVELS.map((level) => [level, settings.privacyLevels[level]] as const)}
          onChoose={(privacyLevel) => setValues((old) => ({ ...old, privacyLevel }))}
        />
        <ProblemLine error={failure} />
        <Button type="submit" look="primary" disabled={isSending}>
          {isSending ? settings.saving : settings.save}
        </Button>
      </form>
    </>
  );
}
