import {Component, onWillStart, status, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {Dialog} from "@web/core/dialog/dialog";
import {mapLinkOf} from "../core/map_link";
import {readPlace} from "../core/places";
import {useAutofocus, useService} from "@web/core/utils/hooks";

// How long the browser may take to find out where it is, in milliseconds.
const PATIENCE = 15000;
// Characters of a name and an address; the server refuses longer ones.
const LONGEST = 250;
const SHORT_LINK = /^https?:\/\/(maps\.app\.goo\.gl|goo\.gl|g\.co)\//i;
// By code of GeolocationPositionError
const TROUBLES = {
    1: _t("The browser doesn't allow it. Change that beside the page's address."),
    2: _t("The browser doesn't know where you are."),
    3: _t("The browser didn't find out where you are in time."),
};

/** Asks which place to send; `onSend` gets {latitude, longitude, label, address}. */
export class PlaceDialog extends Component {
    static template = "messaging_inbox.PlaceDialog";
    static components = {Dialog};
    static props = {
        conversationId: Number,
        place: {type: Object, optional: true},
        onSend: Function,
        close: Function,
    };

    setup() {
        this.api = useService("messaging_inbox.store").api;
        this.canLocate = Boolean(browser.navigator.geolocation);
        this.field = useRef("autofocus");
        useAutofocus();
        this.state = useState({
            where: "",
            label: "",
            address: "",
            places: [],
            error: "",
            isLocating: false,
        });
        if (this.props.place) {
            this.choose(this.props.place);
        }
        onWillStart(() => {
            this.loadPlaces(); // The dialog doesn't wait for it.
        });
    }

    /** Offer the places that Odoo knows; without them, the dialog works as well. */
    async loadPlaces() {
        try {
            this.state.places = await this.api.places(this.props.conversationId);
        } catch {
            this.state.places = [];
        }
    }

    get point() {
        return readPlace(this.state.where);
    }

    get mapLink() {
        return this.point ? mapLinkOf(this.point) : "";
    }

    choose({latitude, longitude, label = "", address = ""}) {
        const where = `${latitude}, ${longitude}`;
        Object.assign(this.state, {where, error: ""});
        this.name(label, address);
    }

    onWhere() {
        this.state.error = "";
        const {point} = this;
        if (point?.label && !this.state.label) {
            this.name(point.label);
        }
    }

    /** Fill the fields; what is typed into them is cut by the browser. */
    name(label, address = this.state.address) {
        this.state.label = label.slice(0, LONGEST);
        this.state.address = address.slice(0, LONGEST);
    }

    locate() {
        Object.assign(this.state, {isLocating: true, error: ""});
        browser.navigator.geolocation.getCurrentPosition(
            ({coords}) => this.located(coordinatesOf(coords)),
            ({code}) => this.located(null, TROUBLES[code] || TROUBLES[2]),
            {enableHighAccuracy: true, timeout: PATIENCE}
        );
    }

    located(point, trouble = "") {
        if (status(this) === "destroyed") {
            return;
        }
        this.state.isLocating = false;
        if (point) {
            this.choose(point);
        } else {
            this.state.error = String(trouble);
        }
    }

    get problem() {
        const where = this.state.where.trim();
        if (!where) {
            return _t("Choose a place, or enter its coordinates or a link to a map.");
        }
        if (SHORT_LINK.test(where)) {
            return _t(
                "This short link doesn't say where it leads. Open it, and copy the" +
                    " address of the map from your browser."
            );
        }
        return _t(
            "No place was found in this. Enter it like 41.3874, 2.1686, or paste a" +
                " link to a map."
        );
    }

    send() {
        const {point} = this;
        if (!point) {
            this.state.error = String(this.problem);
            this.field.el.focus();
            return;
        }
        const {latitude, longitude} = point;
        const label = this.state.label.trim();
        const address = this.state.address.trim();
        this.props.onSend({latitude, longitude, label, address});
        this.props.close();
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && ev.target.matches("input") && !ev.isComposing) {
            ev.preventDefault();
            this.send();
        }
    }
}

/** Return coordinates rounded to about ten centimetres. */
function coordinatesOf({latitude, longitude}) {
    return {
        latitude: Number(latitude.toFixed(6)),
        longitude: Number(longitude.toFixed(6)),
    };
}
