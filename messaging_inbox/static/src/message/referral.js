import {_t} from "@web/core/l10n/translation";

const WORDS = {
    ad: {named: _t("Came from the ad “%s”"), nameless: _t("Came from an ad")},
    link: {named: _t("Came from the link “%s”"), nameless: _t("Came from a link")},
};

/** Where the customer came from, as the provider calls it: an advertisement, or a link. */
export function referralText({source, ad_id: adId, ad_title, headline, body, ref}) {
    const isLink = source === "SHORTLINK" && !adId;
    const name = [ad_title, headline, body, adId, ref].find(Boolean);
    const {named, nameless} = WORDS[isLink ? "link" : "ad"];
    return name ? String(named).replace("%s", () => String(name)) : String(nameless);
}
