import { isSharedByClients } from "./index-contract/clients.ts";
import { IndexFixture, type IndexUnderTest } from "./index-contract/fixture.ts";
import { findsMembers } from "./index-contract/members.ts";
import { ordersAndPages } from "./index-contract/order.ts";
import { isRebuilt } from "./index-contract/rebuild.ts";
import { findsTexts } from "./index-contract/texts.ts";
import { findsWhatWasMeant } from "./index-contract/typos.ts";
import { isKeptUpToDate } from "./index-contract/upkeep.ts";

/** What every index does, whatever it is made of. */
export function searchIndexContract(make: () => Promise<IndexUnderTest>): void {
  const fixture = new IndexFixture(make);
  findsTexts(fixture);
  findsWhatWasMeant(fixture);
  ordersAndPages(fixture);
  findsMembers(fixture);
  isKeptUpToDate(fixture);
  isSharedByClients(fixture);
  isRebuilt(fixture);
}
