import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {composerTools} from "../composer/composer_tools";
import {PlaceDialog} from "./place_dialog";
import {useInboxCommand} from "../core/inbox_commands";
import {useService} from "@web/core/utils/hooks";

/** The button that sends a place. A refused place is edited in the same dialog. */
export class PlaceTool extends Component {
    static template = "messaging_inbox.PlaceTool";
    static props = {composer: Object};

    setup() {
        this.dialog = useService("dialog");
        this.button = useRef("button");
        this.draft = useState(this.props.composer.draft);
        useInboxCommand(_t("Send a location"), () => this.open(), {
            hotkey: "alt+shift+g",
            button: () => this.button.el,
        });
        useEffect(
            (place) => {
                if (place) {
                    this.draft.place = false;
                    this.open(place);
                }
            },
            () => [this.draft.place]
        );
    }

    open(place) {
        const {composer} = this.props;
        const {conversation} = composer;
        this.dialog.add(PlaceDialog, {
            conversationId: conversation.id,
            place,
            onSend: (chosen) => {
                conversation.post(this.draft.takePlace(chosen));
                composer.focus();
            },
        });
    }
}

composerTools.add("place", {
    Component: PlaceTool,
    isShown: ({conversation, face}) =>
        face === "open" &&
        !conversation.isNote &&
        Boolean(conversation.channel?.takes_places),
});
