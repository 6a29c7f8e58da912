import { Page } from "../../app/page.tsx";
import { Tabs } from "../../components/tabs/tabs.tsx";
import { useMessages } from "../../i18n/language.ts";
import { NotFoundPage } from "../not-found/not-found-page.tsx";
import { Account } from "./account.tsx";
import { Appearance } from "./appearance.tsx";
import { Leave } from "./leave.tsx";
import { Profile } from "./profile.tsx";
import { Security } from "./security.tsx";
import "./settings-page.css";

const SECTIONS = {
  profile: Profile,
  account: Account,
  security: Security,
  appearance: Appearance,
  leave: Leave,
};
type Section = keyof typeof SECTIONS;

const pathOf = (section: Section) => (section === "profile" ? "/settings" : `/settings/${section}`);

export function SettingsPage({ section }: { section: string }) {
  const { settings } = useMessages();
  if (!isSection(section)) return <NotFoundPage />;
  const Current = SECTIONS[section];
  return (
    <Page title={`${settings.title}: ${settings[section]}`} barTitle={settings.title}>
      <Tabs
        label={settings.sections}
        tabs={(Object.keys(SECTIONS) as Section[]).map((each) => ({
          href: pathOf(each),
          label: settings[each],
          current: each === section,
        }))}
      />
      <div className="settings">
        <Current />
      </div>
    </Page>
  );
}

function isSection(name: string): name is Section {
  return Object.hasOwn(SECTIONS, name);
}
