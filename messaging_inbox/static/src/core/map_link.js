/** Return the address of a map of a place, "" if its coordinates are no numbers. */
export function mapLinkOf(place) {
    const latitude = Number(place.latitude);
    const longitude = Number(place.longitude);
    if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) {
        return "";
    }
    return (
        "https://www.openstreetmap.org/?" +
        `mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`
    );
}
