import {_t} from "@web/core/l10n/translation";

const WORDS = {
    ad: {named: _t("Came from the ad “%s”"), nameless: _t("Came from an ad")},
    post: {named: _t("Came from the post “%s”"), nameless: _t("Came from a post")},
    optIn: {named: _t("Opted in: “%s”"), nameless: _t("Opted in")},
    link: {named: _t("Came from the link “%s”"), nameless: _t("Came from a link")},
};

/** Return the kind of origin: "ad" only if the provider gives the ad's id. */
function originOf({source, source_type: sourceType, source_id: sourceId, ad_id: adId}) {
    if (adId || (sourceType === "ad" && sourceId)) {
        return "ad";
    }
    if (source === "OPT_IN") {
        return "optIn";
    }
    return sourceType === "post" ? "post" : "link";
}

function originText(referral) {
    const {ad_title, headline, body, ad_id: adId, ref, product_id, source} = referral;
    const name = [ad_title, headline, body, adId, ref].find(Boolean);
    const origin = originOf(referral);
    if (origin === "link" && product_id && !name && !source) {
        return "";
    }
    const {named, nameless} = WORDS[origin];
    return name ? String(named).replace("%s", () => String(name)) : String(nameless);
}

/** Return where the customer came from, and the product that the message is about. */
export function referralTexts(referral) {
    const {product_id: product} = referral;
    const asks = product ? _t("Asks about product %s", String(product)) : "";
    return [originText(referral), asks].filter(Boolean).map(String);
}
