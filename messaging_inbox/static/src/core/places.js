/** Reads places from what people paste: coordinates, and links to maps. */

const NUMBER = String.raw`[-+]?\d{1,3}(?:\.\d+)?`;
const PAIR = new RegExp(`^(${NUMBER})\\s*[,;\\s]\\s*(${NUMBER})$`);
const PREFIX = new RegExp(`^(${NUMBER}),(${NUMBER})`);
const DEGREES = String.raw`(\d{1,3})°\s*(?:(\d{1,2})['′]\s*)?(?:([\d.]+)["″]\s*)?`;
const POINT = new RegExp(`^${DEGREES}([NS])[,\\s]*${DEGREES}([EWO])$`, "i");
// Of Google's links: the place itself comes before the middle of the map.
const IN_PATH = [
    new RegExp(`!3d(${NUMBER})!4d(${NUMBER})`),
    new RegExp(`@(${NUMBER}),(${NUMBER})`),
    new RegExp(`/maps/(?:search|place|dir)/(${NUMBER}),(?:\\+|%20)?(${NUMBER})`),
];
const PARAMETERS = ["ll", "q", "query", "coordinate", "destination", "daddr", "center"];
const IN_HASH = new RegExp(`map=[\\d.]+/(${NUMBER})/(${NUMBER})`);

/** Return {latitude, longitude, label}, or null if the text names no place. */
export function readPlace(text) {
    const given = text.trim();
    return placeOf(PAIR.exec(given)) || readDegrees(given) || readLink(given);
}

function placeOf(match) {
    const [latitude, longitude] = (match || []).slice(1).map(Number);
    const isPlace = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
    return isPlace ? {latitude, longitude, label: ""} : null;
}

/** Read 41°24'12.2"N 2°10'26.5"E. */
function readDegrees(text) {
    const found = POINT.exec(text);
    if (!found) {
        return null;
    }
    const value = (from) => {
        const [whole, minutes, seconds, side] = found.slice(from, from + 4);
        const size = Number(whole) + (minutes || 0) / 60 + (seconds || 0) / 3600;
        const signed = /[SWO]/i.test(side) ? -size : size;
        return Number(signed.toFixed(6));
    };
    return placeOf([null, value(1), value(5)]);
}

function readLink(text) {
    let url = null;
    try {
        url = new URL(text);
    } catch {
        return null;
    }
    if (url.protocol === "geo:") {
        return placeOf(PREFIX.exec(url.pathname));
    }
    if (!/^https?:$/.test(url.protocol)) {
        return null;
    }
    const {searchParams: given} = url;
    const marked = placeOf(PREFIX.exec(`${given.get("mlat")},${given.get("mlon")}`));
    const named = PARAMETERS.map((name) => placeOf(PREFIX.exec(given.get(name) || "")));
    const inPath = IN_PATH.map((pattern) => placeOf(pattern.exec(url.pathname)));
    const found = [marked, ...inPath, ...named, placeOf(IN_HASH.exec(url.hash))];
    const place = found.find(Boolean);
    return place ? {...place, label: nameIn(url)} : null;
}

/** Return the name of the place in Google's and Apple's links. */
function nameIn(url) {
    const [, name = ""] = /\/maps\/place\/([^/@]+)/.exec(url.pathname) || [];
    const given = name ? decode(name) : url.searchParams.get("q") || "";
    return PREFIX.test(given) || POINT.test(given) ? "" : given;
}

function decode(text) {
    try {
        return decodeURIComponent(text.replace(/\+/g, " "));
    } catch {
        return "";
    }
}
